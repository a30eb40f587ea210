package org.vipmanager.config;

import java.time.Duration;

/**
 * Reads the durations, each with the bounds beyond which it can only be a mistake: a bare number is
 * in milliseconds, and {@code 60} was perhaps meant in seconds.
 *
 * <p>What vip-manager 5.0.0 takes, {@code interval} and {@code retry-after}, is not refused for
 * that, but warned of.
 */
final class TimingReader {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration QUICK_INTERVAL = Duration.ofMillis(100);
    private static final Duration SLOW_INTERVAL = Duration.ofSeconds(10);
    private static final Duration QUICK_RETRY = Duration.ofMillis(50);
    private static final Duration SLOW_QUESTION = Duration.ofMinutes(1);

    /** No connection with TLS is made in less over any network. */
    private static final Duration SHORTEST_QUESTION = Duration.ofMillis(100);

    private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(2);
    private static final Duration LONG_LIFETIME = Duration.ofMinutes(10);
    private static final Duration SHORTEST_REFRESH = Duration.ofSeconds(1);

    private TimingReader() {}

    static Duration interval(Values values) {
        Duration interval = values.duration(Settings.INTERVAL, SHORTEST);
        if (interval.compareTo(QUICK_INTERVAL) < 0) {
            warn(
                    values,
                    Settings.INTERVAL,
                    interval,
                    "asks the DCS more than ten times a second" + meant(values, Settings.INTERVAL));
        } else if (interval.compareTo(SLOW_INTERVAL) > 0) {
            warn(
                    values,
                    Settings.INTERVAL,
                    interval,
                    "is long: a leader key whose lease is shorter cannot be confirmed in time, and"
                            + " the address is released");
        }
        return interval;
    }

    static Duration dcsTimeout(Values values) {
        Duration timeout = values.duration(Settings.DCS_TIMEOUT, SHORTEST_QUESTION);
        if (timeout.compareTo(SLOW_QUESTION) > 0) {
            warn(
                    values,
                    Settings.DCS_TIMEOUT,
                    timeout,
                    "is long: an endpoint that does not answer is given up only then");
        }
        return timeout;
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
        if (wait.compareTo(QUICK_RETRY) < 0) {
            warn(
                    values,
                    Settings.RETRY_AFTER,
                    wait,
                    "asks a DCS that has failed more than twenty times a second"
                            + meant(values, Settings.RETRY_AFTER));
        } else if (wait.compareTo(SLOW_QUESTION) > 0) {
            warn(
                    values,
                    Settings.RETRY_AFTER,
                    wait,
                    "is long: for so long a DCS that has failed is not asked again");
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
        if (lifetime.compareTo(LONG_LIFETIME) > 0) {
            warn(
                    values,
                    Settings.ADDRESS_LIFETIME,
                    lifetime,
                    "is long: so long the address can stay on a host whose daemon is dead");
        }
        return lifetime;
    }

    /** Zero for none. */
    static Duration announceRefresh(Values values) {
        boolean isNone =
                values.text(Settings.ANNOUNCE_REFRESH)
                        .flatMap(WrittenDuration::parse)
                        .filter(Duration::isZero)
                        .isPresent();
        return isNone
                ? Duration.ZERO
                : values.duration(Settings.ANNOUNCE_REFRESH, SHORTEST_REFRESH);
    }

    private static void warn(Values values, Setting setting, Duration value, String what) {
        values.findings()
                .warn("%s %s %s".formatted(setting.name(), WrittenDuration.write(value), what));
    }

    private static String meant(Values values, Setting setting) {
        return values.text(setting).map(WrittenDuration::meant).orElse("");
    }
}
