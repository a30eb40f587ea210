package org.vipmanager.status;

import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.report.ReasonText;

import java.time.Instant;

/** One decision that was told: what, when and why. */
public record ToldReason(Instant time, VirtualIp vip, Trigger trigger, Reason reason) {

    /** What became of an interface concerns all its addresses, and is one event. */
    boolean isTheSameOfItsInterface(VirtualIp other, Reason told) {
        return reason.equals(told) && vip.interfaceName().equals(other.interfaceName());
    }

    static boolean concernsInterface(Reason reason) {
        return reason instanceof Reason.InterfaceReady || reason instanceof Reason.InterfaceLost;
    }

    /** As in the log. */
    public String text() {
        return new ReasonText(vip, trigger).of(reason);
    }

    /** The kind of the reason, for programs: {@code LeaderIsOther}. */
    public String name() {
        return name(reason);
    }

    static String name(Reason reason) {
        return switch (reason) {
            case Reason.AfterTrouble(Reason.InSilence why, String _) ->
                    why.getClass().getSimpleName();
            case Reason why -> why.getClass().getSimpleName();
        };
    }

    /** {@code info} or {@code warning}. */
    public String level() {
        return ReasonText.level(reason) == System.Logger.Level.WARNING ? "warning" : "info";
    }
}
