package org.vipmanager.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.vipmanager.control.DecisionLoop;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.RealTime;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Trigger;
import org.vipmanager.hostile.FaultyPeer.Manners;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Lets a peer answer wrongly, each seed in its own way, and demands after each that the source is
 * well again as soon as the peer is, on a loop that nothing has ended; and that heap, sockets and
 * threads are as before at the end.
 *
 * <p>{@code -Dhostile.seconds=3600} lasts longer, {@code -Dhostile.seed=42} plays one seed alone.
 */
public final class Ordeal implements AutoCloseable {

    /** As small as the daemon's own. */
    private static final int STACK = 256 << 10;

    /** Until all classes are loaded and everything was made that is made once. */
    private static final int WARM_UP = 30;

    private static final int ROUNDS_BETWEEN_VITALS = 500;
    private static final Duration LONGEST_TROUBLE = Duration.ofMillis(60);

    private final DecisionLoop loop;
    private final FaultyPeer peer;
    private final Manners healthy;
    private final Thread deciding;
    private final AtomicReference<Throwable> end = new AtomicReference<>();

    /** What is tried: a source of the daemon that asks the peer all the time. */
    public interface Subject {

        /** How often it has understood an answer to a question that was sent after that moment. */
        boolean isWellSince(Moment then);
    }

    /**
     * @param healthy how the peer behaves when nothing is wrong with it
     */
    public Ordeal(Manners healthy) {
        this.healthy = healthy;
        this.peer = new FaultyPeer(healthy);
        this.loop = new DecisionLoop(new RealTime(), Duration.ofSeconds(60));
        this.deciding = new Thread(null, this::decide, "loop", STACK);
        deciding.start();
    }

    /** The loop that the subject lives on. */
    public DecisionLoop loop() {
        return loop;
    }

    public FaultyPeer peer() {
        return peer;
    }

    /** Runs on the loop, and waits until it has. */
    public void onLoop(Runnable task) {
        AtomicReference<Boolean> done = new AtomicReference<>(false);
        loop.execute(
                () -> {
                    task.run();
                    done.set(true);
                });
        awaitOnLoop("the loop", done::get);
    }

    /** Lets the source follow a key of the peer, plays, and closes it. */
    void follow(LeaderSource source, Trigger trigger, Function<Random, Manners> broken) {
        Listening listening = new Listening();
        onLoop(() -> source.start(List.of(trigger), listening));
        play(listening, broken);
        onLoop(source::close);
    }

    /**
     * Plays seeds until the time is over.
     *
     * @param broken makes manners of a seed's dice
     */
    public void play(Subject subject, Function<Random, Manners> broken) {
        String only = System.getProperty("hostile.seed");
        if (only != null) {
            play(subject, broken, Long.parseLong(only));
            return;
        }
        long seconds = Long.getLong("hostile.seconds", 4);
        long start = Long.getLong("hostile.start", 0);
        long until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        Vitals before = null;
        long seed = start;
        while (before == null || System.nanoTime() - until < 0) {
            play(subject, broken, seed++);
            if (seed == start + WARM_UP) {
                before = Vitals.now();
            } else if (before != null && (seed - start) % ROUNDS_BETWEEN_VITALS == 0) {
                Vitals.now().awaitNoMoreThan(before);
            }
        }
        Vitals.now().awaitNoMoreThan(before);
        System.out.printf("%d seeds of hostile answers, then %s%n", seed - start, Vitals.now());
    }

    private void play(Subject subject, Function<Random, Manners> broken, long seed) {
        try {
            int asked = peer.connections();
            peer.behave(broken.apply(new Random(seed)));
            long until = System.nanoTime() + LONGEST_TROUBLE.toNanos();
            while (peer.connections() < asked + 3 && System.nanoTime() - until < 0) {
                Thread.sleep(2);
            }
            peer.behave(healthy);
            Moment healed = loop.now();
            awaitOnLoop("well again", () -> subject.isWellSince(healed));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (RuntimeException | Error failure) {
            throw new AssertionError("seed " + seed + ": -Dhostile.seed=" + seed, failure);
        }
    }

    private interface Condition {
        boolean holds();
    }

    private void awaitOnLoop(String what, Condition condition) {
        await(what)
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> {
                            assertThat(end.get()).as("what ended the loop").isNull();
                            return condition.holds();
                        });
    }

    private void decide() {
        try {
            loop.run();
        } catch (Throwable defect) {
            end.set(defect);
        }
    }

    @Override
    public void close() throws InterruptedException {
        loop.stop();
        deciding.join();
        peer.close();
    }
}
