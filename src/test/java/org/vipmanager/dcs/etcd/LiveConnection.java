package org.vipmanager.dcs.etcd;

import org.vipmanager.control.DecisionLoop;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;
import org.vipmanager.dcs.etcd.grpc.GrpcEtcdCalls;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One real connection, for what the source itself cannot be brought to ask. */
final class LiveConnection implements AutoCloseable {

    private final DecisionLoop loop = new DecisionLoop(LiveSource.CLOCK, Duration.ofHours(1));
    private final GrpcEtcdCalls calls = new GrpcEtcdCalls(loop, EtcdAccess.ANONYMOUS);
    private final URI endpoint;

    LiveConnection(URI endpoint) {
        this.endpoint = endpoint;
        Thread.ofPlatform().daemon().name("loop").start(loop::run);
    }

    EtcdFailure watchUntilItEnds(String key, long startRevision) throws Exception {
        CompletableFuture<EtcdFailure> ended = new CompletableFuture<>();
        loop.execute(
                () -> {
                    EtcdConnection connection = calls.connect(endpoint);
                    connection.read(
                            List.of(key),
                            Duration.ofSeconds(5),
                            read -> watch(connection, key, startRevision, ended),
                            ended::complete);
                });
        return ended.get(10, TimeUnit.SECONDS);
    }

    private static void watch(
            EtcdConnection connection,
            String key,
            long startRevision,
            CompletableFuture<EtcdFailure> ended) {
        connection.watch(
                List.of(key),
                startRevision,
                new EtcdConnection.WatchListener() {
                    @Override
                    public void changed(long clusterId, List<EtcdEntry> changes) {}

                    @Override
                    public void alive() {}

                    @Override
                    public void ended(EtcdFailure failure) {
                        ended.complete(failure);
                    }
                });
    }

    @Override
    public void close() {
        loop.execute(
                () -> {
                    calls.close();
                    loop.stop();
                });
    }
}
