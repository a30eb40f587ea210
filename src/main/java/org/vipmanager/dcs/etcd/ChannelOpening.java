package org.vipmanager.dcs.etcd;

import org.vipmanager.tls.TlsFileException;

import java.net.UnknownHostException;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

/**
 * Opens a channel on a thread of its own: names, certificate files and passwords may take their
 * time, and nobody can say how much.
 */
final class ChannelOpening {

    /**
     * What is needed to use a connection.
     *
     * @param password empty without a user
     */
    record Ready(GrpcChannels.Opened opened, String password) {}

    private final GrpcChannels channels;
    private final EtcdAccess access;
    private final EndpointAddress address;
    private final GrpcFailures failures;

    ChannelOpening(
            GrpcChannels channels,
            EtcdAccess access,
            EndpointAddress address,
            GrpcFailures failures) {
        this.channels = channels;
        this.access = access;
        this.address = address;
        this.failures = failures;
    }

    /** Begins it; one of the two is called on the other thread. */
    void begin(Consumer<Ready> ready, Consumer<EtcdFailure> failed) {
        Thread.ofPlatform().daemon().name("etcd-connect").start(() -> open(ready, failed));
    }

    private void open(Consumer<Ready> ready, Consumer<EtcdFailure> failed) {
        try {
            String password = access.user().isPresent() ? access.password().get() : "";
            ready.accept(new Ready(channels.open(address), password));
        } catch (TlsFileException | SSLException e) {
            failed.accept(failures.of(EtcdFailure.Kind.TLS, String.valueOf(e.getMessage())));
        } catch (UnknownHostException e) {
            failed.accept(
                    failures.of(
                            EtcdFailure.Kind.UNREACHABLE,
                            "the host name " + address.host() + " cannot be resolved"));
        } catch (RuntimeException e) {
            failed.accept(failures.of(EtcdFailure.Kind.UNEXPECTED, e.toString()));
        }
    }
}
