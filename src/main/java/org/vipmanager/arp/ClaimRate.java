package org.vipmanager.arp;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * Lets one claim by a station of an address through in a tenth of a second: what is decided from
 * claims needs two of them 200 ms apart, not fifty thousand a second.
 *
 * <p>Each address has one claim of its own, whatever is said of the others, so that a new leader of
 * a thousand addresses is heard for each. Beyond that, claims by further stations share a number,
 * as anybody can make up stations. Used by one thread.
 */
final class ClaimRate {

    private static final long WINDOW_NANOS = 100_000_000;

    /** By further stations, for all addresses together. */
    private static final int SHARED = 64;

    private final Set<HeardClaim> seen = new HashSet<>();
    private final Set<Place> claimed = new HashSet<>();
    private long windowEndNanos = Long.MIN_VALUE;

    /** The same address on another interface is another one. */
    private record Place(int interfaceIndex, InetAddress address) {}

    /**
     * @param claim of one of our addresses, which bounds what is kept here
     */
    boolean allows(HeardClaim claim, long nowNanos) {
        if (nowNanos >= windowEndNanos) {
            seen.clear();
            claimed.clear();
            windowEndNanos = nowNanos + WINDOW_NANOS;
        }
        if (seen.contains(claim)) {
            return false;
        }
        boolean first = claimed.add(new Place(claim.interfaceIndex(), claim.address()));
        boolean allowed = first || seen.size() - claimed.size() < SHARED;
        if (allowed) {
            seen.add(claim);
        }
        return allowed;
    }
}
