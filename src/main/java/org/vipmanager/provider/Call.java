package org.vipmanager.provider;

import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

/**
 * One call to a provider. Safe for use by any thread.
 *
 * <p>Compared by identity.
 */
public final class Call {

    /** What is asked. */
    public enum Kind {
        STATE,
        ACQUIRE,
        RELEASE
    }

    private final Kind kind;
    private final VirtualIp vip;
    private final Trigger trigger;
    private volatile boolean unwanted;

    public Call(Kind kind, VirtualIp vip, Trigger trigger) {
        this.kind = kind;
        this.vip = vip;
        this.trigger = trigger;
    }

    public Kind kind() {
        return kind;
    }

    public VirtualIp vip() {
        return vip;
    }

    public Trigger trigger() {
        return trigger;
    }

    /** False as soon as this host knows that it does not lead: nothing may be changed then. */
    public boolean isWanted() {
        return !unwanted;
    }

    void noLongerWanted() {
        unwanted = true;
    }
}
