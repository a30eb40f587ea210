package org.vipmanager.hostile;

import org.vipmanager.dcs.consul.ConsulSettings;
import org.vipmanager.dcs.etcd.EtcdPolicy;
import org.vipmanager.dcs.patroni.PatroniSettings;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a peer is asked that answers wrongly: far more often than by anybody's settings. */
final class QuickSettings {

    static final Duration INTERVAL = Duration.ofMillis(10);

    private static final Duration RETRY_AFTER = Duration.ofMillis(2);

    private QuickSettings() {}

    static EtcdPolicy etcd(URI peer, Duration timeout) {
        return new EtcdPolicy(List.of(peer), INTERVAL, timeout, 3, RETRY_AFTER, true);
    }

    static ConsulSettings consul(URI peer, Duration timeout) {
        return new ConsulSettings(
                List.of(peer),
                Optional.of(() -> "token"),
                INTERVAL,
                timeout,
                3,
                RETRY_AFTER,
                Duration.ofMillis(200));
    }

    static PatroniSettings patroni(URI peer, Duration timeout) {
        return new PatroniSettings(peer, INTERVAL, timeout, 3, RETRY_AFTER);
    }
}
