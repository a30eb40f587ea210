package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.lab.DatabaseLab.Asked;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

/**
 * Whether clients that wait for PostgreSQL learn that the address moves, on a real cluster. Takes
 * some minutes, so {@code make test-patroni} runs it and {@code make test} does not.
 */
@Execution(ExecutionMode.CONCURRENT)
final class PatroniConnectionsIT {

    /** A client that waits so long after the address went waits for hours. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** What happens to the leader. */
    private enum Case {
        SWITCHOVER(true),
        POSTGRES_KILLED(true),
        LEADER_CUT_OFF(true),
        DAEMON_STOPPED(false),
        PATRONI_KILLED(false),
        POSTGRES_HUNG(false);

        private final boolean postgresTells;

        Case(boolean postgresTells) {
            this.postgresTells = postgresTells;
        }

        boolean moves() {
            return this != POSTGRES_KILLED;
        }
    }

    private final SoftAssertions softly = new SoftAssertions();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitingClients(boolean reset) throws InterruptedException {
        assertThat(PatroniInstallation.missing()).isEmpty();
        String name = "connections, Patroni, reset-connections: " + reset;
        String tree = System.getProperty("patroni.tree", "patroni-3");
        String flag = "--reset-connections=" + reset;
        try (DatabaseLab lab = new DatabaseLab(name, Asked.ETCD, tree, flag)) {
            lab.start();
            for (Case what : Case.values()) {
                play(lab, what, reset);
            }
        }
        softly.assertAll();
    }

    private void play(DatabaseLab lab, Case what, boolean reset) throws InterruptedException {
        lab.awaitHealthy();
        DatabaseHost leader = lab.leader();
        try (var asking = session(lab, WaitingSession.Kind.ASKING);
                var idle = session(lab, WaitingSession.Kind.IN_TRANSACTION)) {
            Thread.sleep(Duration.ofSeconds(1)); // now both wait
            assertThat(asking.isWaiting() && idle.isWaiting()).isTrue();

            long begun = lab.timeline().note("EVENT " + what);
            begin(lab, leader, what);
            await(what + ": both clients learn, or nobody tells them")
                    .atMost(LONGEST)
                    .until(
                            () ->
                                    !asking.isWaiting() && !idle.isWaiting()
                                            || isLongGone(lab, leader, begun));
            if (what.moves()) {
                await(what + ": the address goes")
                        .atMost(LONGEST)
                        .until(() -> removedAt(lab, leader, begun) >= 0);
            }
            tell(lab, what, reset, leader, asking, begun, "asking");
            tell(lab, what, reset, leader, idle, begun, "in a transaction");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            end(leader, what);
        }
    }

    private static WaitingSession session(DatabaseLab lab, WaitingSession.Kind kind) {
        return new WaitingSession(lab.clientHost(), DatabaseLab.VIP, kind);
    }

    private static void begin(DatabaseLab lab, DatabaseHost leader, Case what) {
        switch (what) {
            case SWITCHOVER -> leader.switchOverTo(lab.synchronousFollower());
            case POSTGRES_KILLED -> leader.killPostgres();
            case LEADER_CUT_OFF -> leader.host().cutDcs(Cut.SILENCE);
            case DAEMON_STOPPED -> leader.stopDaemon();
            case PATRONI_KILLED -> leader.killPatroni();
            case POSTGRES_HUNG -> leader.hangPostgres(true);
        }
    }

    /** All is well again, or will soon be. */
    private static void end(DatabaseHost leader, Case what) {
        switch (what) {
            case SWITCHOVER, POSTGRES_KILLED -> {}
            case LEADER_CUT_OFF -> leader.host().healDcs();
            case DAEMON_STOPPED -> leader.startDaemon();
            case PATRONI_KILLED -> leader.startPatroni();
            case POSTGRES_HUNG -> leader.hangPostgres(false);
        }
    }

    private static long removedAt(DatabaseLab lab, DatabaseHost leader, long begun) {
        return lab.timeline().firstRemoved(leader.host(), DatabaseLab.VIP, begun);
    }

    private static boolean isLongGone(DatabaseLab lab, DatabaseHost leader, long begun) {
        long removed = removedAt(lab, leader, begun);
        return removed >= 0 && System.nanoTime() - removed > LONG_ENOUGH.toNanos();
    }

    private void tell(
            DatabaseLab lab,
            Case what,
            boolean reset,
            DatabaseHost leader,
            WaitingSession client,
            long begun,
            String kind) {
        long removed = removedAt(lab, leader, begun);
        String gone = removed < 0 ? "stays" : "went after " + seconds(removed - begun);
        String learned = "never";
        if (!client.isWaiting()) {
            WaitingClient.End end = client.end();
            learned = "after " + seconds(end.atNanos() - begun) + " (" + end.how() + ")";
            if (removed >= 0) {
                long later = end.atNanos() - removed;
                learned +=
                        ", %s %s the address went"
                                .formatted(
                                        seconds(Math.abs(later)), later < 0 ? "before" : "after");
            }
        }
        Results.add(
                "connections, Patroni, %s, reset %s, %s"
                        .formatted(what, reset ? "on" : "off", kind),
                "address %s; client learned %s".formatted(gone, learned));
        softly.assertThat(!client.isWaiting())
                .as("%s, reset-connections %s: a client learns, %s", what, reset, kind)
                .isEqualTo(what.postgresTells || reset);
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
    }
}
