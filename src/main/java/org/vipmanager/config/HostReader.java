package org.vipmanager.config;

import org.vipmanager.tls.ServerName;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads names that stand alone, without a scheme or port. */
final class HostReader {

    private static final Pattern LABEL =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?");

    /** With what is written before it, a name has 253 characters at most. */
    private static final int LONGEST_DOMAIN = 180;

    private HostReader() {}

    /** A domain, without the dot at its end, if somebody wrote one. */
    static Optional<String> domain(Values values, Setting setting) {
        Optional<Given> given = values.find(setting);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        String name = given.get().text().strip().replaceFirst("\\.$", "");
        if (EndpointReader.isHost(name)
                && AddressText.parse(name).isEmpty()
                && name.length() <= LONGEST_DOMAIN) {
            return Optional.of(name);
        }
        values.wrong(
                setting, given.get(), "is no domain", "write one such as " + setting.example());
        return Optional.empty();
    }

    /** A part of a name, if somebody wrote one. */
    static Optional<String> label(Values values, Setting setting) {
        Optional<Given> given = values.find(setting);
        Optional<String> text = given.map(one -> one.text().strip());
        if (text.isPresent() && !LABEL.matcher(text.get()).matches()) {
            values.wrong(
                    setting,
                    given.get(),
                    "is no part of a name",
                    "write letters, digits and dashes, such as " + setting.example());
            return Optional.empty();
        }
        return text;
    }

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
