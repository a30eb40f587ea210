package org.vipmanager.provider;

import org.vipmanager.core.Moment;

import java.util.List;

/**
 * What was decided about an event.
 *
 * @param calls what to ask of the provider: none, or one
 * @param readDcs whether to read the DCS now
 * @param reasons what to tell people, in this order
 * @param wakeUp when to decide again, unless something else happens before
 */
public record RouteStep(
        RouteState state,
        List<Call.Kind> calls,
        boolean readDcs,
        List<RouteReason> reasons,
        Moment wakeUp) {}
