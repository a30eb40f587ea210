package org.vipmanager.control;

import org.vipmanager.core.Moment;
import org.vipmanager.core.VirtualIp;

/**
 * Ends the connections that an address has on this host, so that its clients learn at once that it
 * moves, where they would wait for an answer that never comes.
 *
 * <p>Called on the {@link Loop}. What cannot be done is told in the log, and is no failure.
 */
public interface ConnectionReset {

    /** Leaves all connections alone. */
    ConnectionReset NONE =
            new ConnectionReset() {
                @Override
                public void begin(VirtualIp vip, Moment until) {}

                @Override
                public void spare(VirtualIp vip) {}
            };

    /**
     * Begins to end them. Only as long as the address is there do its clients hear of it.
     *
     * @param until when to return at the latest, and at once if that is over; what there is to wait
     *     is shared among all addresses that are let go at the same time
     */
    void begin(VirtualIp vip, Moment until);

    /** Leaves alone what is not ended yet: the address is put again. */
    void spare(VirtualIp vip);
}
