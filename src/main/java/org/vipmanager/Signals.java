package org.vipmanager;

import static org.vipmanager.ExitCode.STOPPED_ON_REQUEST;

import sun.misc.Signal;

import java.util.function.Consumer;

/**
 * The signals that the daemon answers: SIGTERM and SIGINT stop it, SIGHUP reloads the
 * configuration.
 *
 * <p>Handled by name rather than by a shutdown hook, which could not make the exit code 0; and from
 * the first moment on. Until there is a daemon a stop ends the process, which holds nothing yet,
 * and a reload waits.
 */
final class Signals {

    private Consumer<String> stop = _ -> Runtime.getRuntime().halt(STOPPED_ON_REQUEST.number());
    private Runnable reload = () -> reloadWaits = true;
    private boolean reloadWaits;

    private Signals() {}

    /** From now on none of them ends the process by itself. */
    static Signals caught() {
        Signals signals = new Signals();
        Signal.handle(new Signal("TERM"), _ -> signals.stop("SIGTERM"));
        Signal.handle(new Signal("INT"), _ -> signals.stop("SIGINT"));
        Signal.handle(new Signal("HUP"), _ -> signals.reload());
        return signals;
    }

    /** The actions run on a thread of the JVM's and must not block. */
    synchronized void handle(Consumer<String> stop, Runnable reload) {
        this.stop = stop;
        this.reload = reload;
        if (reloadWaits) {
            reload.run();
        }
    }

    private synchronized void stop(String signal) {
        stop.accept(signal);
    }

    private synchronized void reload() {
        reload.run();
    }
}
