package org.vipmanager.lab;

import java.time.Duration;

/** One program on its stage: two hosts that follow a key in etcd, and a client. */
final class BenchContestant implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final Program program;
    private final Lab lab;
    private final BenchFigures figures;
    private Daemon leader;

    /** The first host leads, and has served for a while. */
    BenchContestant(Program program, BenchFigures figures) throws InterruptedException {
        this.program = program;
        this.figures = figures;
        lab = Lab.open("bench " + program.name());
        Failover start = new Failover(lab);
        leader = lab.daemon(program, lab.host(1));
        lab.daemon(program, lab.host(2));
        start.awaitStart();
    }

    /** From host to host and back: the first one is the first of both its daemons. */
    Failover failovers() {
        return new Failover(lab);
    }

    /** What it has measured, the first takeover of each daemon told apart. */
    void keep(Failover.Figures measured) {
        measured.address().inOrder().stream().limit(2).forEach(figures.first::add);
        measured.address().inOrder().stream().skip(2).forEach(figures.address::add);
        measured.outage().inOrder().forEach(figures.outage::add);
    }

    /** SIGINT, because the Go program leaves the address behind on SIGTERM. */
    void restart() throws InterruptedException {
        leader.signal(Kernel.SIGINT);
        leader.awaitExit(SOON.toSeconds());
        lab.holders().awaitNobody(SOON);
        leader = lab.daemon(program, lab.host(1));
        lab.holders().awaitServing(lab.host(1), SOON);
        long held = lab.timeline().firstHeld(lab.host(1), lab.vip(), leader.startedAtNanos());
        figures.start.add(Duration.ofNanos(held - leader.startedAtNanos()));
    }

    @Override
    public void close() {
        lab.close();
    }
}
