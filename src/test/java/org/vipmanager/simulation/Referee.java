package org.vipmanager.simulation;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Sees everything in true time and calls it when a promise is broken. */
final class Referee {

    private final World world;
    private final long seed;
    private final List<Violation> violations = new ArrayList<>();

    /** The hosts that hold without leading while another holds, and since when. */
    private final Map<Host, Overlap> overlaps = new LinkedHashMap<>();

    /** The hosts that hold without leading, alone or not, and since when. */
    private final Map<Host, Long> leaderless = new LinkedHashMap<>();

    /** When the leader's lease was last seen too short for an address. */
    private long leaseShortAt = Long.MIN_VALUE / 2;

    private boolean judgedTheCalm;

    private final Promptness promptness;
    private final Lifetimes lifetimes;

    private record Overlap(Host other, long since) {}

    Referee(World world, long seed) {
        this.world = world;
        this.seed = seed;
        promptness = new Promptness(world, this);
        lifetimes = new Lifetimes(world, this);
    }

    List<Violation> violations() {
        return List.copyOf(violations);
    }

    private void violated(char invariant, String what) {
        Violation violation = new Violation(invariant, what);
        violations.add(violation);
        world.story().tell("REFEREE", violation.toString());
    }

    private static String inSeconds(long nanos) {
        return String.format(Locale.ROOT, "%.4f s", nanos / 1e9);
    }

    // (a), (b), (c): two holders.

    void holdersOrLeaderChanged() {
        long now = world.agenda().now();
        for (Host host : world.hosts()) {
            boolean holdsWithoutLeading = host.holds() && !world.leadership().leads(host);
            if (holdsWithoutLeading) {
                leaderless.putIfAbsent(host, now);
            } else {
                Optional.ofNullable(leaderless.remove(host))
                        .ifPresent(since -> judgeAlone(host, since, now));
            }
            Overlap going = overlaps.get(host);
            if (going != null && !(holdsWithoutLeading && going.other().holds())) {
                overlaps.remove(host);
                if (now > going.since()) {
                    judge(host, going, now);
                }
            }
            if (holdsWithoutLeading) {
                // What it hears of one holder says nothing of the next.
                otherHolder(host)
                        .ifPresent(other -> overlaps.putIfAbsent(host, new Overlap(other, now)));
            }
        }
    }

    private Optional<Host> otherHolder(Host host) {
        return world.hosts().stream().filter(other -> other != host && other.holds()).findFirst();
    }

    void end() {
        long now = world.agenda().now();
        overlaps.forEach((host, overlap) -> judge(host, overlap, now));
        leaderless.forEach((host, since) -> judgeAlone(host, since, now));
    }

    /** Nobody else may have been ready to hold: the next time somebody is. */
    private void judgeAlone(Host old, long since, long end) {
        Optional<Leadership.Ended> ended = world.leadership().lastEnd(old);
        Allowance allowance = new Allowance(world, old, Optional.empty(), ended, since, end);
        if (end > allowance.deadline() && old.patroni().failsafeCountsUntil() <= since) {
            String what = old + " held without leading for " + inSeconds(end - since);
            violated(allowance.invariant(), what + told(since, ended, allowance));
        }
    }

    private static String told(long since, Optional<Leadership.Ended> ended, Allowance allowance) {
        return " from "
                + inSeconds(since)
                + ended.map(how -> ", its leadership " + how).orElse(", never having led")
                + "; allowed until "
                + inSeconds(allowance.deadline())
                + " ("
                + allowance.kind().title()
                + ")";
    }

    private void judge(Host old, Overlap overlap, long end) {
        Optional<Leadership.Ended> ended = world.leadership().lastEnd(old);
        Allowance allowance =
                new Allowance(
                        world, old, Optional.of(overlap.other()), ended, overlap.since(), end);
        long length = end - overlap.since();
        boolean nobodyIsThere =
                allowance.kind() == OverlapClass.PUT_BY_OTHERS
                        && Impairment.UNABLE.stream()
                                .anyMatch(
                                        kind ->
                                                old.impairments()
                                                        .during(kind, overlap.since(), end));
        if (!nobodyIsThere) {
            long allowed = allowance.deadline() - overlap.since();
            world.tally().overlap(allowance.kind(), length, allowed, seed);
        }
        String what =
                old
                        + " held beside "
                        + overlap.other()
                        + " for "
                        + inSeconds(length)
                        + told(overlap.since(), ended, allowance);
        world.story().tell("referee", what);
        if (end > allowance.deadline()) {
            violated(allowance.invariant(), what);
        }
    }

    /** Nobody is there to remove it any more. */
    void leftAtTheStop(Host host) {
        violated('b', host + " has stopped and left an address that it did not keep");
    }

    // (d): after healing exactly the leader holds.

    void checkExactlyTheLeaderHolds(long healedAt) {
        long now = world.agenda().now();
        long patience = OverlapClass.recovery(world.scenario());
        if (world.etcd().isLeaseShort()) {
            leaseShortAt = now;
        }
        if (world.leadership().leader().isEmpty()
                || now < Math.max(healedAt, world.leadership().since()) + patience) {
            return;
        }
        for (Host host : world.hosts()) {
            boolean leads = world.leadership().leads(host);
            boolean mayWait =
                    leads && (now < leaseShortAt + patience || mayHaveHeardNothing(host, healedAt));
            if (host.holds() != leads && !mayWait) {
                violated(
                        'd',
                        host
                                + (leads ? " does not hold" : " holds")
                                + " though all is well and "
                                + world.leadership().leader().get()
                                + " leads");
            }
            judgedTheCalm |= leads && !mayWait;
        }
    }

    /** Its watch has told it nothing, and the read that tells it is not due. */
    private boolean mayHaveHeardNothing(Host host, long healedAt) {
        long since = Math.max(healedAt, world.leadership().since());
        long told = since + OverlapClass.reliance() + OverlapClass.recovery(world.scenario());
        long now = world.agenda().now();
        return now < told && host.impairments().during(Impairment.WATCH_DEAF, since, now);
    }

    boolean hasJudgedTheCalm() {
        return judgedTheCalm;
    }

    /** In each run there is a calm in which a leader holds, or should. */
    void calmEnded() {
        if (judgedTheCalm) {
            world.tally().note(Tally.Subject.HAPPENED, "a leader was judged when all was well");
        } else {
            violated('d', "nobody leads for long, with a lease that is long enough, in the calm");
        }
    }

    // (e): no needless drop.

    void dropped(Host host, Kernel.Removal how) {
        if (how == Kernel.Removal.FOREIGN) {
            return;
        }
        new NeedlessDrop(world, host)
                .why()
                .ifPresent(
                        why -> violated('e', host + " dropped the address: " + how + ", " + why));
    }

    /** Every member has agreed that nobody else leads. */
    void yieldedThoughVouchedFor(Host host) {
        violated('e', host + " yields though its Patroni leads in failsafe mode");
    }

    // (f): who was frozen announces and renews nothing before a read.

    void announced(Host host) {
        promptness.announced(host);
        if (host.isUnconfirmedSinceWaking()) {
            violated('f', host + " was frozen and announces before it has read");
        }
    }

    /** Patroni may speak in place of an etcd that is lost. */
    void prolonged(Host host) {
        if (host.isUnconfirmedSinceWaking() && !world.scenario().askPatroni()) {
            violated('f', host + " was frozen and renews the address before it has read");
        }
    }

    // (g): whoever runs comes to rest.

    void restless(Host host, String what) {
        violated('g', host + " " + what + " for ever");
    }

    // (h): whom nothing keeps from it holds at once, and announces it.

    Promptness promptness() {
        return promptness;
    }

    void notPrompt(String what) {
        violated('h', what);
    }

    // Whoever put it, it ends in time.

    Lifetimes lifetimes() {
        return lifetimes;
    }

    void outlasts(String what) {
        violated('b', what);
    }

    // (x): nobody ends by a defect of his own.

    void endedByDefect(Throwable defect) {
        StringWriter trace = new StringWriter();
        defect.printStackTrace(new PrintWriter(trace));
        violated('x', "a daemon, or the simulation, ends by a defect: " + trace);
    }
}
