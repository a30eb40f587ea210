package org.vipmanager.lab;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The demonstration on the real thing: PostgreSQL and Patroni on three hosts, and a client that
 * writes rows through the address only.
 */
final class PatroniDemo implements AutoCloseable {

    private static final Duration LINE_EVERY = Duration.ofSeconds(1);

    private final DatabaseLab lab;
    private final Thread screen;
    private final long startNanos = System.nanoTime();
    private boolean good = true;
    private volatile boolean closed;

    private PatroniDemo(DatabaseLab lab) {
        this.lab = lab;
        this.screen = Thread.ofPlatform().name("screen").daemon().start(this::show);
    }

    /** Plays it; whether nothing happened that must not. */
    static boolean play() throws InterruptedException {
        Optional<String> missing = PatroniInstallation.missing();
        if (missing.isPresent()) {
            say("demo: this needs " + missing.get());
            return false;
        }
        say("three etcd members, three hosts with PostgreSQL 15 and Patroni 3: starting …");
        try (DatabaseLab lab =
                        new DatabaseLab("patroni-demo", DatabaseLab.Asked.ETCD, "patroni-3");
                PatroniDemo demo = new PatroniDemo(lab)) {
            demo.run();
            return demo.good;
        }
    }

    private void run() throws InterruptedException {
        lab.start();
        act("planned switchover", () -> lab.leader().switchOverTo(lab.synchronousFollower()));
        act("PostgreSQL of the leader is killed", () -> lab.leader().killPostgres());
        DatabaseHost dead = lab.leader();
        act("the leader's host dies, with everything on it", dead::die);
        act("it boots again", () -> dead.boot(lab.store()));
        say(lab.client().acknowledged().size() + " rows were acknowledged in all.");
        say(good ? "No row was lost; the address was never on two hosts." : "THAT WAS NOT RIGHT.");
    }

    private void act(String what, Runnable act) throws InterruptedException {
        say("");
        say("### " + what);
        long begun = System.nanoTime();
        act.run();
        Thread.sleep(Duration.ofSeconds(3));
        lab.awaitServing();
        ClusterEvent event = ClusterEvent.measure(what, lab, begun);
        event.story().forEach(line -> say("    " + line));
        say("    " + event);
        good &= event.overlap().isZero() && event.lost() == 0 && event.stale() == 0;
    }

    /** Once a second: who leads, who holds, and how many rows were written. */
    private void show() {
        while (!closed) {
            long now = System.nanoTime();
            String leader = lab.observer().stateNow(ClusterObserver.KEY);
            Set<String> holders = lab.timeline().holdersNow(DatabaseLab.VIP);
            List<WritingClient.Acknowledged> rows =
                    lab.client().acknowledgedSince(now - LINE_EVERY.toNanos());
            say(
                    String.format(
                            Locale.ROOT,
                            "%6.1f s   leader key %-8s   address on %-8s   %4d rows written"
                                    + " in the last second",
                            (now - startNanos) / 1e9,
                            leader,
                            holders.isEmpty() ? "nobody" : String.join(", ", holders),
                            rows.size()));
            try {
                Thread.sleep(LINE_EVERY);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        screen.interrupt();
        screen.join();
    }
}
