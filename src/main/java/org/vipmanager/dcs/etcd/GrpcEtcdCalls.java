package org.vipmanager.dcs.etcd;

import org.vipmanager.control.Loop;
import org.vipmanager.tls.TlsFileException;

import java.net.URI;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;

/** Calls to a real etcd, over gRPC. */
public final class GrpcEtcdCalls implements EtcdCalls {

    private final Loop loop;
    private final EtcdAccess access;
    private final GrpcChannels channels;
    private final LoginToken token = new LoginToken();
    private final ChannelOpenings openings;
    private final FirstAnswers firstAnswers = new FirstAnswers();

    /** Starts the network thread; connects to nothing yet. */
    public GrpcEtcdCalls(Loop loop, EtcdAccess access) {
        this.loop = loop;
        this.access = access;
        this.channels = new GrpcChannels(access.tls());
        this.openings =
                new ChannelOpenings(
                        loop,
                        this::open,
                        task -> Thread.ofPlatform().daemon().name("etcd-connect").start(task));
        EtcdMessages.rehearse();
    }

    @Override
    public EtcdConnection connect(URI endpoint) {
        GrpcEtcdConnection connection =
                new GrpcEtcdConnection(
                        loop, channels, access.user(), token, firstAnswers, endpoint);
        openings.open(endpoint, connection);
        return connection;
    }

    private ChannelOpenings.Ready open(EndpointAddress address)
            throws TlsFileException, UnknownHostException, SSLException {
        String password = access.user().isPresent() ? access.password().get() : "";
        return new ChannelOpenings.Ready(channels.open(address), password);
    }

    @Override
    public void close() {
        channels.close();
    }
}
