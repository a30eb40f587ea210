package org.vipmanager.core;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.Placement.Changed;
import org.vipmanager.core.Placement.Missing;
import org.vipmanager.core.Placement.Pending;
import org.vipmanager.core.Placement.Present;
import org.vipmanager.core.Placement.Refused;
import org.vipmanager.core.Placement.Wanted;
import org.vipmanager.core.Placement.WithoutLink;
import org.vipmanager.core.VipState.Phase;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the address on this host's interface while it is held: puts, renews and announces it, and
 * puts it right when others interfere.
 *
 * <p>{@link Decision} says whether it is held, and hands in what is known of who leads. One object
 * for one step; used by one thread.
 */
final class Upkeep {

    /** Of {@link KernelLifetime#LONGEST_PUT} so much is the kernel's, and no freeze. */
    private static final Duration SLOW_KERNEL = Duration.ofMillis(250);

    private final VirtualIp vip;
    private final Rules rules;
    private final Moment now;
    private final List<Action> actions;
    private final List<Reason> reasons;
    private final Removal removal;

    /** Null while the address is not held. */
    private @Nullable Placement placement;

    private AnnouncementSchedule announcements;

    Upkeep(
            VirtualIp vip,
            Rules rules,
            VipState state,
            Moment now,
            List<Action> actions,
            List<Reason> reasons,
            Removal removal) {
        this.vip = vip;
        this.rules = rules;
        this.now = now;
        this.actions = actions;
        this.reasons = reasons;
        this.removal = removal;
        announcements = AnnouncementSchedule.startingAt(now);
        if (state.phase() instanceof Phase.Holding holding) {
            placement = holding.placement();
            announcements = holding.announcements();
        }
    }

    Phase phase() {
        return placement == null ? removal.phase() : new Phase.Holding(placement, announcements);
    }

    boolean isHolding() {
        return placement != null;
    }

    /** On the interface, as far as is known. */
    boolean isPlaced() {
        return placement != null && placement.isPlaced();
    }

    /** If nothing more is heard; one that was frozen renews nothing before it has read. */
    Moment heldUntil(Leadership known) {
        Moment trusted = known.effectiveTrust().heldUntil();
        return !known.mayRenewSinceWaking() && placement instanceof Present present
                ? Moment.earlier(trusted, present.kernelEnd())
                : trusted;
    }

    void takeOver() {
        removal.rest();
        placement = new Wanted(now, Moment.LONG_AGO);
        announcements = AnnouncementSchedule.startingAt(now);
    }

    void release(Reason.Release why, Leadership known) {
        if (placement != null) {
            Moment othersFrom = known.effectiveTrust().end();
            actions.addAll(0, Farewell.of(why, othersFrom, rules, now));
            reasons.add(placement instanceof Refused ? new Reason.GaveUp(why) : why);
            placement = null;
        }
    }

    /** What is there is left to its lifetime in the kernel, for the next start to adopt it. */
    void leaveToTheKernel(Leadership known) {
        if (placement != null && known.secondsLeft(now) >= 1) {
            boolean ended = placement instanceof Present present && present.mayHaveEnded(now);
            if (known.mayRenewSinceWaking() && !ended) {
                actions.add(new Action.Put(known.lifetime(now)));
            }
            reasons.add(new Reason.StoppingKept());
        }
        placement = null;
    }

    // What the kernel says.

    /**
     * Takes it in.
     *
     * @return what is known of who leads, which may count for less now
     */
    Leadership learn(Event.OfKernel event, Leadership known) {
        switch (event) {
            case Event.PutEnded(PutResult result) -> {
                return placement instanceof Pending pending
                        ? putEnded(result, pending, known)
                        : known;
            }
            case Event.AddressGone() -> {
                return placement instanceof Present present ? lose(present, known) : known;
            }
            case Event.AddressGoneWithLink() -> {
                // The interface's own event tells people, and its return puts the address again.
                if (placement instanceof Present present) {
                    placement = new WithoutLink(present.givenUntil());
                }
            }
            case Event.AddressReturned() -> {
                // Whoever uses it may have missed it for a moment: tell all of them where it is.
                if (isPlaced()) {
                    announcements = AnnouncementSchedule.startingAt(now);
                }
            }
            case Event.AddressAppeared(FoundAddress found) -> {
                // Somebody changed its lifetime, or put it again: make it ours again.
                if (placement instanceof Present present) {
                    Moment soon =
                            removal.meddled(times -> new Reason.LifetimeChanged(found, times));
                    placement = new Changed(soon, present.givenUntil());
                }
            }
            case Event.AnnouncementRefused() -> announcements = announcements.afterRefusal(now);
            case Event.LinkChanged(LinkChange.Ready change) -> {
                reasons.add(new Reason.InterfaceReady(change));
                if (placement != null && !(placement instanceof Pending)) {
                    placement = new Wanted(now, placement.givenUntil());
                }
            }
            case Event.LinkChanged(LinkChange.Lost change) ->
                    reasons.add(new Reason.InterfaceLost(change));
            case Event.RemoveFailed _ -> {}
        }
        return known;
    }

    private Leadership putEnded(PutResult result, Pending pending, Leadership known) {
        switch (result) {
            case PutResult.Done done -> {
                if (known.lifetime(now).isStale(done, pending.mayCreateUntil(done))) {
                    return releaseUntilRead(
                            known.returningAfter(done.acknowledgedAt()), tooSlow(done));
                }
                place(done, pending, known);
            }
            case PutResult.TooLate late -> {
                return decideAnew(late, pending, known);
            }
            case PutResult.Failed _ when pending.givesBack() -> placement = pending.again(now);
            case PutResult.Failed(String trouble) -> {
                Refused refused = pending.refused(now);
                if (refused.isToBeTold()) {
                    reasons.add(new Reason.PutFailed(trouble));
                }
                placement = refused;
            }
        }
        return known;
    }

    private void place(PutResult.Done done, Pending pending, Leadership known) {
        boolean restored = pending.renewal() && done.created();
        if (restored) {
            removal.meddled(Reason.Restored::new);
        }
        if (restored || !pending.renewal()) {
            announcements = AnnouncementSchedule.startingAt(now);
        }
        Present present = Present.after(done, rules.margins());
        boolean more = !pending.renewal() && known.secondsLeft(now) > done.seconds();
        placement = more ? present.renewedSoon(now) : present;
    }

    /**
     * A put that came too late to be sent. While the kernel keeps the address anyway, or would have
     * if others had not removed it, that is decided anew, after whatever else has come in.
     */
    private Leadership decideAnew(PutResult.TooLate late, Pending pending, Leadership known) {
        if (known.secondsLeft(now) < 1) {
            return known.returningAfterLast();
        }
        if (!now.isBefore(pending.givenUntil())) {
            return releaseUntilRead(known.returningAfter(now), tooSlow(late.kernelTook()));
        }
        placement = pending.again(now);
        return known;
    }

    private static Reason.Release tooSlow(PutResult.Done done) {
        return done.processTook().compareTo(done.kernelTook()) > 0
                ? new Reason.FrozenDuringPut()
                : tooSlow(done.kernelTook());
    }

    private static Reason.Release tooSlow(Duration kernelTook) {
        return kernelTook.compareTo(SLOW_KERNEL) >= 0
                ? new Reason.KernelTooSlow(kernelTook)
                : new Reason.FrozenDuringPut();
    }

    private Leadership lose(Present present, Leadership known) {
        if (present.mayHaveEnded(now) || known.secondsLeft(now) < 1) {
            return releaseUntilRead(known.returningAfterLast(), new Reason.LifetimeRanOut());
        }
        placement = new Wanted(removal.meddled(Reason.Restored::new), present.givenUntil());
        return known;
    }

    private Leadership releaseUntilRead(Leadership known, Reason.Release why) {
        actions.add(new Action.ReadNow());
        release(known.contact().explain(why), known);
        return known;
    }

    // What is due.

    /**
     * When the kernel removes it by itself, or so much earlier that its connections can be ended
     * before; at once where that is too late, and it cannot be put for a shorter time.
     */
    Moment lifetimeEndsAt(Leadership known) {
        if (!(placement instanceof Present present)) {
            return Moment.NEVER;
        }
        boolean tooLate =
                known.lifetime(now).isExceededBy(present.kernelEnd())
                        && (known.secondsLeft(now) < 1 || shorter(present, known).isEmpty());
        return tooLate ? now : present.kernelEnd().minus(rules.margins().farewell());
    }

    /**
     * What is put first is short, so that one that was delayed does little harm. Before a read has
     * confirmed that this host still leads, nothing is put; but what others have made last longer
     * is given again what it had.
     */
    Duty put(Leadership known) {
        if (!(placement instanceof Missing missing)) {
            return Duty.NONE;
        }
        KernelLifetime lifetime = known.lifetime(now);
        if (isConfirmed(known)) {
            KernelLifetime brief = lifetime.atMost(rules.margins().firstLifetime());
            return new Duty(missing.putAt(), () -> put(brief, missing, false));
        }
        return missing instanceof Changed changed
                ? new Duty(
                        changed.putAt(),
                        () -> put(lifetime.atMost(changed.left(now)), changed, true))
                : Duty.NONE;
    }

    /** To end later by what trust allows; or earlier, at once, where it allows less than it did. */
    Duty renew(Leadership known) {
        if (!(placement instanceof Present present)) {
            return Duty.NONE;
        }
        KernelLifetime lifetime = known.lifetime(now);
        if (lifetime.isExceededBy(present.kernelEnd())) {
            return shorter(present, known)
                    .map(less -> new Duty(now, () -> put(lifetime.atMost(less), present, true)))
                    .orElse(Duty.NONE);
        }
        boolean gains = now.isBefore(present.renewAt()) || present.gainsBy(lifetime, now);
        return Duty.when(
                gains && known.mayRenewSinceWaking(),
                present.renewAt(),
                () -> put(lifetime, present, true));
    }

    private Optional<Duration> shorter(Present present, Leadership known) {
        return present.shorter(now, known.mayRenewSinceWaking());
    }

    private void put(KernelLifetime lifetime, Placement before, boolean renewal) {
        actions.add(new Action.Put(lifetime));
        placement = new Pending(before, renewal);
    }

    Duty announce(Leadership known) {
        return Duty.when(
                isPlaced() && isConfirmed(known),
                announcements.nextAt(rules, vip.isIpv6()),
                () -> {
                    // Before all else: the network waits for it, nobody for a longer lifetime.
                    actions.addFirst(new Action.Announce());
                    announcements = announcements.afterSending(now);
                });
    }

    /** Who answers now, while the DCS says that this host leads, has no right to. */
    Duty probe(Leadership known) {
        return Duty.when(
                isPlaced() && isConfirmed(known) && !known.contact().isInDoubt(now, rules),
                announcements.nextProbeAt(),
                () -> {
                    actions.add(new Action.Probe());
                    announcements = announcements.afterProbe(now);
                });
    }

    private static boolean isConfirmed(Leadership known) {
        return known.contact().isConfirmedSinceWaking();
    }
}
