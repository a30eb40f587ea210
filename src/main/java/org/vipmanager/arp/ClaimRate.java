package org.vipmanager.arp;

import java.util.HashSet;
import java.util.Set;

/**
 * Lets one claim by a station of an address through in 50 ms, and no more than 64 altogether: what
 * is decided from claims needs two of them 200 ms apart, not fifty thousand a second.
 */
final class ClaimRate {

    private static final long WINDOW_NANOS = 50_000_000;
    private static final int MOST = 64;

    private final Set<HeardClaim> seen = new HashSet<>();
    private long windowEndNanos = Long.MIN_VALUE;

    boolean allows(HeardClaim claim, long nowNanos) {
        if (nowNanos >= windowEndNanos) {
            seen.clear();
            windowEndNanos = nowNanos + WINDOW_NANOS;
        }
        return seen.size() < MOST && seen.add(claim);
    }
}
