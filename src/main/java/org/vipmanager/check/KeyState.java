package org.vipmanager.check;

import java.time.Duration;
import java.util.Optional;

/**
 * A leader key, as an endpoint showed it.
 *
 * @param value empty when the key is absent
 * @param bond by what it lives
 */
record KeyState(Optional<String> value, Bond bond) {

    /** By what a key lives. */
    sealed interface Bond {}

    /** By a lease, of which so much is left. */
    record Lease(Duration left, Duration granted) implements Bond {}

    /** By a lease that could not be asked for its time. */
    record UnknownLease(String why) implements Bond {}

    /** By a session of Consul, of which nobody can tell what is left. */
    record Session() implements Bond {}

    /** It stays until somebody removes it. */
    record Nothing() implements Bond {}

    static final KeyState ABSENT = new KeyState(Optional.empty(), new Nothing());
}
