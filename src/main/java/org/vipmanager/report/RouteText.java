package org.vipmanager.report;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.log.Printable;
import org.vipmanager.provider.Call;
import org.vipmanager.provider.RouteReason;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** Makes a sentence of why something was decided about a routed address. */
final class RouteText {

    private static final int LONGEST = 300;

    private final String vip;
    private final Trigger trigger;

    RouteText(VirtualIp vip, Trigger trigger) {
        this.vip = name(vip);
        this.trigger = trigger;
    }

    /** Without an interface, on which it need not be. */
    static String name(VirtualIp vip) {
        return PrintedAddress.of(vip.address());
    }

    /** How loudly it is told. */
    static Level level(RouteReason reason) {
        return switch (reason) {
            case RouteReason.AcquireFailed failed when failed.needsAPerson() -> Level.ERROR;
            case RouteReason.CheckFailed failed when failed.needsAPerson() -> Level.ERROR;
            case RouteReason.AcquireFailed _,
                    RouteReason.CheckFailed _,
                    RouteReason.Drifted _,
                    RouteReason.SwitchTimedOut _,
                    RouteReason.BudgetUsedUp _,
                    RouteReason.EndedTooLate _,
                    RouteReason.ReleaseFailed _,
                    RouteReason.StoreRestored _ ->
                    Level.WARNING;
            default -> Level.INFO;
        };
    }

    String of(RouteReason reason) {
        return switch (reason) {
            case RouteReason.Looking(String value) ->
                    "%s is %s: this host leads; looking where %s is routed"
                            .formatted(key(), Printable.quoted(value), vip);
            case RouteReason.Acquiring(String value) ->
                    "%s is %s: this host leads; asking the provider to route %s here"
                            .formatted(key(), Printable.quoted(value), vip);
            case RouteReason.StandingBy(Optional<String> value) ->
                    "%s: standing by, %s".formatted(vip, keyIs(value));
            case RouteReason.LeadsNoLonger(Optional<String> value, boolean callRuns) ->
                    "%s is left to the next leader: %s%s"
                            .formatted(
                                    vip,
                                    keyIs(value),
                                    callRuns
                                            ? "; the provider is still busy with what it was asked before"
                                            : "");
            case RouteReason.StoreRestored() ->
                    "%s: the DCS shows an older revision than before, or another cluster; reading it again before anything is changed"
                            .formatted(vip);
            case RouteReason.SwitchUnderWay(String what, Duration patience) ->
                    "%s is being switched (%s): looking until it has happened, for %s at most"
                            .formatted(vip, line(what), seconds(patience));
            case RouteReason.RoutedHere(Duration took) ->
                    "%s is routed to this host (after %s)".formatted(vip, seconds(took));
            case RouteReason.Drifted(String where) ->
                    "%s was routed here and is now routed to %s, but this host leads: asking for it again; look who else changes it"
                            .formatted(vip, line(where));
            case RouteReason.AcquireFailed(String trouble, Duration again, boolean person) ->
                    "this host leads but %s cannot be routed here, trying again in %s%s: %s"
                            .formatted(vip, seconds(again), mend(person), line(trouble));
            case RouteReason.CheckFailed(String trouble, Duration again, boolean person) ->
                    "cannot look whether %s is still routed as it was, trying again in %s%s: %s"
                            .formatted(vip, seconds(again), mend(person), line(trouble));
            case RouteReason.CheckedAgain() ->
                    "the provider answers again: %s is routed to this host".formatted(vip);
            case RouteReason.SwitchTimedOut(String where, Duration after) ->
                    "%s was not routed here within %s (%s): asking again"
                            .formatted(vip, seconds(after), line(where));
            case RouteReason.BudgetUsedUp(Call.Kind kind, int perHour, Duration wait) ->
                    "%s: the %d requests of an hour that %s are used up, waiting for %s"
                            .formatted(
                                    vip,
                                    perHour,
                                    kind == Call.Kind.STATE ? "look at it" : "change it",
                                    seconds(wait));
            case RouteReason.EndedTooLate(String what) ->
                    "%s: what the provider was asked before this host ceased to lead has ended only now (%s); the leader takes the address back"
                            .formatted(vip, line(what));
            case RouteReason.Released() ->
                    "%s: the provider was told that this host does not need it any more"
                            .formatted(vip);
            case RouteReason.ReleaseFailed(String trouble) ->
                    "%s: the provider could not be told that this host does not need it any more; the next leader takes it: %s"
                            .formatted(vip, line(trouble));
            case RouteReason.Stopped(boolean wasHere) ->
                    wasHere
                            ? "%s stays routed to this host until the next leader takes it"
                                    .formatted(vip)
                            : "%s is not looked after any more".formatted(vip);
        };
    }

    private String key() {
        return "leader key " + trigger.key();
    }

    private String keyIs(Optional<String> value) {
        return value.map(other -> key() + " is " + Printable.quoted(other))
                        .orElse(key() + " does not exist")
                + " (this host waits for "
                + Printable.quoted(trigger.value())
                + ")";
    }

    private static String mend(boolean needsAPerson) {
        return needsAPerson ? ", but somebody has to mend it" : "";
    }

    /** Of others' words. */
    private static String line(String text) {
        return Printable.line(text, LONGEST);
    }

    private static String seconds(Duration duration) {
        return ReasonText.seconds(duration);
    }
}
