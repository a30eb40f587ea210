package org.vipmanager.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One program on its stage: two hosts that follow who leads, and a client. */
final class BenchContestant implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Program program;
    private final Lab lab;
    private final Leadership leadership;
    private final BenchFigures figures;
    private final Failover failover;
    private final List<MemoryGroup> groups = new ArrayList<>();
    private Daemon leader;

    /** The first host leads, and has served for a while. */
    BenchContestant(Program program, BenchLeadership kind, BenchBurden burden, BenchFigures figures)
            throws InterruptedException {
        this.program = program;
        this.figures = figures;
        lab = kind.open("bench " + kind + " " + program.name());
        leadership = kind.in(lab);
        failover = new Failover(lab, leadership);
        leader = daemon(lab.host(1), burden);
        daemon(lab.host(2), burden);
        failover.awaitStart();
    }

    private Daemon daemon(Host host, BenchBurden burden) {
        Optional<MemoryGroup> group = burden.group(lab);
        group.ifPresent(groups::add);
        return group.map(own -> lab.daemon(own, program, host, leadership.flags(host)))
                .orElseGet(() -> lab.daemon(program, host, leadership.flags(host)));
    }

    Stream<MemoryGroup> groups() {
        return groups.stream();
    }

    /** From one host to the other, or back. */
    void failOver() throws InterruptedException {
        failover.once();
    }

    /** What it has measured, the first takeover of each daemon told apart. */
    void keep() {
        Failover.Figures measured = failover.figures();
        measured.address().inOrder().stream().limit(2).forEach(figures.first::add);
        measured.address().inOrder().stream().skip(2).forEach(figures.address::add);
        measured.outage().inOrder().forEach(figures.outage::add);
    }

    /**
     * SIGINT, because the Go program leaves the address behind on SIGTERM. The first host leads.
     */
    void restart() throws InterruptedException {
        leader.signal(Kernel.SIGINT);
        leader.awaitExit(SOON.toSeconds());
        lab.holders().awaitNobody(SOON);
        leader = lab.daemon(program, lab.host(1), leadership.flags(lab.host(1)));
        lab.holders().awaitServing(lab.host(1), SOON);
        long held = lab.timeline().firstHeld(lab.host(1), lab.vip(), leader.startedAtNanos());
        figures.start.add(Duration.ofNanos(held - leader.startedAtNanos()));
    }

    @Override
    public void close() {
        lab.close();
    }
}
