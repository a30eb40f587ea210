package org.vipmanager.config;

import org.vipmanager.tls.ServerName;

import java.util.Optional;

/** Reads a host's name or address that stands alone, without a scheme or port. */
final class HostReader {

    private HostReader() {}

    /** Whom the servers must prove to be, if somebody wrote that. */
    static Optional<ServerName> serverName(Values values, Setting setting) {
        Optional<Given> given = values.find(setting);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        ServerName name = new ServerName(given.get().text().strip());
        if (EndpointReader.isHost(name.host()) || AddressText.parse(name.host()).isPresent()) {
            return Optional.of(name);
        }
        values.wrong(
                setting,
                given.get(),
                "is no name or address of a host",
                "write it alone, as the certificate bears it, such as " + setting.example());
        return Optional.empty();
    }
}
