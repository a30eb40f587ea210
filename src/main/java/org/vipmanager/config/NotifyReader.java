package org.vipmanager.config;

import java.time.Duration;
import java.util.List;

/** Reads what is run after takeovers and releases. */
final class NotifyReader {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    private NotifyReader() {}

    /** Empty where nothing is. */
    static List<String> command(Values values) {
        return values.find(Settings.NOTIFY_COMMAND)
                .map(given -> CommandWords.of(values, Settings.NOTIFY_COMMAND, given))
                .orElse(List.of());
    }

    static Duration timeout(Values values) {
        return values.duration(Settings.NOTIFY_TIMEOUT, SHORTEST);
    }
}
