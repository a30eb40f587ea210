package org.vipmanager.provider;

import java.time.Duration;
import java.util.Optional;

/** Why something was decided about a routed address; sentences are made of it elsewhere. */
public sealed interface RouteReason {

    /** This host leads, and it is looked at where the address is routed. */
    record Looking(String value) implements RouteReason {}

    /** This host leads, and the provider is asked to route the address here. */
    record Acquiring(String value) implements RouteReason {}

    /**
     * Another host leads, or none.
     *
     * @param value empty when the key is absent
     */
    record StandingBy(Optional<String> value) implements RouteReason {}

    /**
     * This host has led until now, and leaves the address to the next leader.
     *
     * @param value what the key says now; empty when it is absent
     * @param callRuns whether the provider is still busy with what it was asked before
     */
    record LeadsNoLonger(Optional<String> value, boolean callRuns) implements RouteReason {}

    /** The DCS shows an older state than before, or another cluster. */
    record StoreRestored() implements RouteReason {}

    /** The provider is switching. */
    record SwitchUnderWay(String what, Duration patience) implements RouteReason {}

    /**
     * The address is routed here.
     *
     * @param took since this host leads, or since it was found to be elsewhere
     */
    record RoutedHere(Duration took) implements RouteReason {}

    /** It was here, and others have routed it elsewhere. */
    record Drifted(String where) implements RouteReason {}

    /** The provider could not route it here; it is tried again. */
    record AcquireFailed(String trouble, Duration again, boolean needsAPerson)
            implements RouteReason {}

    /** It could not be looked at where the address is; it is tried again. */
    record CheckFailed(String trouble, Duration again, boolean needsAPerson)
            implements RouteReason {}

    /** The provider could be asked again, and the address is where it was. */
    record CheckedAgain() implements RouteReason {}

    /** A switch has not happened in its time, and is asked for again. */
    record SwitchTimedOut(String where, Duration after) implements RouteReason {}

    /**
     * What may be asked in an hour is used up.
     *
     * @param kind what is to be asked
     * @param left until it may be
     * @param wait until it may be
     */
    record BudgetUsedUp(Call.Kind kind, int perHour, Duration left) implements RouteReason {}

    /** What was asked before this host ceased to lead has ended only now. */
    record EndedTooLate(String what) implements RouteReason {}

    /** The provider was told that this host needs it no more. */
    record Released() implements RouteReason {}

    /** Telling that has failed. */
    record ReleaseFailed(String trouble) implements RouteReason {}

    /** The daemon stops, or the address is no longer configured. */
    record Stopped(boolean wasHere) implements RouteReason {}
}
