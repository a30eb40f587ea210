package org.vipmanager.daemon;

import java.security.Security;

/**
 * Lets host names that were resolved once outlast an outage of the name servers.
 *
 * <p>A name is resolved for each new connection. By default the JDK forgets an address after 30 s
 * and remembers a failure for 10 s, longer than a host without a lease to prove its leadership may
 * go unconfirmed. With these settings it asks again after a second, so that an endpoint that has
 * moved is found, and goes on with the address of before while no name server answers.
 */
final class HostNames {

    private HostNames() {}

    /** The JDK reads the settings once, at the process's first lookup: call this before it. */
    static void rememberThroughOutages() {
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        Security.setProperty("networkaddress.cache.stale.ttl", "3600");
    }
}
