package org.vipmanager.control;

import org.vipmanager.core.VirtualIp;

import java.io.IOException;

/**
 * Tells the network where an address lives: gratuitous ARP, or unsolicited neighbour
 * advertisements.
 *
 * <p>Called on the {@link Loop}; sends without blocking. An interface without ARP is silently left
 * alone.
 */
public interface Announcer extends AutoCloseable {

    /**
     * Sends one round: an ARP request and an ARP reply, or one neighbour advertisement.
     *
     * @throws IOException when the kernel did not take all of it: it does not count as sent
     */
    void announce(VirtualIp vip) throws IOException;

    /**
     * Asks the network whether somebody else holds the address: an ARP probe (RFC 5227), or a DAD
     * solicitation (RFC 4862).
     */
    void probe(VirtualIp vip) throws IOException;

    @Override
    void close();
}
