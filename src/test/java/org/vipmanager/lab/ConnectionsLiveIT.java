package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;
import java.util.concurrent.Callable;

/** A client waits on a connection through the address for an answer, and the address moves. */
@Execution(ExecutionMode.CONCURRENT)
final class ConnectionsLiveIT {

    private static final Duration TTL = Duration.ofSeconds(10);
    private static final String RESET = "--reset-connections";

    /** What the daemon says where the resets took longer than a removal may wait. */
    private static final String TOO_LATE = "is removed before all its connections are reset";

    /** A removal waits for 20 ms, which a busy machine may let pass by. */
    private static final int TRIES = 5;

    /** Of one at a stop, which waits for 150 ms. */
    private static final int TRIES_AT_STOP = 3;

    private static final Duration LEARNS = Duration.ofSeconds(1);

    /**
     * The leader's DCS network is cut and its lease runs out. Its client, which would wait for
     * hours, is told before the address goes; nobody else has it by then.
     */
    @Test
    void trustRunsOut_clientLearnsBeforeTheAddressGoes() throws Exception {
        assertLearnsInOneOf(TRIES, this::learnsWhenTrustRunsOut);
    }

    private boolean learnsWhenTrustRunsOut() throws InterruptedException {
        try (Lab lab = Lab.open("connections, trust ran out").withLeasedLeader(TTL, RESET)) {
            lab.mayOverlap(Duration.ZERO);
            WaitingClient client = waiting(lab);
            lab.patroni(lab.host(2), TTL);

            long cutAt = lab.cutDcs(lab.host(1), Cut.values()[0]);
            lab.holders().awaitServing(lab.host(2), TTL.plusSeconds(15));
            lab.holders().assertNeverTwo();
            return hasLearned(lab, "trust ran out", client, cutAt);
        }
    }

    /** The daemon is stopped. Its client is told, and the address is gone. */
    @Test
    void stop_clientLearnsBeforeTheAddressGoes() throws Exception {
        assertLearnsInOneOf(TRIES_AT_STOP, this::learnsAtTheStop);
    }

    private boolean learnsAtTheStop() throws InterruptedException {
        try (Lab lab = Lab.open("connections, stop").withLeader(RESET)) {
            WaitingClient client = waiting(lab);
            Daemon daemon = lab.daemons().getFirst();

            long stoppedAt = System.nanoTime();
            lab.awaitEnd(daemon, daemon.signal(Kernel.SIGTERM));
            assertThat(lab.host(1).has(lab.vip())).isFalse();
            return hasLearned(lab, "SIGTERM", client, stoppedAt);
        }
    }

    /** The daemon is stopped for an upgrade, which no client shall notice. */
    @Test
    void stopThatKeepsTheAddress_leavesTheClientAlone() throws InterruptedException {
        try (Lab lab = Lab.open("connections, kept").withLeader(RESET, "--on-exit=keep")) {
            WaitingClient client = waiting(lab);
            Daemon daemon = lab.daemons().getFirst();

            lab.awaitEnd(daemon, daemon.signal(Kernel.SIGTERM));

            assertThat(lab.host(1).has(lab.vip())).isTrue();
            Thread.sleep(Duration.ofSeconds(1));
            assertThat(client.isWaiting()).isTrue();
        }
    }

    /**
     * By default connections are left alone: the client waits on. What it says next reaches the new
     * leader, whose kernel knows nothing of the connection and says so.
     */
    @Test
    void byDefault_clientLearnsFromTheNewLeaderOnceItSaysSomething() throws Exception {
        try (Lab lab = Lab.open("connections, by default").withLeader()) {
            WaitingClient client = waiting(lab);

            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
            Thread.sleep(Duration.ofSeconds(3));
            assertThat(client.isWaiting()).isTrue();

            client.send();
            awaitReset(client, Lab.AT_ONCE);
        }
    }

    private static void assertLearnsInOneOf(int most, Callable<Boolean> oneTry) throws Exception {
        int tries = 1;
        while (!oneTry.call()) {
            assertThat(tries++).as("tries in which the daemon was too late").isLessThan(most);
        }
    }

    /**
     * Whether the client has been told; if not, the daemon was too late: for the resets, as it says
     * itself, or until the kernel's own lifetime took the address.
     */
    private static boolean hasLearned(Lab lab, String what, WaitingClient client, long since)
            throws InterruptedException {
        Thread.sleep(LEARNS);
        if (client.isWaiting()) {
            boolean said =
                    lab.daemons().getFirst().log().stream()
                            .anyMatch(line -> line.contains(TOO_LATE));
            assertThat(said || lab.bystander().wasKeptWaiting(since, System.nanoTime()))
                    .as("the daemon was too late")
                    .isTrue();
            return false;
        }
        awaitReset(client, Lab.AT_ONCE);
        tell(lab, what, client, since);
        return true;
    }

    private static WaitingClient waiting(Lab lab) throws InterruptedException {
        lab.keep(new WaitingClient.Server(lab.host(1)));
        WaitingClient client = lab.keep(new WaitingClient(lab.client().host(), lab.vip()));
        Thread.sleep(Duration.ofSeconds(1));
        assertThat(client.isWaiting()).isTrue();
        return client;
    }

    private static void awaitReset(WaitingClient client, Duration atMost) {
        await("the client learns").atMost(atMost).until(() -> !client.isWaiting());
        assertThat(client.end().how()).containsIgnoringCase("reset");
    }

    private static void tell(Lab lab, String what, WaitingClient client, long since) {
        long learned = client.end().atNanos() - since;
        Results.add(
                "connections, " + what,
                "address removed after %s, waiting client learned after %s"
                        .formatted(
                                lab.holders().untilRemoved(lab.host(1), since),
                                Samples.text(Duration.ofNanos(learned))));
    }
}
