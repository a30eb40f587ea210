package org.vipmanager.config;

import java.time.Duration;

/** Reads the durations that have rules of their own. */
final class TimingReader {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration QUICK_INTERVAL = Duration.ofMillis(100);
    private static final Duration SLOW_INTERVAL = Duration.ofSeconds(10);
    private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(2);

    private TimingReader() {}

    static Duration interval(Values values) {
        Duration interval = values.duration(Settings.INTERVAL, SHORTEST);
        if (interval.compareTo(QUICK_INTERVAL) < 0) {
            values.findings()
                    .warn(
                            "interval %s asks the DCS more than ten times a second"
                                    .formatted(WrittenDuration.write(interval)));
        } else if (interval.compareTo(SLOW_INTERVAL) > 0) {
            values.findings()
                    .warn(
                            ("interval %s is long: a leader key whose lease is shorter cannot be"
                                            + " confirmed in time, and the address is released")
                                    .formatted(WrittenDuration.write(interval)));
        }
        return interval;
    }

    /** The Go program takes 0 and uses it nowhere; retrying without a pause would be no help. */
    static Duration retryAfter(Values values) {
        Duration wait = values.duration(Settings.RETRY_AFTER, Duration.ZERO);
        if (wait.isZero()) {
            Duration standard =
                    WrittenDuration.parse(Settings.RETRY_AFTER.defaultText()).orElseThrow();
            values.findings().warn("retry-after 0 means " + WrittenDuration.write(standard));
            return standard;
        }
        return wait;
    }

    static Duration addressLifetime(Values values) {
        Duration lifetime = values.duration(Settings.ADDRESS_LIFETIME, SHORTEST_LIFETIME);
        if (lifetime.toMillisPart() != 0) {
            values.wrong(
                    Settings.ADDRESS_LIFETIME,
                    values.find(Settings.ADDRESS_LIFETIME).orElseThrow(),
                    "is not a whole number of seconds, which is what the kernel counts in",
                    "write for example 10s");
        }
        return lifetime;
    }
}
