package org.vipmanager.dcs.etcd;

import org.vipmanager.control.Loop;

import java.net.URI;

/** Calls to a real etcd, over gRPC. */
public final class GrpcEtcdCalls implements EtcdCalls {

    private final Loop loop;
    private final EtcdAccess access;
    private final GrpcChannels channels;
    private final LoginToken token = new LoginToken();
    private final FirstAnswers firstAnswers = new FirstAnswers();

    /** Starts the network thread; connects to nothing yet. */
    public GrpcEtcdCalls(Loop loop, EtcdAccess access) {
        this.loop = loop;
        this.access = access;
        this.channels = new GrpcChannels(access.tls());
        EtcdMessages.rehearse();
    }

    @Override
    public EtcdConnection connect(URI endpoint) {
        return new GrpcEtcdConnection(loop, channels, access, token, firstAnswers, endpoint);
    }

    @Override
    public void close() {
        channels.close();
    }
}
