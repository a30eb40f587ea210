package org.vipmanager.simulation;

import org.vipmanager.control.ClaimSource;
import org.vipmanager.core.Claim;
import org.vipmanager.core.VirtualIp;

import java.util.Collection;
import java.util.function.BiConsumer;

/** Claims of which some are not passed on. */
abstract class ForwardingClaims implements ClaimSource {

    private final ClaimSource claims;

    ForwardingClaims(ClaimSource claims) {
        this.claims = claims;
    }

    abstract boolean passes(Claim claim);

    @Override
    public void listen(Collection<VirtualIp> vips, BiConsumer<VirtualIp, Claim> listener) {
        claims.listen(
                vips,
                (vip, claim) -> {
                    if (passes(claim)) {
                        listener.accept(vip, claim);
                    }
                });
    }

    @Override
    public void discardBacklog() {
        claims.discardBacklog();
    }

    @Override
    public void close() {
        claims.close();
    }
}
