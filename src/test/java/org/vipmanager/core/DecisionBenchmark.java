package org.vipmanager.core;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How long the decision takes: "make jmh". */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionBenchmark {

    private static final Moment LATER = MachineUnderTest.at(1000);

    private final VipState following = VipState.atStart(MachineUnderTest.at(0));

    private final Event ours = new Event.Seen(sighting(MachineUnderTest.US));
    private final Event others = new Event.Seen(sighting(MachineUnderTest.OTHER));

    private static Sighting sighting(String holder) {
        return new Sighting(
                MachineUnderTest.TRIGGER.key(),
                Optional.of(holder),
                Sighting.Origin.READ,
                new Revision(1, 2),
                2,
                0,
                LATER,
                LATER);
    }

    /** This host has become the leader. */
    @Benchmark
    public Step takeover() {
        return decide(ours);
    }

    /** Another host leads, as before. */
    @Benchmark
    public Step nothingToDo() {
        return decide(others);
    }

    private Step decide(Event event) {
        return new Decision(
                        MachineUnderTest.VIP,
                        MachineUnderTest.TRIGGER,
                        Rules.DEFAULT,
                        following,
                        LATER)
                .about(event);
    }
}
