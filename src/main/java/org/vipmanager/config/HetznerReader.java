package org.vipmanager.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what the provider's interfaces need, as far as an address uses them. */
final class HetznerReader {

    private HetznerReader() {}

    static Optional<HetznerConfig> read(
            Values values, CredentialReader credentials, List<VipConfig> vips) {
        Set<ManagerType> inUse = new HashSet<>();
        for (VipConfig vip : vips) {
            inUse.add(vip.managerType());
        }
        boolean usesRobot = inUse.contains(ManagerType.HETZNER);
        boolean usesCloud = inUse.contains(ManagerType.HETZNER_CLOUD);
        if (!usesRobot && !usesCloud) {
            return Optional.empty();
        }
        Optional<Secret> token = Optional.empty();
        if (usesCloud) {
            token =
                    credentials.secret(
                            Settings.HETZNER_CLOUD_TOKEN, Settings.HETZNER_CLOUD_TOKEN_FILE);
            if (!values.has(Settings.HETZNER_CLOUD_TOKEN)
                    && !values.has(Settings.HETZNER_CLOUD_TOKEN_FILE)) {
                values.missing(
                        Settings.HETZNER_CLOUD_TOKEN,
                        "manager-type hetzner-cloud needs it",
                        "give it or hetzner-cloud-token-file");
            }
        }
        return Optional.of(
                new HetznerConfig(
                        usesRobot ? credentials.robotCredentials() : Optional.empty(),
                        token,
                        usesCloud ? serverId(values) : Optional.empty()));
    }

    private static Optional<String> serverId(Values values) {
        Optional<Given> given = values.find(Settings.HETZNER_CLOUD_SERVER_ID);
        if (given.isPresent()) {
            String id = given.get().text().strip();
            if (!id.chars().allMatch(c -> c >= '0' && c <= '9')) {
                values.wrong(
                        Settings.HETZNER_CLOUD_SERVER_ID,
                        given.get(),
                        "is not a server number",
                        "write the number that Hetzner's console shows, or leave it out");
            }
            return Optional.of(id);
        }
        return Optional.empty();
    }
}
