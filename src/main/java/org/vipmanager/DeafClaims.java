package org.vipmanager;

import org.vipmanager.control.ClaimSource;
import org.vipmanager.core.Claim;
import org.vipmanager.core.VirtualIp;

import java.util.Collection;
import java.util.function.BiConsumer;

/** Hears nothing. */
final class DeafClaims implements ClaimSource {
    @Override
    public void listen(Collection<VirtualIp> vips, BiConsumer<VirtualIp, Claim> listener) {}

    @Override
    public void discardBacklog() {}

    @Override
    public void close() {}
}
