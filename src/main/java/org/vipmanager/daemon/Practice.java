package org.vipmanager.daemon;

import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;

import java.time.Duration;

/**
 * Rehearses, in the first seconds after the start and a little at a time, until the JVM has
 * compiled the way of a takeover.
 *
 * <p>It asks the kernel as well. Where others keep that busy a rehearsal would keep this loop
 * waiting too, while something real may be due: after one that took long it steps aside for a
 * while.
 *
 * <p>It compiles what was called two hundred times. Without this the first takeover of fifty
 * addresses took ten times the processor time of the tenth. Lives on the loop, where one rehearsal
 * delays an event by a millisecond at most.
 */
final class Practice {

    private static final int REHEARSALS = 300;
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofMillis(50);
    private static final Duration STEPPED_ASIDE = Duration.ofSeconds(10);

    private final Loop loop;
    private final Runnable rehearsal;
    private int done;

    Practice(Loop loop, Runnable rehearsal) {
        this.loop = loop;
        this.rehearsal = rehearsal;
    }

    void begin() {
        rehearseAfter(PAUSE);
    }

    private void rehearseAfter(Duration pause) {
        if (done < REHEARSALS) {
            loop.at(loop.now().plus(pause), this::rehearse);
        }
    }

    private void rehearse() {
        Moment begun = loop.now();
        rehearsal.run();
        done++;
        boolean tookLong = begun.until(loop.now()).compareTo(LONG) > 0;
        rehearseAfter(tookLong ? STEPPED_ASIDE : PAUSE);
    }
}
