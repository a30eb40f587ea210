package org.vipmanager;

import org.vipmanager.control.Loop;

import java.time.Duration;

/**
 * Rehearses, in the first seconds after the start and a little at a time, until the JVM has
 * compiled the way of a takeover.
 *
 * <p>It compiles what was called two hundred times. Without this the first takeover of fifty
 * addresses took ten times the processor time of the tenth. Lives on the loop, where one rehearsal
 * delays an event by a millisecond at most.
 */
final class Practice {

    private static final int REHEARSALS = 300;
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final Loop loop;
    private final Runnable rehearsal;
    private int done;

    Practice(Loop loop, Runnable rehearsal) {
        this.loop = loop;
        this.rehearsal = rehearsal;
    }

    void begin() {
        if (done < REHEARSALS) {
            loop.at(
                    loop.now().plus(PAUSE),
                    () -> {
                        rehearsal.run();
                        done++;
                        begin();
                    });
        }
    }
}
