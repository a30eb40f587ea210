package org.vipmanager.warmup;

import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.LibC;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;

/**
 * Plays takeovers, in the first seconds after the start and a little at a time, until the JVM has
 * compiled their way.
 *
 * <p>It compiles what was called two hundred times. Without this the first takeover of fifty
 * addresses took three times the processor time (see docs/footprint.md). Lives on the loop, where
 * one play delays an event by a millisecond at most; after one that took long, as on a busy
 * machine, it steps aside for a while. Where every event is logged it plays nothing: the log would
 * be full of it. Whatever goes wrong with it ends it, and nothing else.
 */
public final class WarmUp implements AutoCloseable {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.warmup");

    private static final int TIMES = 300;

    /** Until then the first address may be waited for, which needs the processors. */
    private static final int TIMES_WITHOUT_MESSAGES = 100;

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofMillis(50);
    private static final Duration STEPPED_ASIDE = Duration.ofSeconds(10);

    private final Loop loop;
    private final IntConsumer play;
    private final Runnable end;
    private final Executor aside;
    private int played;
    private boolean closed;

    /**
     * @param play is told how many plays there were before
     * @param aside where it ends itself, as its threads have to be waited for
     */
    WarmUp(Loop loop, IntConsumer play, Runnable end, Executor aside) {
        this.loop = loop;
        this.play = play;
        this.end = end;
        this.aside = aside;
    }

    /**
     * Of takeovers in each family that there is.
     *
     * @param trigger which they follow
     * @param messages reads what the DCS says of one
     */
    public static WarmUp of(
            Loop loop,
            LibC libC,
            List<VirtualIp> vips,
            Trigger trigger,
            Rules rules,
            Runnable messages) {
        List<PracticeTakeover> takeovers = new ArrayList<>();
        Set<Boolean> families = new HashSet<>();
        try {
            for (VirtualIp vip : vips) {
                if (!isEveryEventLogged() && families.add(vip.isIpv6())) {
                    takeovers.add(PracticeTakeover.open(loop, libC, vip, trigger, rules));
                }
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOGGER.log(Level.DEBUG, "takeovers are not practised: {0}", e.toString());
        }
        return new WarmUp(
                loop,
                played -> {
                    takeovers.forEach(PracticeTakeover::play);
                    if (played >= TIMES_WITHOUT_MESSAGES) {
                        messages.run();
                    }
                },
                () -> takeovers.forEach(PracticeTakeover::close),
                ending -> Thread.ofPlatform().daemon().name("warm-up").start(ending));
    }

    /** Plays once, and goes on when the loop runs. */
    public void begin() {
        if (isClosed()) {
            return;
        }
        Moment begun = loop.now();
        if (isEveryEventLogged() || !playsWell() || played == TIMES) {
            endAside();
            return;
        }
        boolean tookLong = begun.until(loop.now()).compareTo(LONG) > 0;
        loop.at(loop.now().plus(tookLong ? STEPPED_ASIDE : PAUSE), this::begin);
    }

    private void endAside() {
        try {
            aside.execute(this::close);
        } catch (OutOfMemoryError noThread) {
            LOGGER.log(
                    Level.INFO,
                    "what takeovers were practised with stays open until the end, as no thread can be had");
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private boolean playsWell() {
        try {
            play.accept(played);
            played++;
            return true;
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.DEBUG, "takeovers are not practised any more: {0}", e.toString());
            return false;
        }
    }

    static boolean isEveryEventLogged() {
        return LOGGER.isLoggable(Level.DEBUG);
    }

    /** Ends it and its threads, now or earlier. Thread-safe. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            end.run();
        }
    }
}
