package org.vipmanager.provider;

import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

/** Where decisions about routed addresses are told. Called on the loop; must not block. */
public interface RouteJournal {

    /** One decision and why it was taken. */
    void tell(VirtualIp vip, Trigger trigger, RouteReason reason);

    /** The state after each step. */
    void changed(VirtualIp vip, RouteState state);
}
