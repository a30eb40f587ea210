package org.vipmanager.core;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One address and what is known of it; the decision is told what happens in milliseconds since it
 * was started.
 */
final class MachineUnderTest {

    static final String US = "pg1";
    static final String OTHER = "pg2";
    static final Trigger TRIGGER = new Trigger("/leader", US);
    static final VirtualIp VIP = new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 24, "eth0");

    private Rules rules;
    private VipState state = VipState.atStart(at(0));
    private Moment now = at(0);
    private Moment wakeUp = at(0);

    MachineUnderTest() {
        this(Rules.DEFAULT);
    }

    MachineUnderTest(Rules rules) {
        this.rules = rules;
    }

    /** The defaults, but announcements end. */
    static Rules withoutRefresh() {
        Rules rules = Rules.DEFAULT;
        return new Rules(
                rules.interval(),
                rules.dcsTimeout(),
                rules.retryNum(),
                rules.retryAfter(),
                rules.addressLifetime(),
                rules.announceCount(),
                Duration.ZERO,
                rules.yieldInDoubt(),
                rules.expectFailsafe(),
                rules.margins());
    }

    static Moment at(long millis) {
        return new Moment(0).plus(Duration.ofMillis(millis));
    }

    VipState state() {
        return state;
    }

    /** When it was told something last. */
    long now() {
        return at(0).until(now).toMillis();
    }

    /** When it wants to be woken, far in the future for never. */
    long wakeUpMillis() {
        return at(0).until(wakeUp).toMillis();
    }

    Step next(Event event, long millis) {
        Step step = new Decision(VIP, TRIGGER, rules, state, at(millis)).about(event);
        state = step.state();
        now = at(millis);
        wakeUp = step.wakeUp();
        return step;
    }

    Step decideBy(Rules others, long millis) {
        Rules before = rules;
        rules = others;
        return next(new Event.RulesChanged(before), millis);
    }

    Step tick(long millis) {
        return next(new Event.Tick(), millis);
    }

    /** A read of a key without a lease, answered in the millisecond in which it was sent. */
    Step read(String leader, long revision, long millis) {
        return next(
                new Event.Seen(
                        sighting(Sighting.Origin.READ, leader, revision, revision, 0, millis)),
                millis);
    }

    Step readAbsent(long revision, long millis) {
        Sighting absent =
                new Sighting(
                        TRIGGER.key(),
                        Optional.empty(),
                        Sighting.Origin.READ,
                        new Revision(1, revision),
                        0,
                        0,
                        at(millis),
                        at(millis));
        return next(new Event.Seen(absent), millis);
    }

    /** A read of a key with a lease, written at revision 1. */
    Step readLeased(long lease, long millis) {
        return readLeased(lease, 1, millis);
    }

    Step readLeased(long lease, long modRevision, long millis) {
        return next(
                new Event.Seen(
                        sighting(
                                Sighting.Origin.READ, US, modRevision, modRevision, lease, millis)),
                millis);
    }

    Step event(String leader, long revision, long lease, long asOfMillis, long millis) {
        return next(
                new Event.Seen(
                        sighting(
                                Sighting.Origin.EVENT,
                                leader,
                                revision,
                                revision,
                                lease,
                                asOfMillis)),
                millis);
    }

    static Sighting sighting(
            Sighting.Origin origin,
            String leader,
            long revision,
            long modRevision,
            long lease,
            long asOfMillis) {
        return new Sighting(
                TRIGGER.key(),
                Optional.of(leader),
                origin,
                new Revision(1, revision),
                modRevision,
                lease,
                at(asOfMillis),
                at(asOfMillis));
    }

    Step proved(long lease, long endMillis, long millis) {
        return proved(lease, 1, endMillis, millis);
    }

    Step proved(long lease, long modRevision, long endMillis, long millis) {
        return next(
                new Event.LeaseProved(
                        new LeaseProof(TRIGGER.key(), modRevision, lease, at(endMillis))),
                millis);
    }

    Step putDone(long millis, int seconds) {
        return next(new Event.PutEnded(put(millis, seconds, millis)), millis);
    }

    /** Of an address that was there, or so quick that it makes no difference. */
    static PutResult.Done put(long computedMillis, int seconds, long acknowledgedMillis) {
        return new PutResult.Done(
                at(computedMillis), seconds, at(acknowledgedMillis), false, Duration.ZERO);
    }

    /** Of an address that was not there. */
    static PutResult.Done created(
            long computedMillis, int seconds, long acknowledgedMillis, long kernelTookMillis) {
        return new PutResult.Done(
                at(computedMillis),
                seconds,
                at(acknowledgedMillis),
                true,
                Duration.ofMillis(kernelTookMillis));
    }

    /** That others have put, so long as they please. */
    static Event.AddressAppeared appeared(Duration lifetime) {
        return new Event.AddressAppeared(new FoundAddress(Optional.of(lifetime), 24));
    }

    static Event.AddressAppeared appearedForEver() {
        return new Event.AddressAppeared(new FoundAddress(Optional.empty(), 24));
    }

    Step claim(String hardwareAddress, long millis) {
        return next(
                new Event.ClaimHeard(new Claim(HardwareAddresses.of(hardwareAddress), at(millis))),
                millis);
    }

    Step patroni(int status, PatroniAnswer.Failsafe failsafe, long millis) {
        return next(
                new Event.PatroniAnswered(new PatroniAnswer(at(millis), status, failsafe)), millis);
    }

    /** Leads by a key without a lease since 0, the address put for 7 s. */
    static MachineUnderTest leading() {
        return leading(Rules.DEFAULT);
    }

    static MachineUnderTest leading(Rules rules) {
        MachineUnderTest machine = new MachineUnderTest(rules);
        machine.read(US, 1, 0);
        machine.putDone(0, 2);
        machine.tick(50);
        machine.putDone(50, 7);
        return machine;
    }

    /** Leads by a key with lease 5, proved until 30 s, the address put for 10 s. */
    static MachineUnderTest leadingByLease() {
        return leadingByLease(30_000, 10);
    }

    /** The same, proved until then, and put for so long. */
    static MachineUnderTest leadingByLease(long provedMillis, int seconds) {
        MachineUnderTest machine = new MachineUnderTest();
        machine.readLeased(5, 0);
        machine.proved(5, provedMillis, 0);
        machine.putDone(0, 2);
        machine.tick(50);
        machine.putDone(50, seconds);
        return machine;
    }

    /** What is done beside announcing. */
    static List<Action> quiet(Step step) {
        return step.actions().stream()
                .filter(action -> !(action instanceof Action.Announce))
                .toList();
    }

    static List<KernelLifetime> puts(Step step) {
        return step.actions().stream()
                .filter(Action.Put.class::isInstance)
                .map(action -> ((Action.Put) action).lifetime())
                .toList();
    }
}
