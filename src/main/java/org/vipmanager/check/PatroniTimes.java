package org.vipmanager.check;

import org.jspecify.annotations.Nullable;
import org.vipmanager.config.Config;
import org.vipmanager.http.BoundedJson;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The times of a Patroni cluster, from its dynamic configuration.
 *
 * @param ttl how long the leader key lives without being renewed
 * @param loopWait how often it is renewed
 * @param retryTimeout how long Patroni tries to renew it
 */
record PatroniTimes(Duration ttl, Duration loopWait, Duration retryTimeout) {

    /** What the daemon keeps of a lease for the kernel's lateness and its own. */
    private static final Duration RESERVE = Duration.ofSeconds(3);

    /** From the JSON of the key {@code config}, or of {@code GET /config}. */
    static Optional<PatroniTimes> of(String json) {
        try {
            return BoundedJson.read(json) instanceof Map<?, ?> config
                    ? Optional.of(
                            new PatroniTimes(
                                    seconds(config.get("ttl"), 30),
                                    seconds(config.get("loop_wait"), 10),
                                    seconds(config.get("retry_timeout"), 10)))
                    : Optional.empty();
        } catch (IOException unparsable) {
            return Optional.empty();
        }
    }

    private static Duration seconds(@Nullable Object value, int standard) {
        return Duration.ofSeconds(
                value instanceof Number number
                        ? Math.clamp(number.longValue(), 0, 86_400)
                        : standard);
    }

    /** Whether they leave the daemon the time for all its tries. */
    Finding finding(String cluster, Config config) {
        Duration retries =
                config.dcsTimeout()
                        .multipliedBy(config.retryNum())
                        .plus(config.retryAfter().multipliedBy(config.retryNum() - 1L));
        Duration least = ttl.minus(loopWait);
        String times =
                "%s: ttl %d, loop_wait %d, retry_timeout %d"
                        .formatted(
                                cluster,
                                ttl.toSeconds(),
                                loopWait.toSeconds(),
                                retryTimeout.toSeconds());
        if (loopWait.plus(retryTimeout.multipliedBy(2)).compareTo(ttl) > 0) {
            return Finding.warning(
                    Item.PATRONI,
                    times
                            + ": ttl is less than loop_wait and twice retry_timeout, so that Patroni"
                            + " loses its leader key while it still tries to renew it",
                    "patronictl edit-config, and keep to ttl >= loop_wait + 2 * retry_timeout");
        }
        String left =
                ": when the DCS falls silent at least %s are left, of which %s tries take %s and %s are kept for the kernel"
                        .formatted(
                                written(least),
                                config.retryNum(),
                                written(retries),
                                written(RESERVE));
        if (least.compareTo(retries.plus(RESERVE)) < 0) {
            return Finding.warning(
                    Item.PATRONI,
                    times + left,
                    "an outage shorter than the tries takes the address away: lower dcs-timeout or"
                            + " retry-num, or raise Patroni's ttl");
        }
        return Finding.good(Item.PATRONI, times + left);
    }

    private static String written(Duration time) {
        return time.toMillisPart() == 0
                ? time.toSeconds() + " s"
                : String.format(java.util.Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
