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
 * @param longestReliance how long a server that is alive may tell nothing, while another host leads
 */
public record EtcdPolicy(
        List<URI> endpoints,
        Duration interval,
        Duration timeout,
        int retryNum,
        Duration retryAfter,
        boolean askLeases,
        Duration longestReliance) {

    /** As long as that, whatever the interval is: so does nobody wait for longer. */
    private static final Duration LONGEST_RELIANCE = Duration.ofSeconds(15);

    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    public EtcdPolicy {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no etcd endpoint");
        }
    }

    /** With as long a reliance on the watch as is usual. */
    public EtcdPolicy(
            List<URI> endpoints,
            Duration interval,
            Duration timeout,
            int retryNum,
            Duration retryAfter,
            boolean askLeases) {
        this(endpoints, interval, timeout, retryNum, retryAfter, askLeases, LONGEST_RELIANCE);
    }

    /** How long a watch is waited for that was asked whether it is alive; then a read asks. */
    Duration watchPatience() {
        return timeout.dividedBy(4);
    }

    /**
     * The time from one read to the next of what has nothing to prove, while the watch is alive.
     *
     * @param chance from 0, for the whole time, up to but not 1
     */
    Duration reliance(double chance) {
        return RetryPolicy.steady(longestReliance).spread().pause(1, chance);
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
