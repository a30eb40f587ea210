package org.vipmanager.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
        List<String> words = given.map(CommandReader::words).orElse(List.of());
        if (given.isPresent() && !words.getFirst().startsWith("/")) {
            values.wrong(
                    Settings.PROVIDER_COMMAND,
                    given.get(),
                    "does not begin with a slash",
                    "write the whole path of the program, such as /usr/local/bin/route-address");
        }
        return Optional.of(
                new CommandConfig(
                        words,
                        values.duration(Settings.PROVIDER_TIMEOUT, SHORTEST),
                        values.duration(Settings.PROVIDER_CHECK_INTERVAL, SHORTEST)));
    }

    /** A list's items as they are; of a text the words between its blanks. */
    private static List<String> words(Given given) {
        return given.items().size() > 1
                ? given.items().stream().map(Given.Item::text).toList()
                : Stream.of(given.text().strip().split("\\s+")).toList();
    }
}
