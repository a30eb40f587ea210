package org.vipmanager.core;

import java.time.Duration;
import java.util.Optional;

/**
 * An address as the kernel shows it.
 *
 * @param validFor what is left of its lifetime; empty when it is permanent, as the Go program
 *     leaves it
 */
public record FoundAddress(Optional<Duration> validFor) {

    public boolean isPermanent() {
        return validFor.isEmpty();
    }
}
