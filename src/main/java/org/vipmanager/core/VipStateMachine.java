package org.vipmanager.core;

/**
 * Decides when this host may hold an address, and for how long the kernel is told to keep it.
 *
 * <pre>
 *              a sighting                      this host leads, and trust has a whole second left
 *   Unseen ────────────────────> Standby ──────────────────────────────────────────────> Holding
 *      │                            ^                                                       │
 *      │                            └───────────────────────────────────────────────────────┘
 *      │                              another leads, nobody leads, trust ran out (H), the kernel's lifetime
 *      │                              ran out, frozen during a put, store restored, Patroni denies, yielded
 *      │
 *      └── StopRequested, from any state ──> Stopped
 *
 *   Holding:  Missing ──put──> Pending ──acknowledged──> Present ──renew──> Pending ...
 *                ^                │                         │
 *                └─────failed─────┴──removed by others──────┘
 * </pre>
 *
 * <p>Pure: the time is an argument, everything to be done is a result. An event changes what is
 * known (order, newest sighting, trust, claims, placement); then the same questions are asked
 * whatever the event was: may the address be held now, is a put due, an announcement, a probe. So
 * no order of events can leave a question unasked. Immutable; safe for use by any thread.
 */
public final class VipStateMachine {

    private final VirtualIp vip;
    private final Trigger trigger;
    private final Rules rules;

    public VipStateMachine(VirtualIp vip, Trigger trigger, Rules rules) {
        this.vip = vip;
        this.trigger = trigger;
        this.rules = rules;
    }

    /**
     * Decides about one event.
     *
     * @param state from the step before, or {@link VipState#atStart}
     * @param now the time, not before that of the step before
     */
    public Step next(VipState state, Event event, Moment now) {
        Turn turn = new Turn(vip, trigger, rules, state, now);
        if (state.phase() instanceof VipState.Phase.Stopped) {
            if (event instanceof Event.PutEnded(PutResult result)) {
                turn.endPutAfterStop(result);
            }
            return turn.end();
        }
        switch (event) {
            case Event.Seen(Sighting sighting) -> turn.see(sighting);
            case Event.LeaseProved(LeaseProof proof) -> turn.prove(proof);
            case Event.PatroniAnswered(PatroniAnswer answer) -> turn.hearPatroni(answer);
            case Event.ClaimHeard(Claim claim) -> turn.hearClaim(claim);
            case Event.PutEnded(PutResult result) -> turn.endPut(result);
            case Event.RemoveFailed(String trouble) -> turn.retryRemoval(trouble);
            case Event.AddressGone() -> turn.loseAddress();
            case Event.AddressAppeared(FoundAddress found) -> turn.findAddress(found);
            case Event.LinkReady(String change) -> turn.linkReady(change);
            case Event.LinkLost(String change) -> turn.linkLost(change);
            case Event.Woke() -> turn.wake();
            case Event.StopRequested(boolean keep) -> turn.stop(keep);
            case Event.Tick() -> {}
        }
        turn.settle();
        return turn.end();
    }
}
