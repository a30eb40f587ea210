package org.vipmanager.dcs.etcd;

import java.net.URI;

/**
 * The way to an etcd: opens connections, one after another, to whichever endpoint is asked for.
 *
 * <p>All methods here and of {@link EtcdConnection} are called on the loop and return at once;
 * every answer is handed back on the loop, never before the asking method has returned.
 */
public interface EtcdCalls extends AutoCloseable {

    /**
     * Begins to connect to an endpoint.
     *
     * <p>The host name is resolved and certificate files are read anew each time. Nothing is
     * thrown: what goes wrong is told to the calls made on the connection, as soon as it is known.
     */
    EtcdConnection connect(URI endpoint);

    /** Ends every connection and all threads, without waiting. */
    @Override
    void close();
}
