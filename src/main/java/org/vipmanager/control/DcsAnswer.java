package org.vipmanager.control;

import org.vipmanager.core.Moment;

import java.net.URI;
import java.time.Duration;

/**
 * The DCS has answered a read, or that a watch is alive.
 *
 * @param endpoint who did, as it is configured, or was found
 * @param took from sending the question to the answer
 * @param at when the answer arrived
 */
public record DcsAnswer(URI endpoint, Duration took, Moment at) {

    /**
     * @param sentAt when the question was sent
     */
    public static DcsAnswer of(URI endpoint, Moment sentAt, Moment receivedAt) {
        return new DcsAnswer(endpoint, sentAt.until(receivedAt), receivedAt);
    }
}
