package org.vipmanager.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The demonstration: three hosts, an etcd and a client, and a minute of failures to look at.
 *
 * <p>Exit code 0 when the address was never on two hosts and the client was served again after each
 * failure, else 1. In a switchover both hosts are told at the same time, so that an overlap is
 * excused by what the machine keeps everybody waiting for: nowhere else.
 */
public final class Demo {

    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Lab lab;
    private final DemoScreen screen;
    private final List<PatroniStandIn> patronis = new ArrayList<>();
    private boolean served = true;
    private boolean alone = true;
    private Duration reported = Duration.ZERO;

    private Demo(Lab lab, DemoScreen screen) {
        this.lab = lab;
        this.screen = screen;
    }

    /**
     * Plays the demonstration.
     *
     * @param arguments {@code --keep} leaves everything running until Ctrl-C; {@code --go} shows
     *     vip-manager 5.0.0 instead of ours; {@code --patroni} shows a real Patroni cluster
     */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> options = List.of(arguments);
        for (String option : options) {
            if (!List.of("--keep", "--go", "--patroni").contains(option)) {
                System.err.println(
                        "demo: unknown option "
                                + option
                                + "; there are --keep, --go and --patroni");
                System.exit(2);
            }
        }
        if (options.contains("--patroni")) {
            System.exit(PatroniDemo.play() ? 0 : 1);
        }
        if (options.contains("--go")) {
            System.setProperty("lab.program", "go");
        }
        boolean good;
        try (Lab lab = Lab.open("demo", 3, 1, Lab.VIP);
                DemoScreen screen = new DemoScreen(lab)) {
            // The screen tells it, and the outcome with it.
            lab.mayOverlap(Duration.ofDays(1));
            good = new Demo(lab, screen).play();
            if (options.contains("--keep")) {
                screen.keep();
            }
        }
        System.exit(good ? 0 : 1);
    }

    private boolean play() throws InterruptedException {
        start();
        switchover(1, 2);
        switchover(2, 1);
        killDaemon();
        restartEtcd();
        cutOffLeader();
        freezeLeader();
        Duration overlap = lab.timeline().overlap(lab.vip(), Long.MIN_VALUE);
        screen.conclude(overlap, served);
        return alone && overlap.equals(reported) && served;
    }

    private void start() throws InterruptedException {
        screen.act("start: etcd, three hosts, a client that asks every 2 ms");
        for (Host host : lab.hosts()) {
            PatroniStandIn patroni = lab.patroni(host, LEASE);
            patroni.mayLead(host == lab.host(1));
            patronis.add(patroni);
            lab.daemon(host);
        }
        long at = System.nanoTime();
        awaitServedBy(lab.host(1), Lab.START);
        screen.say("pg1 has the address after " + lab.holders().untilHeld(lab.host(1), at));
        patronis.forEach(patroni -> patroni.mayLead(true));
        Thread.sleep(Duration.ofSeconds(3));
    }

    private void switchover(int from, int to) throws InterruptedException {
        screen.act("switchover from pg" + from + " to pg" + to);
        long at = System.nanoTime();
        patronis.get(from - 1).switchOverTo(patronis.get(to - 1));
        awaitServedBy(lab.host(to), SOON);
        Thread.sleep(Duration.ofSeconds(2));
        // The new leader needs a few messages to and fro until it leads, the old one a single one.
        Duration late = lab.bystander().longestDelay(at, System.nanoTime());
        report("switchover to pg" + to, at, System.nanoTime(), late.multipliedBy(2));
    }

    private void killDaemon() throws InterruptedException {
        screen.act("kill -9 of the leader's daemon; its unit starts it again after 2 s");
        long at = lab.daemons().getFirst().signal(Kernel.SIGKILL);
        Thread.sleep(Duration.ofSeconds(2));
        lab.daemon(lab.host(1));
        Thread.sleep(Duration.ofSeconds(4));
        awaitServedBy(lab.host(1), SOON);
        report("kill -9 of pg1's daemon", at, System.nanoTime(), Duration.ZERO);
    }

    private void restartEtcd() throws InterruptedException {
        screen.act("etcd is killed, and back after 3 s");
        long at = System.nanoTime();
        lab.etcd().kill();
        Thread.sleep(Duration.ofSeconds(3));
        lab.etcd().start();
        lab.etcd().awaitReady();
        Thread.sleep(Duration.ofSeconds(3));
        awaitServedBy(lab.host(1), SOON);
        report("etcd restarted", at, System.nanoTime(), Duration.ZERO);
    }

    private void cutOffLeader() throws InterruptedException {
        screen.act("partition: pg1's packets to etcd vanish, its lease of 15 s runs out");
        patronis.get(2).mayLead(false);
        long at = lab.cutDcs(lab.host(1), Cut.SILENCE);
        awaitServedBy(lab.host(2), LEASE.plus(SOON));
        long moved = System.nanoTime();
        lab.healDcs(lab.host(1));
        Thread.sleep(Duration.ofSeconds(3));
        report("pg1 cut off, pg2 took over", at, moved, Duration.ZERO);
    }

    private void freezeLeader() throws InterruptedException {
        screen.act("pg2's daemon and Patroni freeze; the kernel ends the address by itself");
        patronis.get(0).mayLead(false);
        patronis.get(2).mayLead(true);
        patronis.get(1).freeze(true);
        Daemon daemon = lab.daemons().get(1);
        long at = daemon.signal(Kernel.SIGSTOP);
        awaitServedBy(lab.host(3), LEASE.plus(SOON));
        long moved = System.nanoTime();
        patronis.get(1).freeze(false);
        daemon.signal(Kernel.SIGCONT);
        Thread.sleep(Duration.ofSeconds(3));
        awaitServedBy(lab.host(3), SOON);
        report("pg2 frozen, pg3 took over", at, moved, Duration.ZERO);
        patronis.get(0).mayLead(true);
    }

    private void report(String what, long fromNanos, long toNanos, Duration mayOverlap) {
        Duration overlap = screen.report(what, fromNanos, toNanos);
        alone &= overlap.compareTo(mayOverlap) <= 0;
        reported = reported.plus(overlap);
        if (!overlap.isZero()) {
            screen.say("this machine has let everybody wait for up to " + late(fromNanos));
        }
    }

    private String late(long fromNanos) {
        return Samples.text(lab.bystander().longestDelay(fromNanos, System.nanoTime()));
    }

    private void awaitServedBy(Host host, Duration atMost) {
        try {
            lab.holders().awaitServing(host, atMost);
        } catch (AssertionError e) {
            served = false;
            screen.complain(e.getMessage());
        }
    }
}
