package org.vipmanager.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads how the program is called that has a provider route addresses, if an address uses it. */
final class CommandReader {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private CommandReader() {}

    /**
     * @param variables this process's own
     */
    static Optional<CommandConfig> read(
            Values values, List<VipConfig> vips, Map<String, String> variables) {
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
                        values.duration(Settings.PROVIDER_CHECK_INTERVAL, SHORTEST),
                        environment(values, variables)));
    }

    private static List<String> environment(Values values, Map<String, String> variables) {
        Setting setting = Settings.PROVIDER_ENVIRONMENT;
        Optional<Given> given = values.find(setting);
        if (given.isEmpty()) {
            return List.of();
        }
        List<String> names =
                Stream.of(given.get().text().split("[,\\s]+"))
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .toList();
        for (String name : names) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                values.wrong(
                        setting,
                        Given.text(name.replaceAll("=.*", "=*****"), given.get().source()),
                        "is not the name of a variable",
                        "write names alone, such as " + setting.example());
            } else if (!variables.containsKey(name)) {
                values.findings()
                        .warn(
                                "%s (%s): this process has no variable %s; set it in the unit"
                                        .formatted(
                                                values.nameOf(setting),
                                                given.get().source(),
                                                name));
            }
        }
        return names;
    }
}
