package org.vipmanager.control;

import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The DCS has answered a read.
 *
 * @param endpoint who did, as it is configured; empty where the source does not tell
 * @param took from sending the question to the answer
 * @param at when the answer arrived
 */
public record DcsAnswer(Optional<URI> endpoint, Duration took, Moment at) {

    /**
     * @param sentAt when the question was sent
     */
    public static DcsAnswer of(URI endpoint, Moment sentAt, Moment receivedAt) {
        return new DcsAnswer(Optional.of(endpoint), sentAt.until(receivedAt), receivedAt);
    }

    /** What a sighting of a read tells. */
    static DcsAnswer of(Sighting read) {
        return new DcsAnswer(
                Optional.empty(), read.asOf().until(read.receivedAt()), read.receivedAt());
    }
}
