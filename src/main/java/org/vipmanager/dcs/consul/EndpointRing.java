package org.vipmanager.dcs.consul;

import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of several equal endpoints is asked: the same one until it fails, then the next.
 *
 * <p>What one endpoint says is not final while another has not been asked: a token may be unknown
 * to an agent that has lost its servers, and a certificate wrong on one host alone.
 *
 * <p>The turn grows with each change, so that a long question can be seen to have been asked before
 * one.
 */
final class EndpointRing {

    private final List<URI> endpoints;
    private int current;
    private int failuresInARow;
    private long turn;

    /** Those whose last word, since any of them answered well, only a person can change. */
    private final Set<URI> hopeless = new HashSet<>();

    /** Who has refused a key, of those that were asked for it since it was last read. */
    private final Map<String, Set<URI>> refusals = new HashMap<>();

    EndpointRing(List<URI> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    URI current() {
        return endpoints.get(current);
    }

    /** Whom to ask for a key: the current one, or the next that has not refused it. */
    URI endpointFor(String key) {
        Set<URI> refusing = refusals.getOrDefault(key, Set.of());
        for (int next = 0; next < endpoints.size(); next++) {
            URI endpoint = endpoints.get((current + next) % endpoints.size());
            if (!refusing.contains(endpoint)) {
                return endpoint;
            }
        }
        return current();
    }

    long turn() {
        return turn;
    }

    /**
     * An endpoint failed: if it is the current one, the next is current now.
     *
     * @param needsAPerson whether it will go on so until somebody mends something
     */
    void failed(URI endpoint, boolean needsAPerson) {
        if (needsAPerson) {
            hopeless.add(endpoint);
        } else {
            hopeless.remove(endpoint);
        }
        if (endpoint.equals(current())) {
            current = (current + 1) % endpoints.size();
            failuresInARow++;
            turn++;
        }
    }

    /**
     * An endpoint may not, or does not want to, tell this key.
     *
     * @return whether all of them have refused it, which is final
     */
    boolean refused(URI endpoint, String key) {
        Set<URI> refusing = refusals.computeIfAbsent(key, _ -> new HashSet<>());
        refusing.add(endpoint);
        if (refusing.size() < endpoints.size()) {
            return false;
        }
        refusals.remove(key);
        return true;
    }

    /** An endpoint answered well: it is asked from now on. */
    void succeeded(URI endpoint, String key) {
        refusals.remove(key);
        hopeless.clear();
        failuresInARow = 0;
        if (!endpoint.equals(current())) {
            current = endpoints.indexOf(endpoint);
            turn++;
        }
    }

    /** Forgets keys that are no longer followed. */
    void retain(Set<String> keys) {
        refusals.keySet().retainAll(keys);
    }

    /**
     * Whether the current endpoint has not failed since the last success, so that it can be asked
     * at once.
     */
    boolean isUntried() {
        return failuresInARow < endpoints.size();
    }

    /** Whether trying again is in vain until a person mends something, on every endpoint. */
    boolean isHopeless() {
        return hopeless.size() == endpoints.size();
    }
}
