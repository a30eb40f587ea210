package org.vipmanager.simulation;

import org.vipmanager.core.Rules;

import java.time.Duration;

/**
 * The cases in which the design tells apart how long two hosts may hold the address, each with
 * where its longest time comes from; below them the times that {@link Allowance} adds up.
 *
 * <p>"Old" is the host that has lost leadership and still holds, "new" the one that leads now. All
 * times are stretched by half a percent where a host's clock measures them.
 */
enum OverlapClass {
    /** (a): the kernel's lifetime and the living daemon both end before the lease does. */
    LEASE_RAN_OUT("leadership ended by the lease's end"),

    /**
     * (a) again, where the old daemon stood still between computing a lifetime and the kernel's
     * answer: it looks at the clock afterwards and removes the address, which takes two system
     * calls.
     */
    FROZEN_IN_PUT("the same, frozen within a put"),

    /**
     * (a) once more, where a second trouble keeps that daemon from removing the address in just
     * those two system calls: it stands still again, is killed, or the kernel refuses. The kernel
     * ends what it was given too late.
     */
    KEPT_FROM_REMOVING("the same, then kept from removing it"),

    /**
     * (b): the watch tells it: one message from etcd to the daemon, then one system call; there and
     * back where it is begun anew in that moment, as a read has overtaken it.
     */
    CONNECTED("released early, old host connected"),

    /** (b): without the watch, the next read tells it: an interval, and there and back. */
    CONNECTED_WITHOUT_WATCH("the same, its watch dead or late"),

    /**
     * (b): etcd has been restored from a backup, so that all connections are broken: one round of
     * reads to connect, one that shows it.
     */
    STORE_RESTORED("the same, the store restored from a backup"),

    /**
     * (b): cut off from etcd, and hears the new holder: it is in doubt {@code max(3 s, interval +
     * dcs-timeout)} after its last good read, then two claims 200 ms apart are enough: what the new
     * one has announced before, or what it answers to the probes of two intervals.
     */
    CUT_OFF_CLAIMS_HEARD("released early, old host cut off, claims heard"),

    /**
     * (b): cut off and deaf: at the end of the lease as it was known, at most ttl after the read.
     */
    CUT_OFF_CLAIMS_UNHEARD("released early, old host cut off, claims unheard"),

    /**
     * (b): the old daemon is dead or frozen: the kernel's lifetime and its lateness; a daemon that
     * wakes up before that reads first.
     */
    DEAD_OR_FROZEN("released early, old daemon dead or frozen"),

    /** (b): cut off, then dead or frozen: what the kernel was given last ends with the lease. */
    CUT_OFF_THEN_STOPPED("released early, old host cut off, then daemon stopped"),

    /** (b): the kernel refuses to remove it: as above, and the lifetime that it was given last. */
    UNREMOVABLE("released early, the kernel refuses the removal"),

    /**
     * Nothing removes an address from a kernel that others keep busy: the request is taken in when
     * they are done.
     */
    KERNEL_BUSY("the old host's kernel is kept busy by others"),

    /** (c): no lease: connected or deaf, the retries end it, and the kernel is late. */
    RETRIES("no lease to be asked"),

    /**
     * (c): no lease, and the old host's Patroni, cut off as well, has failsafe mode ahead: it finds
     * out within two loops, its last word counts three seconds, and the kernel is late.
     */
    FAILSAFE_AHEAD("released early, old host's Patroni has failsafe mode ahead"),

    /**
     * (b): the old host's Patroni leads in failsafe mode, while the store is restored to a state in
     * which another leads: until the daemon reads, or the last word of its Patroni counts no more.
     */
    FAILSAFE("released early, old host's Patroni leads in failsafe mode"),

    /**
     * Somebody else has put the address on a host that does not lead: a daemon that knows removes
     * it at once, one that starts leaves it for a lifetime at most.
     */
    PUT_BY_OTHERS("put by others on a host that does not lead"),

    /**
     * The old host was suspended or paused as a whole: counted from when it goes on, one read; its
     * connections may have died, its daemon too, or it may be cut off as well.
     */
    HOST_STOOD_STILL("old host was suspended or paused");

    /** Two messages at their slowest, a few turns of the loop, a few system calls. */
    static final long EVENT = 2 * Scenario.LONGEST_LATENCY + 20_000_000L;

    static final long TWO_SYSTEM_CALLS = 10_000_000L;

    /** A removal that the kernel has refused is tried again each second. */
    static final long REMOVED_AGAIN_WITHIN = 1_200_000_000L;

    static final long SECOND = 1_000_000_000L;
    static final long LEAST_DOUBT = 3 * SECOND;

    /** How long the word of a Patroni that has failsafe mode counts. */
    static final long FAILSAFE_COUNTS = 3 * SECOND;

    private final String title;

    OverlapClass(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** A duration that a host's clock measures, which may be slow. */
    static long local(Duration duration) {
        return local(duration.toNanos());
    }

    static long local(long nanos) {
        return nanos / 1000 * 1005;
    }

    // What the design says, in words of its own rather than by asking the code that is judged.

    /** How long an answer counts where no lease can be asked: until every retry has failed. */
    static long policyTrust(Scenario scenario) {
        Rules rules = scenario.rules();
        long tries = rules.dcsTimeout().toNanos() * rules.retryNum();
        long pauses = rules.retryAfter().toNanos() * (rules.retryNum() - 1);
        return local(rules.interval().toNanos() + tries + pauses);
    }

    /** After how long without a good read a daemon listens to claims. */
    static long doubtAfter(Scenario scenario) {
        Rules rules = scenario.rules();
        long silent = rules.interval().toNanos() + rules.dcsTimeout().toNanos();
        return local(Math.max(LEAST_DOUBT, silent));
    }

    /** One message in calm times, a few turns of the loop, a system call. */
    static long event(Scenario scenario) {
        return scenario.latency() + 5_000_000L;
    }

    /** How long who has nothing to prove relies on a watch that says that it is alive. */
    static long reliance() {
        return local(15 * SECOND);
    }

    static long nextRead(Scenario scenario) {
        return local(scenario.rules().interval()) + 2 * EVENT;
    }

    /** A round of reads to connect to a store that was restored, and one that shows it. */
    static long reconnect(Scenario scenario) {
        return nextRead(scenario) + recovery(scenario);
    }

    /** Patroni finds out within two loops, its last word counts, and the kernel is late. */
    static long failsafeAhead(Scenario scenario) {
        return 2 * SECOND * scenario.loopSeconds()
                + local(FAILSAFE_COUNTS + SECOND + scenario.longestLateness());
    }

    /** A daemon that starts leaves what others have put for a lifetime, and has read by then. */
    static long putByOthers(Scenario scenario) {
        return kernel(scenario) + recovery(scenario);
    }

    static long twoProbes(Scenario scenario) {
        return 2 * local(scenario.rules().interval()) + 300_000_000L;
    }

    static long kernel(Scenario scenario) {
        Rules rules = scenario.rules();
        return local(rules.addressLifetime()) + scenario.longestLateness() + EVENT;
    }

    /** How long the kernel keeps an address that it was given for the first time, at most. */
    static long firstLifetime(Scenario scenario) {
        return local(2 * SECOND) + scenario.longestLateness() + EVENT;
    }

    /** How long after its last good read a host may believe that nobody else leads. */
    static long trust(Scenario scenario) {
        return scenario.provesLeases()
                ? scenario.ttlSeconds() * 1_000_000_000L
                : policyTrust(scenario);
    }

    /** How long after the end of all trouble a daemon may need to read again. */
    static long recovery(Scenario scenario) {
        Rules rules = scenario.rules();
        return 2 * local(rules.interval()) + local(rules.dcsTimeout()) + 2 * EVENT;
    }

    /** How long a daemon may take to leave a member of etcd that is not well for another. */
    static long otherMember(Scenario scenario) {
        return recovery(scenario) + local(scenario.rules().dcsTimeout()) + 500_000_000L;
    }
}
