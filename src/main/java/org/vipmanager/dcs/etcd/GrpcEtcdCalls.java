package org.vipmanager.dcs.etcd;

import org.vipmanager.control.Loop;

import java.net.URI;
import java.util.concurrent.Executor;

/** Calls to a real etcd, over gRPC. */
public final class GrpcEtcdCalls implements EtcdCalls {

    private final Loop loop;
    private final EtcdAccess access;
    private final GrpcChannels channels;
    private final LoginPassword password;
    private final LoginToken token = new LoginToken();
    private final ChannelOpenings openings;
    private final FirstAnswers firstAnswers = new FirstAnswers();

    /** Starts the network thread; connects to nothing yet. */
    public GrpcEtcdCalls(Loop loop, EtcdAccess access) {
        this.loop = loop;
        this.access = access;
        this.channels = new GrpcChannels(access.tls());
        this.openings = new ChannelOpenings(loop, channels::open, threads("etcd-connect"));
        this.password = new LoginPassword(loop, access.password(), threads("etcd-password"));
        EtcdMessages.rehearse();
    }

    @Override
    public EtcdConnection connect(URI endpoint) {
        GrpcEtcdConnection connection =
                new GrpcEtcdConnection(
                        loop, channels, access.user(), password, token, firstAnswers, endpoint);
        openings.open(endpoint, connection);
        return connection;
    }

    private static Executor threads(String name) {
        return task -> Thread.ofPlatform().daemon().name(name).start(task);
    }

    @Override
    public void close() {
        channels.close();
    }
}
