package org.vipmanager.core;

import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VipState.Placement;

/** When the state machine has to be asked again though nothing has happened. */
final class NextWakeUp {

    private NextWakeUp() {}

    static Moment of(Turn turn) {
        return switch (turn.phase) {
            case Phase.Unseen unseen -> unseen.limitAgainAt();
            case Phase.Stopped _ -> Moment.NEVER;
            case Phase.Standby standby -> standby.removeAgainAt();
            case Phase.Holding holding -> {
                Moment doubtAt = turn.inDoubt() ? turn.doubt.nextProbeAt() : ofNoDoubt(turn);
                Moment wake = Moment.earlier(turn.leadership.effectiveTrust().holdUntil(), doubtAt);
                if (holding.isPlaced() && turn.isConfirmedSinceWaking()) {
                    wake =
                            Moment.earlier(
                                    wake,
                                    holding.announcements().nextAt(turn.rules, turn.vip.isIpv6()));
                    if (!turn.inDoubt()) {
                        wake = Moment.earlier(wake, holding.announcements().nextProbeAt());
                    }
                }
                if (turn.mayDefend()) {
                    wake = Moment.earlier(wake, turn.claims.mayDefendFrom());
                }
                yield Moment.earlier(wake, ofPlacement(turn, holding.placement()));
            }
        };
    }

    private static Moment ofNoDoubt(Turn turn) {
        Moment doubtAt = turn.leadership.lastReadAsOf().plus(turn.rules.doubtAfter());
        return turn.nearlyInDoubt() ? doubtAt : doubtAt.minus(Turn.ASK_PATRONI_BEFORE);
    }

    private static Moment ofPlacement(Turn turn, Placement placement) {
        return switch (placement) {
            case Placement.Missing missing ->
                    turn.isConfirmedSinceWaking() ? missing.retryAt() : Moment.NEVER;
            case Placement.Pending _ -> Moment.NEVER;
            case Placement.Present present ->
                    turn.now.isBefore(present.renewAt())
                            ? Moment.earlier(present.renewAt(), present.kernelEnd())
                            : present.kernelEnd();
        };
    }
}
