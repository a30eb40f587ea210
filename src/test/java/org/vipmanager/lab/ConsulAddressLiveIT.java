package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The address follows a key in a real Consul. */
@ResourceLock(Results.FIGURES)
final class ConsulAddressLiveIT {

    private static final String KEY = "/service/db/leader";
    private static final Duration SOON = Duration.ofSeconds(15);

    /** So that the answer which counts is a fresh one, also where the machine is busy. */
    private static final Duration SETTLE = Duration.ofSeconds(3);

    /** What an answer counts for is 23 s then, however slowly Consul starts. */
    private static final String PATIENT = "--retry-num=10";

    /** With the defaults: three attempts of two seconds each, pauses, an interval. */
    private static final Duration TRUST = Duration.ofMillis(7500);

    /**
     * The key names the other host, thirty times, and is read every half a minute: the address
     * follows what the blocking queries tell.
     */
    @Test
    void keyChanges_thirtyTimes() throws InterruptedException {
        try (TwoHosts lab = new TwoHosts("consul-failover")) {
            ConsulStore consul = lab.consul();
            follow(lab, consul, consul.endpoint(), Lab.READS_ARE_RARE);
            Samples address = new Samples();
            Samples outage = new Samples();
            for (int i = 0; i < 30; i++) {
                Host next = lab.host(i % 2 == 0 ? 2 : 1);
                long before = System.nanoTime();
                long written = consul.put(KEY, next.name());
                lab.holders().await(next, Lab.AT_ONCE);
                Thread.sleep(300);
                address.add(
                        Duration.ofNanos(
                                lab.timeline().firstHeld(next, TwoHosts.VIP, before) - written));
                outage.add(lab.client().longestGap(before, System.nanoTime()));
            }
            Results.add("consul: key change to address", address.toString());
            Results.add("consul: client's outage", outage.toString());
        }
    }

    /** Nobody answers at the first of two endpoints: not even that there is nobody. */
    @Test
    void firstEndpointSilent() throws InterruptedException {
        try (TwoHosts lab = new TwoHosts("consul-endpoint")) {
            ConsulStore consul = lab.consul();
            consul.put(KEY, "pg1");
            String endpoints = "http://192.168.0.250:8500," + consul.endpoint();
            long started =
                    lab.daemon(
                            lab.host(1),
                            "--dcs-type=consul",
                            "--dcs-endpoints=" + endpoints,
                            "--trigger-key=" + KEY,
                            "--trigger-value=pg1");
            lab.holders().await(lab.host(1), SOON);
            long held = lab.timeline().firstHeld(lab.host(1), TwoHosts.VIP, started);
            Duration taken = Duration.ofNanos(held - started);
            Results.add("consul: first endpoint dead", taken.toMillis() + " ms after the start");
        }
    }

    /** The leader's packets to Consul vanish, and somebody else becomes leader when he may. */
    @Test
    void partitionBySilence() throws InterruptedException {
        try (TwoHosts lab = new TwoHosts("consul-partition")) {
            lab.mayOverlap(Duration.ZERO);
            ConsulStore consul = lab.consul();
            follow(lab, consul, consul.endpoint());
            long cut = lab.timeline().note("pg1 is cut off");
            lab.host(1).cutDcs(Cut.SILENCE);
            lab.holders().awaitNobody(SOON);
            long released = lab.timeline().firstRemoved(lab.host(1), TwoHosts.VIP, cut);
            consul.put(KEY, "pg2");
            lab.holders().await(lab.host(2), SOON);
            Duration taken = Duration.ofNanos(released - cut);
            Results.add("consul: partition", "released after " + taken.toMillis() + " ms");
            lab.holders().assertRemovedWithinPolicy(TRUST, lab.host(1), cut);
            lab.holders().assertNeverTwo();
            lab.host(1).healDcs();
            Thread.sleep(3000);
            assertThat(lab.timeline().holdersNow(TwoHosts.VIP)).containsExactly("pg2");
        }
    }

    /** Consul is gone for three seconds: no session of a client is lost. */
    @Test
    void restartedAfterThreeSeconds() throws InterruptedException {
        try (TwoHosts lab = new TwoHosts("consul-restart")) {
            ConsulStore consul = lab.consul();
            follow(lab, consul, consul.endpoint(), PATIENT);
            long stopped = System.nanoTime();
            consul.stop();
            Thread.sleep(3000);
            consul.startAgain();
            Thread.sleep(3000);
            Duration outage = lab.client().longestGap(stopped, System.nanoTime());
            Results.add("consul: restarted, client's outage", outage.toMillis() + " ms");
            assertThat(lab.timeline().firstRemoved(lab.host(1), TwoHosts.VIP, stopped))
                    .isEqualTo(-1);
            consul.put(KEY, "pg2");
            lab.holders().await(lab.host(2), SOON);
        }
    }

    /** Consul stands still for twenty seconds: longer than any answer of it counts. */
    @Test
    void frozenForTwentySeconds() throws InterruptedException {
        try (TwoHosts lab = new TwoHosts("consul-frozen")) {
            ConsulStore consul = lab.consul();
            follow(lab, consul, consul.endpoint());
            long frozen = System.nanoTime();
            consul.freeze();
            lab.holders().awaitNobody(SOON);
            long released = lab.timeline().firstRemoved(lab.host(1), TwoHosts.VIP, frozen);
            Thread.sleep(Duration.ofSeconds(20).minusNanos(System.nanoTime() - frozen));
            consul.thaw();
            long thawed = System.nanoTime();
            lab.holders().await(lab.host(1), SOON);
            long back = lab.timeline().firstHeld(lab.host(1), TwoHosts.VIP, thawed);
            Results.add(
                    "consul: frozen 20 s",
                    "released after %d ms, back %d ms after the thaw"
                            .formatted(
                                    (released - frozen) / 1_000_000, (back - thawed) / 1_000_000));
            lab.holders().assertRemovedWithinPolicy(TRUST, lab.host(1), frozen);
        }
    }

    /** Both hosts follow the key, which names the first; its address is there. */
    private static void follow(TwoHosts lab, ConsulStore consul, String endpoints, String... more)
            throws InterruptedException {
        consul.put(KEY, "pg1");
        for (int number = 1; number <= 2; number++) {
            List<String> flags = new ArrayList<>(List.of(more));
            flags.add("--dcs-type=consul");
            flags.add("--dcs-endpoints=" + endpoints);
            flags.add("--trigger-key=" + KEY);
            flags.add("--trigger-value=pg" + number);
            lab.daemon(lab.host(number), flags.toArray(String[]::new));
        }
        lab.holders().await(lab.host(1), SOON);
        Thread.sleep(SETTLE);
    }
}
