package org.vipmanager.check;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A DCS that has leader keys, as a check asks it. Methods block until the deadline at most. */
interface Store extends AutoCloseable {

    /** All that an endpoint tells of itself and of these keys. */
    Survey survey(URI endpoint, Set<String> keys, Deadline deadline);

    /**
     * The names of keys that begin so, as they are written in settings; empty when it is silent.
     */
    List<String> keysBelow(URI endpoint, String prefix, Deadline deadline);

    /** The value of a key; empty when it is absent or may not be read. */
    Optional<String> value(URI endpoint, String key, Deadline deadline);

    /** Whether the key is there by an older interface of the store, which is not used here. */
    default boolean hasInOldInterface(URI endpoint, String key, Deadline deadline) {
        return false;
    }

    @Override
    void close();
}
