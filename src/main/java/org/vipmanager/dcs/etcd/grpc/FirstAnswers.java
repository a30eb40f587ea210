package org.vipmanager.dcs.etcd.grpc;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How much longer than later answers the first one of a connection may take at each endpoint.
 *
 * <p>Before it can come there are the connection, TLS and HTTP/2 to be set up, which takes several
 * times the way there and back. Given up and begun afresh, it would never come. So an endpoint that
 * has accepted the connection, and then did not answer in time, is given twice that time at the
 * next attempt. As soon as any endpoint has answered, the others have no more time than ever: a
 * silent one costs its deadline and no more where another can be asked. Who has answered keeps its
 * time: nobody can tell whether the next connection will need it. Belongs to the loop.
 */
final class FirstAnswers {

    /**
     * To connect, to agree on keys (TLS 1.2: twice), to agree on HTTP/2, and to be answered: five
     * ways there and back, each shorter than the deadline where any answer comes in time.
     */
    private static final int MOST_DEADLINES = 4;

    /** Reckoning takes its time too, however short the deadline is. */
    private static final Duration LEAST_LIMIT = Duration.ofSeconds(3);

    private final Set<URI> known = new HashSet<>();
    private final Map<URI, Duration> additions = new HashMap<>();

    /** What the endpoint is given beyond the deadline. */
    Duration addition(URI endpoint) {
        return additions.getOrDefault(endpoint, Duration.ZERO);
    }

    /**
     * It has accepted the connection, and then did not answer.
     *
     * @param deadline within which an answer is due
     * @param waited how long it was waited for: the deadline, and what was added to it
     */
    void tookTooLong(URI endpoint, Duration deadline, Duration waited) {
        Duration more = waited.multipliedBy(2).minus(deadline);
        Duration most = deadline.multipliedBy(MOST_DEADLINES);
        Duration limit = most.compareTo(LEAST_LIMIT) < 0 ? LEAST_LIMIT : most;
        additions.put(endpoint, more.compareTo(limit) < 0 ? more : limit);
    }

    /** Whether it has ever answered. */
    boolean hasAnswered(URI endpoint) {
        return known.contains(endpoint);
    }

    /** It has answered for the first time on a connection, soon or late. */
    void answered(URI endpoint) {
        known.add(endpoint);
        additions.keySet().retainAll(Set.of(endpoint));
    }
}
