package org.vipmanager.netlink;

import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.Moment;

import java.time.Duration;
import java.util.Optional;

/**
 * An address as the kernel told it, and when.
 *
 * @param at when it was read; its lifetime counts from then
 */
record ObservedAddress(AddressMessage message, Moment at) {

    /** When the kernel removes it; {@link Moment#NEVER} for a permanent one. */
    Moment end() {
        return message.validSeconds() == AddressMessage.FOREVER
                ? Moment.NEVER
                : at.plus(Duration.ofSeconds(Integer.toUnsignedLong(message.validSeconds())));
    }

    FoundAddress asFoundAt(Moment now) {
        if (message.validSeconds() == AddressMessage.FOREVER) {
            return new FoundAddress(Optional.empty(), message.prefixLength());
        }
        Duration left = now.until(end());
        return new FoundAddress(
                Optional.of(left.isNegative() ? Duration.ZERO : left), message.prefixLength());
    }

    /** The lifetime that was told, in seconds; the greatest there is for a permanent one. */
    long seconds() {
        return Integer.toUnsignedLong(message.validSeconds());
    }

    /** Whether IPv6 refuses to use it: somebody else had it, or may have it. */
    boolean isUnusable() {
        return message.has(AddressMessage.DUPLICATE_FOUND | AddressMessage.TENTATIVE);
    }
}
