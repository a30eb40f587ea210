package org.vipmanager.core;

import java.util.List;

/**
 * What was decided about an event.
 *
 * @param state the state from now on
 * @param actions what to do, in this order
 * @param reasons what to tell people, in this order
 * @param wakeUp when to send a {@link Event.Tick}, unless something else happens before
 */
public record Step(VipState state, List<Action> actions, List<Reason> reasons, Moment wakeUp) {}
