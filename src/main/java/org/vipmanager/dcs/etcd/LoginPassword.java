package org.vipmanager.dcs.etcd;

import org.vipmanager.control.Loop;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Fetches the password anew for each login, on a thread of its own: a file may take its time.
 *
 * <p>At most one fetch is under way, for whoever waits when it is over. Belongs to the loop.
 */
final class LoginPassword {

    /** Who waits for the password; one of the two is called, on the loop. */
    interface Receiver {
        void logIn(String password);

        void cannotLogIn(String why);
    }

    private final Loop loop;
    private final Supplier<String> current;
    private final Executor threads;
    private final Set<Receiver> waiting = new LinkedHashSet<>();
    private boolean underWay;

    /**
     * Fetches nothing yet.
     *
     * @param current gives the password; may block
     * @param threads runs each task on a thread of its own
     */
    LoginPassword(Loop loop, Supplier<String> current, Executor threads) {
        this.loop = loop;
        this.current = current;
        this.threads = threads;
    }

    void fetch(Receiver receiver) {
        waiting.add(receiver);
        if (underWay) {
            return;
        }
        underWay = true;
        try {
            threads.execute(this::fetch);
        } catch (OutOfMemoryError noThread) {
            handOver(waiter -> waiter.cannotLogIn(noThread.toString()));
        }
    }

    /** Who has given up need not be told. */
    void forget(Receiver receiver) {
        waiting.remove(receiver);
    }

    private void fetch() {
        try {
            String password = current.get();
            handOver(waiter -> waiter.logIn(password));
        } catch (RuntimeException | Error e) {
            handOver(waiter -> waiter.cannotLogIn(e.toString())); // others wait for an end of it
        }
    }

    private void handOver(Consumer<Receiver> result) {
        loop.execute(
                () -> {
                    underWay = false;
                    List<Receiver> told = List.copyOf(waiting);
                    waiting.clear();
                    told.forEach(result);
                });
    }
}
