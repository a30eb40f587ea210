package org.vipmanager.http;

import org.jspecify.annotations.Nullable;
import org.vipmanager.tls.ServerName;

import java.io.IOException;

import javax.net.ssl.SSLContext;

/**
 * Where a sender finds the certificates to use now.
 *
 * <p>Asked before each request: another object than before means that the files have changed, and
 * connections made with the old ones are left behind as soon as the new ones work.
 */
@FunctionalInterface
public interface TlsContexts extends AutoCloseable {

    /**
     * The Java runtime's own trust store, no client certificate: for public services, and where
     * nothing is secured.
     */
    TlsContexts SYSTEM = () -> null;

    /**
     * The context of now; null for the runtime's own.
     *
     * @throws IOException with one sentence about the file that cannot be used
     */
    @Nullable SSLContext current() throws IOException;

    /** Whom the server of an endpoint must prove to be. */
    default ServerName serverAt(String host) {
        return new ServerName(host);
    }

    /** Looks after the files no longer; does not block. */
    @Override
    default void close() {}
}
