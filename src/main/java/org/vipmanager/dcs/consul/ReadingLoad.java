package org.vipmanager.dcs.consul;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Warns when reading all keys takes so long that what was read soon counts no longer. */
final class ReadingLoad {

    private static final Logger LOG = System.getLogger("org.vipmanager.consul");

    private final Duration counts;
    private boolean warned;

    ReadingLoad(ConsulSettings settings) {
        Duration tries = settings.timeout().multipliedBy(settings.attempts());
        Duration pauses = settings.retryAfter().multipliedBy(settings.attempts() - 1L);
        this.counts = settings.interval().plus(tries).plus(pauses);
    }

    /** Every key was read once, the time between two reads of each being as long. */
    void roundTook(Duration time, int keys) {
        if (!warned && time.multipliedBy(2).compareTo(counts) > 0) {
            warned = true;
            LOG.log(
                    Level.WARNING,
                    ("Consul takes %s to answer for %d keys, and an answer counts for %s: where it"
                                    + " becomes slower, addresses are released though they are led"
                                    + " here. Follow fewer keys, ask a nearer agent, or raise"
                                    + " interval or dcs-timeout")
                            .formatted(seconds(time), keys, seconds(counts)));
        } else if (warned && time.multipliedBy(4).compareTo(counts) < 0) {
            warned = false;
            LOG.log(Level.INFO, "Consul answers for all keys in time again");
        }
    }

    private static String seconds(Duration time) {
        return "%.1f s".formatted(time.toMillis() / 1000.0);
    }
}
