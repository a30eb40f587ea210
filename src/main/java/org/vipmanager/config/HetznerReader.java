package org.vipmanager.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads what the provider's interfaces need, as far as an address uses them. */
final class HetznerReader {

    private static final Duration SHORTEST_CHECK = Duration.ofSeconds(10);

    private static final Duration SHORTEST_POLL = Duration.ofSeconds(1);

    private HetznerReader() {}

    static Optional<HetznerConfig> read(Values values, SecretReader secrets, List<VipConfig> vips) {
        Set<ManagerType> inUse = new HashSet<>();
        for (VipConfig vip : vips) {
            inUse.add(vip.managerType());
        }
        boolean usesRobot = inUse.contains(ManagerType.HETZNER);
        boolean usesCloud = inUse.contains(ManagerType.HETZNER_CLOUD);
        if (!usesRobot && !usesCloud) {
            return Optional.empty();
        }
        return Optional.of(
                new HetznerConfig(
                        usesRobot ? robot(values, secrets) : Optional.empty(),
                        usesCloud ? cloud(values, secrets) : Optional.empty(),
                        values.durationIfGiven(Settings.HETZNER_CHECK_INTERVAL, SHORTEST_CHECK),
                        values.durationIfGiven(Settings.HETZNER_POLL_INTERVAL, SHORTEST_POLL)));
    }

    private static Optional<HetznerConfig.Robot> robot(Values values, SecretReader secrets) {
        Optional<InetAddress> serverIp = serverIp(values);
        Optional<String> interfaceName = values.text(Settings.INTERFACE).map(String::strip);
        Optional<URI> endpoint = endpoint(values, Settings.HETZNER_ENDPOINT);
        return secrets.robotCredentials()
                .map(file -> new HetznerConfig.Robot(file, serverIp, interfaceName, endpoint));
    }

    private static Optional<HetznerConfig.Cloud> cloud(Values values, SecretReader secrets) {
        Optional<Secret> token =
                secrets.secret(Settings.HETZNER_CLOUD_TOKEN, Settings.HETZNER_CLOUD_TOKEN_FILE);
        if (!values.has(Settings.HETZNER_CLOUD_TOKEN)
                && !values.has(Settings.HETZNER_CLOUD_TOKEN_FILE)) {
            token = secrets.tokenInRobotCredentials();
            if (token.isEmpty()) {
                values.missing(
                        Settings.HETZNER_CLOUD_TOKEN,
                        "manager-type hetzner-cloud needs it",
                        "give it, hetzner-cloud-token-file, or a line token=\"...\" in"
                                + " hetzner-credentials-file");
            }
        }
        Optional<Long> serverId =
                number(values, Settings.HETZNER_CLOUD_SERVER_ID, "is not a server number");
        Optional<Long> network =
                number(values, Settings.HETZNER_CLOUD_NETWORK, "is not a network's number");
        Optional<URI> endpoint = endpoint(values, Settings.HETZNER_CLOUD_ENDPOINT);
        return token.map(secret -> new HetznerConfig.Cloud(secret, serverId, network, endpoint));
    }

    private static Optional<InetAddress> serverIp(Values values) {
        Optional<Given> given = values.find(Settings.HETZNER_SERVER_IP);
        Optional<InetAddress> address =
                given.flatMap(text -> AddressText.parse(text.text().strip()));
        if (given.isPresent() && address.isEmpty()) {
            values.wrong(
                    Settings.HETZNER_SERVER_IP,
                    given.get(),
                    "is not an IP address",
                    "write this server's main address, as the Robot shows it");
        }
        return address;
    }

    private static Optional<URI> endpoint(Values values, Setting setting) {
        Optional<Given> given = values.find(setting);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        String text = given.get().text().strip().replaceAll("/+$", "");
        Optional<URI> uri = url(text);
        if (uri.isEmpty()) {
            values.wrong(
                    setting,
                    Secret.hidden(setting, given.get()),
                    "is not a URL of http or https without user and query",
                    "write one such as " + setting.example());
        } else if (text.toLowerCase(Locale.ROOT).startsWith("http:")) {
            values.findings()
                    .warn(
                            "%s (%s): the credentials are sent unencrypted to %s"
                                    .formatted(values.nameOf(setting), given.get().source(), text));
        }
        return uri;
    }

    private static Optional<URI> url(String text) {
        try {
            URI uri = new URI(text);
            boolean isHttp =
                    "http".equalsIgnoreCase(uri.getScheme())
                            || "https".equalsIgnoreCase(uri.getScheme());
            boolean isPlain =
                    uri.getRawUserInfo() == null
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null;
            return isHttp && isPlain && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(Values values, Setting setting, String problem) {
        Optional<Given> given = values.find(setting);
        String text = given.map(Given::text).orElse("").strip();
        if (given.isPresent() && !text.matches("[0-9]{1,18}")) {
            values.wrong(
                    setting,
                    given.get(),
                    problem,
                    "write the number that Hetzner's console shows, or leave it out");
            return Optional.empty();
        }
        return given.map(_ -> Long.parseLong(text));
    }
}
