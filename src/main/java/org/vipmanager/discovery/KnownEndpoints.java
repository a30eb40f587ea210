package org.vipmanager.discovery;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What name servers told last of a domain, for the next {@link DiscoveredSource} too: a reload
 * makes another one, and they may be silent just then. Lives on the loop.
 */
public final class KnownEndpoints {

    private final Runnable movedElsewhere;
    private Optional<EtcdDomain> domain = Optional.empty();
    private List<URI> endpoints = List.of();

    /**
     * @param movedElsewhere is told that a domain now has endpoints of which none was there before,
     *     and so may be another cluster, before any of them is asked
     */
    public KnownEndpoints(Runnable movedElsewhere) {
        this.movedElsewhere = movedElsewhere;
    }

    /** Forgets those of any other domain. */
    public KnownEndpoints of(EtcdDomain wanted) {
        if (!domain.equals(Optional.of(wanted))) {
            domain = Optional.of(wanted);
            endpoints = List.of();
        }
        return this;
    }

    /** No domain is asked about any more. */
    public void forget() {
        domain = Optional.empty();
        endpoints = List.of();
    }

    /** In the order in which they are to be asked; empty until name servers have answered. */
    List<URI> endpoints() {
        return endpoints;
    }

    void replaceBy(List<URI> found) {
        boolean isElsewhere = !endpoints.isEmpty() && Collections.disjoint(endpoints, found);
        endpoints = found;
        if (isElsewhere) {
            movedElsewhere.run();
        }
    }
}
