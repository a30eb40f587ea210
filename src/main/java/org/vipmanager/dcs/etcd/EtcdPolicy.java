package org.vipmanager.dcs.etcd;

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

    public EtcdPolicy {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no etcd endpoint");
        }
    }
}
