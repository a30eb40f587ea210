package org.vipmanager.warmup;

import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.RetryPolicy;

import java.time.Duration;

/**
 * Has the DCS asked a hundred times in the first twenty seconds or so, until the JVM has compiled
 * that way.
 *
 * <p>Who follows relies on a watch and asks a few times a minute: a takeover, which asks for the
 * key and its lease, would go that way as one of its first. With this it takes two thirds of the
 * processor time (docs/footprint.md). Belongs to the loop; one read is under way at a time, however
 * slow the DCS is, and the first trouble with it ends this.
 */
public final class PracticeReads {

    private static final int TIMES = 100;

    /** Not to the millisecond: many hosts may have started at the same time. */
    private static final RetryPolicy PAUSE = RetryPolicy.steady(Duration.ofMillis(200)).spread();

    /** The first address comes first. */
    private static final Duration AFTER_THE_START = Duration.ofSeconds(2);

    private final Loop loop;
    private final LeaderSource source;
    private int read;

    /** Prepares to read. */
    public PracticeReads(Loop loop, LeaderSource source) {
        this.loop = loop;
        this.source = source;
    }

    /** Reads when the daemon has started. Where every event is logged it does not. */
    public void begin() {
        if (!WarmUp.isEveryEventLogged()) {
            loop.at(loop.now().plus(AFTER_THE_START), this::read);
        }
    }

    private void read() {
        if (source.practise() && ++read < TIMES) {
            loop.at(loop.now().plus(PAUSE.pause(1, loop.chance())), this::read);
        }
    }
}
