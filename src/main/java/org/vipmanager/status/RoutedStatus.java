package org.vipmanager.status;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.provider.RouteState;
import org.vipmanager.provider.RouteState.Phase;

import java.util.Optional;

/** An address that a provider routes, at one moment. Immutable. */
public record RoutedStatus(VirtualIp vip, Trigger trigger, RouteState state) {

    /** In the words of {@link org.vipmanager.report.Condition}, as far as they fit. */
    String condition() {
        return switch (state.phase()) {
            case Phase.Unseen _ -> "waiting";
            case Phase.Elsewhere _ -> "standby";
            case Phase.Wanted _ -> "not there";
            case Phase.Switching _ -> "switching";
            case Phase.Here _ -> "holding";
            case Phase.Failed _ -> "not there";
            case Phase.Stopped _ -> "stopped";
        };
    }

    /** Whether the provider routes it here. */
    public boolean isHere() {
        return state.phase() instanceof Phase.Here;
    }

    Optional<String> holder() {
        return state.leader();
    }

    /** Why the provider does not do what is wanted of it. */
    Optional<String> trouble() {
        return state.phase() instanceof Phase.Failed failed
                ? Optional.of(failed.trouble())
                : Optional.empty();
    }

    String why() {
        return name()
                + switch (state.phase()) {
                    case Phase.Unseen _ ->
                            " is not asked for: since the daemon started the DCS has not said who"
                                    + " leads";
                    case Phase.Elsewhere _ -> " is not asked for: this host does not lead";
                    case Phase.Wanted _ ->
                            " is not known to be here: this host leads, and the provider is being"
                                    + " asked";
                    case Phase.Switching _ -> " is on its way: the provider is switching";
                    case Phase.Here _ -> " is here: this host leads, and the provider says so";
                    case Phase.Failed failed ->
                            " is not here, though this host leads: " + failed.trouble();
                    case Phase.Stopped _ -> " is no longer looked after: the daemon is stopping";
                };
    }

    String name() {
        return PrintedAddress.of(vip.address());
    }
}
