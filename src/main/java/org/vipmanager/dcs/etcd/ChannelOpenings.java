package org.vipmanager.dcs.etcd;

import org.vipmanager.control.Loop;
import org.vipmanager.tls.TlsFileException;

import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

/**
 * Opens channels on threads of their own: names and certificate files may take their time, and
 * nobody can say how much.
 *
 * <p>At most one opening for an endpoint is under way. A connection that is given up leaves its
 * opening to the next one to that endpoint: a name server that does not answer would otherwise cost
 * one more thread with each attempt, and one that is merely slower than an answer may be would
 * never be waited for. Belongs to the loop.
 */
final class ChannelOpenings {

    /** Opens one; may block. */
    interface Opener {
        GrpcChannels.Opened open(EndpointAddress address)
                throws TlsFileException, UnknownHostException, SSLException;
    }

    /** Who waits for an opening; one of the two is called, on the loop. */
    interface Receiver {
        void opened(GrpcChannels.Opened ready);

        void failed(EtcdFailure failure);
    }

    private final Loop loop;
    private final Opener opener;
    private final Executor threads;
    private final Map<URI, Receiver> underWay = new HashMap<>();

    /**
     * Opens nothing yet.
     *
     * @param threads runs each task on a thread of its own
     */
    ChannelOpenings(Loop loop, Opener opener, Executor threads) {
        this.loop = loop;
        this.opener = opener;
        this.threads = threads;
    }

    /** Opens a channel, for this receiver instead of the one before that still waits. */
    void open(URI endpoint, Receiver receiver) {
        if (underWay.put(endpoint, receiver) != null) {
            return;
        }
        try {
            threads.execute(() -> open(endpoint));
        } catch (OutOfMemoryError noThread) {
            handOver(endpoint, waiting -> waiting.failed(unexpected(endpoint, noThread)));
        }
    }

    private void open(URI endpoint) {
        EndpointAddress address = EndpointAddress.of(endpoint);
        try {
            GrpcChannels.Opened ready = opener.open(address);
            handOver(endpoint, waiting -> waiting.opened(ready));
        } catch (TlsFileException | SSLException e) {
            String why = String.valueOf(e.getMessage());
            fail(new EtcdFailure(EtcdFailure.Kind.TLS, endpoint, why));
        } catch (UnknownHostException e) {
            String why = "the host name " + address.host() + " cannot be resolved";
            fail(new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, endpoint, why));
        } catch (RuntimeException | Error e) {
            fail(unexpected(endpoint, e)); // whatever it is: others wait for an end of it
        }
    }

    private void fail(EtcdFailure failure) {
        handOver(failure.endpoint(), waiting -> waiting.failed(failure));
    }

    private void handOver(URI endpoint, Consumer<Receiver> result) {
        loop.execute(
                () -> {
                    Receiver waiting = underWay.remove(endpoint);
                    if (waiting != null) {
                        result.accept(waiting);
                    }
                });
    }

    private static EtcdFailure unexpected(URI endpoint, Throwable e) {
        return new EtcdFailure(EtcdFailure.Kind.UNEXPECTED, endpoint, e.toString());
    }
}
