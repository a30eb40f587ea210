package org.vipmanager.daemon;

import org.vipmanager.control.Announcer;
import org.vipmanager.control.ClaimSource;
import org.vipmanager.core.Claim;
import org.vipmanager.core.VirtualIp;

import java.util.Collection;
import java.util.function.BiConsumer;

/**
 * Where no address is held by this host itself and this process may not open packet sockets:
 * nothing is announced and nobody heard.
 */
final class NoNetwork implements Announcer, ClaimSource {

    @Override
    public void announce(VirtualIp vip) {}

    @Override
    public void probe(VirtualIp vip) {}

    @Override
    public void listen(Collection<VirtualIp> vips, BiConsumer<VirtualIp, Claim> listener) {}

    @Override
    public void discardBacklog() {}

    @Override
    public void close() {}
}
