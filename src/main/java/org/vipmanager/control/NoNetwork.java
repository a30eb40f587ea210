package org.vipmanager.control;

import org.vipmanager.core.Claim;
import org.vipmanager.core.VirtualIp;

import java.util.Collection;
import java.util.function.BiConsumer;

/**
 * Where no address is held by this host itself, or only in practice: nothing is announced and
 * nobody heard.
 */
public final class NoNetwork implements Announcer, ClaimSource {

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
