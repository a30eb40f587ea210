package org.vipmanager.dcs.consul;

import org.vipmanager.core.Backoff;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;

import java.time.Duration;

/** When a blocking query is sent again: at once after an answer, unless answers come in a flood. */
final class QueryPace {

    /** Answers that come faster than this in the long run are asked for no faster. */
    private static final Duration SPACING = Duration.ofMillis(100);

    /** How many may come in a row without any pause. */
    private static final int BURST = 10;

    /** Nor are more bytes asked for in the long run. */
    private static final int BYTES_IN_SPACING = 200 << 10;

    private Backoff pause;
    private int failuresInARow;
    private Moment paidUntil = Moment.LONG_AGO;

    QueryPace(ConsulSettings settings) {
        this.pause =
                new Backoff(
                        RetryPolicy.doubling(settings.retryAfter(), settings.longPoll()).spread());
    }

    /** There is reason to hope that the next query is answered. */
    void hope() {
        pause = pause.afterSuccess();
    }

    int failuresInARow() {
        return failuresInARow;
    }

    /**
     * @param chance as for {@link RetryPolicy#pause}
     */
    Moment afterFailure(Moment now, double chance) {
        failuresInARow++;
        pause = pause.afterFailure();
        return now.plus(pause.pause(chance));
    }

    /**
     * @param length of the answer
     */
    Moment afterAnswer(Moment now, int length) {
        hope();
        failuresInARow = 0;
        Moment credit = now.minus(SPACING.multipliedBy(BURST));
        Duration cost = SPACING.multipliedBy(1 + length / BYTES_IN_SPACING);
        paidUntil = Moment.later(paidUntil, credit).plus(cost);
        return Moment.later(now, paidUntil);
    }
}
