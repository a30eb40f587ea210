package org.vipmanager.hostile;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.etcd.EtcdLeaderSource;
import org.vipmanager.dcs.etcd.EtcdPolicy;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;
import org.vipmanager.dcs.etcd.grpc.GrpcEtcdCalls;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** An etcd, or what has taken its port, answers by HTTP/2, gRPC or words that are wrong. */
final class HostileEtcdTest {

    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RETRY_AFTER = Duration.ofMillis(2);

    @Test
    void etcd() throws Exception {
        try (Ordeal ordeal = new Ordeal(RawEtcd.with(new RawEtcd.Good()))) {
            URI endpoint = URI.create("http://127.0.0.1:" + ordeal.peer().port());
            EtcdPolicy policy =
                    new EtcdPolicy(List.of(endpoint), INTERVAL, TIMEOUT, 3, RETRY_AFTER, true);
            EtcdLeaderSource source =
                    new EtcdLeaderSource(
                            ordeal.loop(),
                            new GrpcEtcdCalls(ordeal.loop(), EtcdAccess.ANONYMOUS),
                            policy);
            Listening listening = new Listening();
            ordeal.onLoop(
                    () ->
                            source.start(
                                    List.of(new Trigger(RawEtcd.KEY, RawEtcd.VALUE)), listening));
            ordeal.play(listening, BrokenEtcd::manners);
            ordeal.onLoop(source::close);
        }
    }
}
