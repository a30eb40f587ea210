package org.vipmanager;

import sun.misc.Signal;

import java.util.function.Consumer;

/**
 * The signals that the daemon answers: SIGTERM and SIGINT stop it, SIGHUP reloads the
 * configuration.
 *
 * <p>Handled by name rather than by a shutdown hook, which could not make the exit code 0.
 */
final class Signals {

    private Signals() {}

    /** The actions run on a thread of the JVM's and must not block. */
    static void handle(Consumer<String> stop, Runnable reload) {
        Signal.handle(new Signal("TERM"), signal -> stop.accept("SIGTERM"));
        Signal.handle(new Signal("INT"), signal -> stop.accept("SIGINT"));
        Signal.handle(new Signal("HUP"), signal -> reload.run());
    }
}
