package org.vipmanager.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads how the program is called that has a provider route addresses, if an address uses it. */
final class CommandReader {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private CommandReader() {}

    static Optional<CommandConfig> read(Values values, List<VipConfig> vips) {
        if (vips.stream().noneMatch(vip -> vip.managerType() == ManagerType.COMMAND)) {
            return Optional.empty();
        }
        Optional<Given> given = values.find(Settings.PROVIDER_COMMAND);
        if (given.isEmpty()) {
            values.missing(
                    Settings.PROVIDER_COMMAND,
                    "manager-type command needs it",
                    "name the program that has the provider route the address");
        }
        List<String> words =
                given.map(value -> CommandWords.of(values, Settings.PROVIDER_COMMAND, value))
                        .orElse(List.of());
        return Optional.of(
                new CommandConfig(
                        words,
                        values.duration(Settings.PROVIDER_TIMEOUT, SHORTEST),
                        values.duration(Settings.PROVIDER_CHECK_INTERVAL, SHORTEST)));
    }
}
