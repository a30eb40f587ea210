package org.vipmanager.control;

import org.vipmanager.core.Claim;
import org.vipmanager.core.VirtualIp;

import java.util.Collection;
import java.util.function.BiConsumer;

/**
 * Hears other stations claim our addresses. Methods are called on the {@link Loop}, and the
 * listener is called there.
 */
public interface ClaimSource extends AutoCloseable {

    /** Listens for claims of these addresses from now on, instead of those before. */
    void listen(Collection<VirtualIp> vips, BiConsumer<VirtualIp, Claim> listener);

    /**
     * Drops every frame that was queued before this call: this process was frozen, and they are
     * old.
     */
    void discardBacklog();

    @Override
    void close();
}
