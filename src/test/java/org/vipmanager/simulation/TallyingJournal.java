package org.vipmanager.simulation;

import org.vipmanager.control.Journal;
import org.vipmanager.core.Placement;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.report.ReasonText;

/** Counts reasons and transitions, and tells the story. */
final class TallyingJournal implements Journal {

    private final World world;
    private final Host host;
    private String before = "Unseen";

    TallyingJournal(World world, Host host) {
        this.world = world;
        this.host = host;
    }

    @Override
    public void tell(VirtualIp vip, Trigger trigger, Reason reason) {
        world.tally().note(Tally.Subject.REASON, reason.getClass().getSimpleName());
        if (reason instanceof Reason.AfterTrouble(Reason.InSilence why, String _)) {
            tell(vip, trigger, why);
            return;
        }
        if (reason instanceof Reason.YieldedTo) {
            host.yielded();
        }
        if (world.story().isWanted()) {
            world.story().tell(host.name(), new ReasonText(vip, trigger).of(reason));
        }
    }

    @Override
    public void changed(VirtualIp vip, VipState state) {
        String after = name(state.phase());
        if (!after.equals(before)) {
            world.tally().note(Tally.Subject.TRANSITION, before + " -> " + after);
            before = after;
        }
    }

    private static String name(VipState.Phase phase) {
        return switch (phase) {
            case VipState.Phase.Unseen _ -> "Unseen";
            case VipState.Phase.Standby standby -> standby.yielded() ? "Yielded" : "Standby";
            case VipState.Phase.Stopped _ -> "Stopped";
            case VipState.Phase.Holding holding ->
                    switch (holding.placement()) {
                        case Placement.Missing _ -> "Missing";
                        case Placement.Pending pending ->
                                pending.renewal() ? "Renewing" : "Putting";
                        case Placement.Present _ -> "Present";
                    };
        };
    }
}
