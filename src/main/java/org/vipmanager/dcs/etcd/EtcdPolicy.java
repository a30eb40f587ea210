package org.vipmanager.dcs.etcd;

import org.vipmanager.core.RetryPolicy;
import org.vipmanager.retry.Pace;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How etcd is asked.
 *
 * @param endpoints the members, in the order in which they are tried; at least one
 * @param interval the time from one confirming read to the next
 * @param timeout after which an answer is not waited for any longer
 * @param retryNum how many attempts follow each other quickly, before one an interval
 * @param retryAfter the time between those
 * @param askLeases whether the leases of keys are followed; if not, no sighting names one
 */
public record EtcdPolicy(
        List<URI> endpoints,
        Duration interval,
        Duration timeout,
        int retryNum,
        Duration retryAfter,
        boolean askLeases) {

    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    public EtcdPolicy {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no etcd endpoint");
        }
    }

    /** A login, which only a person can mend when it is refused, costs the server 100 ms. */
    Pace pace() {
        Duration longestRest = interval.compareTo(LONGEST_REST) < 0 ? LONGEST_REST : interval;
        return new Pace(
                retryNum,
                RetryPolicy.steady(retryAfter).spread(),
                RetryPolicy.steady(interval).spread(),
                RetryPolicy.doubling(interval, longestRest).spread());
    }
}
