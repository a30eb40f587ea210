package org.vipmanager.lab;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The demonstration on the real thing: PostgreSQL and Patroni on three hosts, and a client that
 * writes rows through the address only.
 */
final class PatroniDemo implements AutoCloseable {

    private static final Duration LINE_EVERY = Duration.ofSeconds(1);

    private static final int QUIET_LINES = 5;

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
        lab.awaitHealthy();
        act("PostgreSQL of the leader is killed", () -> lab.leader().killPostgres());
        // Without a synchronous standby that has every row Patroni would rather wait than fail
        // over.
        lab.awaitHealthy();
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

    /** Who leads, who holds, and how many rows are written: when it changes, else now and then. */
    private void show() {
        String last = "";
        int since = 0;
        while (!closed) {
            long now = System.nanoTime();
            String leader = lab.observer().stateNow(ClusterObserver.KEY);
            Set<String> holders = lab.timeline().holdersNow(DatabaseLab.VIP);
            int rows = lab.client().acknowledgedSince(now - LINE_EVERY.toNanos()).size();
            String state =
                    "leader key %-8s   address on %-8s"
                            .formatted(
                                    leader,
                                    holders.isEmpty() ? "nobody" : String.join(", ", holders));
            String shown = state + (rows == 0);
            since++;
            if (!shown.equals(last) || since == QUIET_LINES) {
                double seconds = (now - startNanos) / 1e9;
                String time = String.format(Locale.ROOT, "%6.1f s   ", seconds);
                say(time + state + "   " + rows + " rows written in the last second");
                last = shown;
                since = 0;
            }
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
