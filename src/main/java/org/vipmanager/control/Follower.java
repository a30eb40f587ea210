package org.vipmanager.control;

import org.vipmanager.core.Event;
import org.vipmanager.core.Trigger;

/**
 * What follows a leader key, whoever moves its address. Lives on the {@link Loop}; every method is
 * called there.
 */
public interface Follower {

    /** The key and the value by which this host leads. */
    Trigger trigger();

    /** Looks at what is there; called once, before the DCS is asked. */
    void start();

    /** Takes in one event; what does not concern it changes nothing. */
    void accept(Event event);
}
