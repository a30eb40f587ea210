package org.vipmanager.core;

import java.time.Duration;
import java.util.Optional;

/**
 * An address as the kernel shows it.
 *
 * @param validFor what is left of its lifetime; empty when it is permanent, as the Go program
 *     leaves it
 * @param prefixLength with which it is there, which may be another than is configured
 */
public record FoundAddress(Optional<Duration> validFor, int prefixLength) {

    public boolean isPermanent() {
        return validFor.isEmpty();
    }

    boolean lastsLongerThan(Duration most) {
        return validFor.map(left -> left.compareTo(most) > 0).orElse(true);
    }
}
