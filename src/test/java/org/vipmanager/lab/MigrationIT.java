package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Three hosts run the known program; it is replaced by ours on one after another, and back again:
 * {@code make test-migration}. After each replacement the leader key names the next host, so that
 * the address goes from each of the programs to each.
 */
final class MigrationIT {

    private static final Duration SETTLE = Duration.ofMillis(300);

    /** By who gave and who took the address, or which one replaced which on the leader. */
    private static final Map<String, Samples> OVERLAPS = new TreeMap<>();

    private static final Map<String, Samples> OUTAGES = new TreeMap<>();

    @AfterAll
    static void tell() {
        OVERLAPS.forEach(
                (what, overlaps) ->
                        Results.add(
                                "migration: " + what,
                                "%d times; two holders at most %s; client's outage median %s, worst %s"
                                        .formatted(
                                                overlaps.count(),
                                                Samples.text(overlaps.worst()),
                                                Samples.text(OUTAGES.get(what).median()),
                                                Samples.text(OUTAGES.get(what).worst()))));
    }

    /** The order in which the hosts are taken; the first one leads at the beginning. */
    @ParameterizedTest
    @ValueSource(strings = {"123", "132", "213", "231", "312", "321"})
    void hostByHost_andBack(String order) throws InterruptedException {
        try (Lab lab = Lab.open("migration " + order, 3, 1, Lab.VIP)) {
            Migration migration = new Migration(lab);
            for (int i = 0; i < 3; i++) {
                migration.failover();
            }
            for (Program next : List.of(Program.underTest(), Program.go())) {
                for (char number : order.toCharArray()) {
                    migration.replace(number - '1', next);
                    migration.failover();
                }
            }
        }
    }

    /** The three hosts' programs, and who leads. */
    private static final class Migration {

        private final Lab lab;
        private final List<Program> programs = new ArrayList<>();
        private final List<Daemon> daemons = new ArrayList<>();
        private int leader;

        Migration(Lab lab) throws InterruptedException {
            this.lab = lab;
            lab.leaderKey().name(lab.host(1));
            for (Host host : lab.hosts()) {
                programs.add(Program.go());
                daemons.add(lab.daemon(Program.go(), host));
            }
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(SETTLE);
        }

        /** As systemctl(1) does at the installation: SIGTERM, and then the other one is started. */
        void replace(int index, Program next) throws InterruptedException {
            String what = programs.get(index).name() + " is replaced by " + next.name();
            boolean leads = index == leader;
            long since = System.nanoTime();
            daemons.get(index).signal(Kernel.SIGTERM);
            daemons.get(index).awaitExit(Lab.START.toSeconds());
            daemons.set(index, lab.daemon(next, lab.hosts().get(index)));
            programs.set(index, next);
            lab.holders().awaitServing(lab.hosts().get(leader), Lab.START);
            if (next.isGo()) {
                Thread.sleep(SETTLE.multipliedBy(5)); // it says nothing when it has begun
            } else {
                lab.awaitLog(daemons.get(index), leads ? "taking over" : "standing by");
            }
            add(what + (leads ? " on the leader" : " on a follower"), since);
        }

        /** To the next host. */
        void failover() throws InterruptedException {
            int next = (leader + 1) % 3;
            String what =
                    "from %s to %s"
                            .formatted(programs.get(leader).name(), programs.get(next).name());
            long since = System.nanoTime();
            leader = next;
            lab.leaderKey().name(lab.hosts().get(next));
            lab.holders().awaitServing(lab.hosts().get(next), Duration.ofSeconds(10));
            Thread.sleep(SETTLE);
            add(what, since);
        }

        private void add(String what, long since) {
            long now = System.nanoTime();
            assertThat(lab.timeline().holdersNow(lab.vip()))
                    .containsExactly(lab.hosts().get(leader).name());
            OVERLAPS.computeIfAbsent(what, _ -> new Samples())
                    .add(lab.timeline().overlap(lab.vip(), since));
            OUTAGES.computeIfAbsent(what, _ -> new Samples())
                    .add(lab.client().longestGap(since, now));
        }
    }
}
