package org.vipmanager.dcs.consul;

import org.vipmanager.http.Poller;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a Consul source needs to know.
 *
 * @param endpoints base URLs of agents or servers of one cluster, at least one
 * @param token the ACL token, asked for at each request, on a thread that may block; never in
 *     {@link #toString}
 * @param interval from one confirming read to the next
 * @param timeout for one read; what a blocking query gets beyond its own waiting
 * @param attempts how often a read is tried before it counts as failed
 * @param retryAfter the pause before it is tried again
 * @param longPoll how long Consul may hold a blocking query back
 */
public record ConsulSettings(
        List<URI> endpoints,
        Optional<Supplier<String>> token,
        Duration interval,
        Duration timeout,
        int attempts,
        Duration retryAfter,
        Duration longPoll) {

    /** How long Consul holds a query back when nothing else is wanted. */
    public static final Duration USUAL_LONG_POLL = Duration.ofSeconds(10);

    /**
     * So many reads wait for their answers at a time: enough for a thousand keys at 20 ms in a
     * second, and few beside what an agent takes.
     */
    static final int SIDE_BY_SIDE = 24;

    public ConsulSettings {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no endpoint");
        }
        endpoints = List.copyOf(endpoints);
    }

    Poller.Pace pace() {
        return new Poller.Pace(interval, attempts, retryAfter, SIDE_BY_SIDE);
    }

    /**
     * The client's deadline for a blocking query: Consul adds up to a sixteenth to the waiting
     * time, so that not all clients come back at once (Consul's documentation, "Blocking Queries").
     */
    Duration blockingDeadline() {
        return longPoll.plus(longPoll.dividedBy(16)).plus(timeout);
    }

    /** Older than this and unconfirmed, what was read last supports nothing new. */
    Duration longestUnconfirmed() {
        return interval.plus(timeout);
    }

    @Override
    public String toString() {
        return "ConsulSettings[endpoints=%s, interval=%s, timeout=%s]"
                .formatted(endpoints, interval, timeout);
    }
}
