package org.vipmanager.core;

import java.time.Duration;

/**
 * What others do to the address: take it away while it is held, or put it where it is not to be.
 *
 * <p>It is put right at once, and told at most once a second. Where it goes on and on, somebody
 * fights for it, such as a second daemon with another {@code trigger-value}: then it is put right
 * ten times a second, rather than thousands of times with as many announcements.
 *
 * @param untold how often since people were told
 * @param toldAt when that was
 * @param inARow how often without a pause of a second
 * @param lastAt when it happened last
 */
public record Meddling(int untold, Moment toldAt, int inARow, Moment lastAt) {

    static final Meddling NONE = new Meddling(0, Moment.LONG_AGO, 0, Moment.LONG_AGO);

    /** More than whoever configures an interface anew, or flushes its addresses, needs. */
    private static final int A_FIGHT = 20;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration BETWEEN_TOLD = Duration.ofSeconds(1);
    private static final Duration WHILE_FIGHTING = Duration.ofMillis(100);

    /** It has happened again. */
    Meddling again(Moment now) {
        boolean rested = !now.isBefore(lastAt.plus(PAUSE));
        return new Meddling(untold + 1, toldAt, rested ? 1 : inARow + 1, now);
    }

    boolean mayBeTold(Moment now) {
        return !now.isBefore(toldAt.plus(BETWEEN_TOLD));
    }

    Meddling told(Moment now) {
        return new Meddling(0, now, inARow, lastAt);
    }

    /** When what happened last is to be put right. */
    Moment answerAt() {
        return inARow <= A_FIGHT ? lastAt : lastAt.plus(WHILE_FIGHTING);
    }
}
