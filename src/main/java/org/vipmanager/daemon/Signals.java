package org.vipmanager.daemon;

import org.jspecify.annotations.Nullable;
import org.vipmanager.ExitCode;

import sun.misc.Signal;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * The signals that the daemon answers: SIGTERM and SIGINT stop it, SIGHUP reloads the
 * configuration.
 *
 * <p>Handled by name rather than by a shutdown hook, which could not make the exit code 0; and from
 * the first moment on. Until there is a daemon a stop ends the process, which holds nothing yet,
 * and a reload waits.
 */
public final class Signals {

    /**
     * A stop that takes longer is ended by force; what is left behind then ends with its lifetime
     * in the kernel. That is later than a removal for which a busy machine takes its time.
     */
    static final Duration LONGEST_STOP = Duration.ofSeconds(3);

    private final StopGuard guard =
            new StopGuard(LONGEST_STOP, () -> Runtime.getRuntime().halt(ExitCode.FAILED.number()));
    private final Object reloading = new Object();
    private Consumer<String> stop =
            _ -> Runtime.getRuntime().halt(ExitCode.STOPPED_ON_REQUEST.number());
    private @Nullable Runnable reload;
    private boolean reloadWaits;

    private Signals() {}

    /** From now on none of them ends the process by itself. */
    public static Signals caught() {
        Signals signals = new Signals();
        Signal.handle(new Signal("TERM"), _ -> signals.stop("SIGTERM"));
        Signal.handle(new Signal("INT"), _ -> signals.stop("SIGINT"));
        Signal.handle(new Signal("HUP"), _ -> signals.reload());
        return signals;
    }

    /**
     * The actions run on a thread of the JVM's, one for each signal.
     *
     * @param stop returns at once
     */
    void handle(Consumer<String> stop, Runnable reload) {
        boolean reloadAtOnce;
        synchronized (this) {
            this.stop =
                    signal -> {
                        stop.accept(signal);
                        guard.watch();
                    };
            this.reload = reload;
            reloadAtOnce = reloadWaits;
        }
        if (reloadAtOnce) {
            reload();
        }
    }

    /**
     * A stop may take so much longer: this host's own addresses are gone, others are waited for.
     */
    void allow(Duration more) {
        guard.allow(more);
    }

    private void stop(String signal) {
        Consumer<String> action;
        synchronized (this) {
            action = stop;
        }
        action.accept(signal);
    }

    /** One after the other, and without keeping a stop from its turn: it reads files. */
    private void reload() {
        @Nullable Runnable action;
        synchronized (this) {
            action = reload;
            reloadWaits = action == null;
        }
        if (action != null) {
            synchronized (reloading) {
                action.run();
            }
        }
    }
}
