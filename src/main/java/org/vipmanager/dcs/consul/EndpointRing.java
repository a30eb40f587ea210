package org.vipmanager.dcs.consul;

import java.net.URI;
import java.util.List;

/**
 * Which of several equal endpoints is asked: the same one until it fails, then the next.
 *
 * <p>The turn grows with each failure, so that a long question can be seen to have been asked
 * before one.
 */
final class EndpointRing {

    private final List<URI> endpoints;
    private int current;
    private int failuresInARow;
    private long turn;

    EndpointRing(List<URI> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    URI current() {
        return endpoints.get(current);
    }

    long turn() {
        return turn;
    }

    /** The current endpoint failed: the next one is current now. */
    void failed() {
        current = (current + 1) % endpoints.size();
        failuresInARow++;
        turn++;
    }

    /** The current endpoint answered well. */
    void succeeded() {
        failuresInARow = 0;
    }

    /**
     * Whether the current endpoint has not failed since the last success, so that it can be asked
     * at once.
     */
    boolean isUntried() {
        return failuresInARow < endpoints.size();
    }
}
