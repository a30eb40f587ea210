package org.vipmanager.provider;

import org.vipmanager.core.Moment;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

import java.util.function.Supplier;

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
    private final Supplier<Moment> now;
    private volatile boolean unwanted;
    private volatile Moment certainUntil;

    /** A call for which this host need not lead. */
    public Call(Kind kind, VirtualIp vip, Trigger trigger) {
        this(kind, vip, trigger, () -> Moment.LONG_AGO, Moment.NEVER);
    }

    Call(Kind kind, VirtualIp vip, Trigger trigger, Supplier<Moment> now, Moment certainUntil) {
        this.kind = kind;
        this.vip = vip;
        this.trigger = trigger;
        this.now = now;
        this.certainUntil = certainUntil;
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

    /**
     * False as soon as this host knows that it does not lead: there is nothing to wait for then.
     */
    public boolean isWanted() {
        return !unwanted;
    }

    /**
     * Whether something may be changed now: a read that shows this host as the leader is young
     * enough. A call may last for minutes, in which the DCS falls silent and another host leads.
     */
    public boolean mayChange() {
        return !unwanted && !now.get().isAfter(certainUntil);
    }

    void isCertainUntil(Moment end) {
        certainUntil = end;
    }

    void noLongerWanted() {
        unwanted = true;
    }
}
