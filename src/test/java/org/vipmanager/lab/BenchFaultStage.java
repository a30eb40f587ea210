package org.vipmanager.lab;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Two hosts with one program on which a fault is played, and what is told of it. */
final class BenchFaultStage implements AutoCloseable {

    static final Duration TTL = Duration.ofSeconds(10);
    static final Duration LONG_TTL = Duration.ofMinutes(10);
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Program program;
    private final String name;
    private InetAddress vip = Lab.VIP;
    private boolean leased;
    private @Nullable Lab lab;

    BenchFaultStage(Program program, String name) {
        this.program = program;
        this.name = "bench " + name + " " + program.name();
    }

    /** A stand-in for Patroni keeps the key alive, under a short lease. */
    BenchFaultStage leased() {
        leased = true;
        return this;
    }

    BenchFaultStage ofIpv6() {
        vip = Lab.VIP6;
        return this;
    }

    /** Both hosts have a daemon, and the first one has led for a while. */
    Lab begin() throws InterruptedException {
        Lab open = opened(Lab.open(name, 2, 1, vip));
        if (leased) {
            open.patroni(open.host(1), TTL);
        } else {
            open.leaderKey().handOver(open.host(1), LONG_TTL);
        }
        open.hosts().forEach(host -> open.daemon(program, host));
        open.holders().awaitServing(open.host(1), Lab.START);
        Thread.sleep(SETTLED);
        return open;
    }

    /** Both hosts have a daemon, and nobody answers them. */
    Lab beginWithoutEtcd() throws InterruptedException {
        Lab open = opened(Lab.openWithoutEtcd(name));
        open.hosts().forEach(host -> open.daemon(program, host));
        return open;
    }

    private Lab opened(Lab open) {
        lab = open;
        open.mayOverlap(Duration.ofHours(1)); // that is told
        return open;
    }

    private Lab lab() {
        return Objects.requireNonNull(lab);
    }

    /** For how long both have had it; asked when it should be over. */
    String overlap(long sinceNanos) {
        return lab().timeline().holdersNow(vip).size() > 1
                ? "**two holders without end**"
                : "two holders "
                        + Samples.text(lab().timeline().overlap(vip, sinceNanos))
                                .replaceFirst("^0\\.0 ms$", "never");
    }

    /** When the second host took over, and what the first one did. */
    String moved(long sinceNanos) throws InterruptedException {
        Host next = lab().host(2);
        String held = held(next, sinceNanos, Duration.ofSeconds(30));
        Thread.sleep(Duration.ofSeconds(5));
        return "%s; moved %s".formatted(overlap(sinceNanos), held);
    }

    String outageOfMove() {
        long at = System.nanoTime();
        lab().leaderKey().handOver(lab().host(2), LONG_TTL);
        boolean served = served(lab().host(2), Duration.ofSeconds(70));
        return served
                ? "client's outage "
                        + Samples.text(lab().client().longestGap(at, System.nanoTime()))
                : "**the client is not served within 70 s**";
    }

    String held(Host host, long sinceNanos, Duration most) {
        until(() -> lab().timeline().firstHeld(host, vip, sinceNanos) >= 0, most);
        long held = lab().timeline().firstHeld(host, vip, sinceNanos);
        return after(held, sinceNanos, "**not within " + most.toSeconds() + " s**");
    }

    String removed(Host host, long sinceNanos, Duration most) {
        until(() -> lab().timeline().firstRemoved(host, vip, sinceNanos) >= 0, most);
        long removed = lab().timeline().firstRemoved(host, vip, sinceNanos);
        return removed < 0 ? "**left behind**" : "removed " + after(removed, sinceNanos, "");
    }

    String served(Host host, long sinceNanos, Duration most) {
        boolean served = served(host, most);
        return after(
                served ? System.nanoTime() : -1,
                sinceNanos,
                "**not within " + most.toSeconds() + " s**");
    }

    private boolean served(Host host, Duration most) {
        return until(() -> lab().client().answeredBy().equals(host.name()), most);
    }

    /** Every file has another content, of another authority; then the leadership moves. */
    String rotateCertificates() throws InterruptedException {
        Lab open = opened(Lab.openWithoutEtcd(name));
        SecuredEtcd etcd = new SecuredEtcd(open, "etcd-3.5");
        etcd.start();
        etcd.nameLeader(open.host(1));
        open.hosts().forEach(host -> open.daemon(program, host, etcd.flags()));
        open.holders().awaitServing(open.host(1), Lab.START);
        Thread.sleep(SETTLED);
        etcd.replaceCertificates();
        Thread.sleep(SETTLED);
        long at = System.nanoTime();
        etcd.nameLeader(open.host(2));
        return held(open.host(2), at, Duration.ofSeconds(40));
    }

    private static String after(long atNanos, long sinceNanos, String never) {
        return atNanos < 0
                ? never
                : "after " + Samples.text(Duration.ofNanos(Math.max(0, atNanos - sinceNanos)));
    }

    private static boolean until(BooleanSupplier reached, Duration most) {
        long end = System.nanoTime() + most.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(2_000_000);
        }
        return true;
    }

    @Override
    public void close() {
        if (lab != null) {
            lab.close();
        }
    }
}
