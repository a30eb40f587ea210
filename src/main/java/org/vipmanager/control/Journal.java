package org.vipmanager.control;

import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;

/**
 * Where decisions are told: the log, the status page, a test. Called on the {@link Loop}; must not
 * block.
 */
public interface Journal {

    /** One decision and why it was taken. */
    void tell(VirtualIp vip, Trigger trigger, Reason reason);

    /** The state after each step; for those who show it. */
    default void changed(VirtualIp vip, VipState state) {}
}
