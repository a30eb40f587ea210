package org.vipmanager.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Reads where HTTP is answered, and to whom. */
final class HttpReader {

    private static final int HIGHEST_PORT = 65_535;
    private static final String REMEDY =
            "write an address and a port, such as 127.0.0.1:8010, [::1]:8010 or *:8010";

    private HttpReader() {}

    static Optional<StatusConfig.Http> read(
            Values values, SecretReader secrets, CertificateReader certificates) {
        Optional<Secret> token = secrets.secret(Settings.HTTP_TOKEN_FILE);
        if (!values.has(Settings.HTTP_LISTEN)) {
            warnOfTheUnused(values);
            return Optional.empty();
        }
        Optional<InetSocketAddress> listen = listener(values, Settings.HTTP_LISTEN);
        Optional<StatusConfig.Certificate> certificate =
                certificates.ofServer(Settings.HTTP_CERT_FILE, Settings.HTTP_KEY_FILE);
        StatusConfig.Peers peers = peers(values, certificates, token.isPresent());
        return listen.map(where -> new StatusConfig.Http(where, token, certificate, peers));
    }

    private static StatusConfig.Peers peers(
            Values values, CertificateReader certificates, boolean hasToken) {
        List<URI> urls = EndpointReader.peers(values);
        boolean isAnySecured = urls.stream().anyMatch(url -> url.getScheme().equals("https"));
        if (hasToken) {
            urls.stream()
                    .filter(url -> url.getScheme().equals("http"))
                    .findFirst()
                    .ifPresent(
                            url ->
                                    values.findings()
                                            .warn(
                                                    "%s: the token of http-token-file is sent unencrypted to %s"
                                                            .formatted(
                                                                    Settings.HTTP_PEERS.name(),
                                                                    url)));
        }
        if (values.has(Settings.HTTP_CA_FILE) && !isAnySecured) {
            values.findings()
                    .warn(
                            Settings.HTTP_CA_FILE.name()
                                    + " is not used: no URL of http-peers is https");
        }
        return new StatusConfig.Peers(urls, certificates.authorities(Settings.HTTP_CA_FILE));
    }

    /** Where probes alone are answered. */
    static Optional<InetSocketAddress> probes(Values values) {
        Optional<InetSocketAddress> probes = listener(values, Settings.HTTP_PROBE_LISTEN);
        Optional<Given> all = values.find(Settings.HTTP_LISTEN);
        if (probes.isPresent() && all.flatMap(HttpReader::address).equals(probes)) {
            values.wrong(
                    Settings.HTTP_PROBE_LISTEN,
                    values.find(Settings.HTTP_PROBE_LISTEN).orElseThrow(),
                    "is http-listen, where probes are answered anyway",
                    "leave it out, or name another address or port");
        }
        return probes;
    }

    private static Optional<InetSocketAddress> listener(Values values, Setting setting) {
        Optional<Given> given = values.find(setting);
        Optional<InetSocketAddress> listen = given.flatMap(HttpReader::address);
        if (given.isPresent() && listen.isEmpty()) {
            values.wrong(setting, given.get(), "is no address with a port", REMEDY);
        }
        return listen;
    }

    private static void warnOfTheUnused(Values values) {
        for (Setting setting :
                List.of(
                        Settings.HTTP_CERT_FILE,
                        Settings.HTTP_KEY_FILE,
                        Settings.HTTP_TOKEN_FILE,
                        Settings.HTTP_PEERS,
                        Settings.HTTP_CA_FILE)) {
            if (values.has(setting)) {
                values.findings().warn(setting.name() + " is not used: there is no http-listen");
            }
        }
    }

    private static Optional<InetSocketAddress> address(Given given) {
        String written = given.text().strip();
        int colon = written.lastIndexOf(':');
        Optional<Integer> port = colon < 0 ? Optional.empty() : port(written.substring(colon + 1));
        if (port.isEmpty()) {
            return Optional.empty();
        }
        String host = written.substring(0, colon);
        if (host.isEmpty() || host.equals("*")) {
            return Optional.of(new InetSocketAddress(port.get()));
        }
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        if (host.contains(":") != isBracketed) {
            return Optional.empty();
        }
        Optional<InetAddress> address =
                AddressText.parse(isBracketed ? host.substring(1, host.length() - 1) : host);
        return address.map(where -> new InetSocketAddress(where, port.get()));
    }

    private static Optional<Integer> port(String written) {
        if (!written.matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(written);
        return port >= 1 && port <= HIGHEST_PORT ? Optional.of(port) : Optional.empty();
    }
}
