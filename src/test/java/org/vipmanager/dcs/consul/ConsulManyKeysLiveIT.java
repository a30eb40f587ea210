package org.vipmanager.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.InMemory;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.http.TlsContexts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A thousand keys of their own at a Consul that is 20 ms away. */
@Timeout(180)
final class ConsulManyKeysLiveIT {

    private static final int KEYS = 1000;
    private static final Duration ONE_WAY = Duration.ofMillis(10);

    /** What an answer counts by default, less the reserve of the living daemon. */
    private static final Duration COUNTS = Duration.ofMillis(7250);

    @TempDir(factory = InMemory.class)
    private Path folder;

    private final ThreadLoop loop = new ThreadLoop();
    private final Map<String, Sighting> newest = new ConcurrentHashMap<>();
    private final Map<String, Moment> confirmed = new ConcurrentHashMap<>();
    private final Map<String, Sighting> firstSeen = new ConcurrentHashMap<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile Duration longestUnconfirmed = Duration.ZERO;

    @Test
    void holdStill_andAChangeOfOneIsToldAtOnce() throws Exception {
        try (ConsulServer consul = ConsulServer.open(folder).awaitLeader();
                SlowWay way = new SlowWay(consul.endpoint(), ONE_WAY)) {
            for (int number = 0; number < KEYS; number++) {
                consul.put(key(number), "pg0");
            }
            LeaderSource source = follow(way);
            await().atMost(Duration.ofSeconds(60)).until(() -> newest.size() == KEYS);
            longestUnconfirmed = Duration.ZERO;

            List<Double> millis = new ArrayList<>();
            for (int change = 0; change < 60; change++) {
                String key = key(change * 97 % KEYS);
                String value = "pg" + (change + 1);
                consul.put(key, value);
                Moment written = loop.now();
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> firstSeen.containsKey(value));
                millis.add(written.until(firstSeen.get(value).receivedAt()).toNanos() / 1e6);
                Thread.sleep(150);
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> isConfirmedSince(loop.now().minus(COUNTS)));
            loop.execute(source::close);
            Collections.sort(millis);
            System.out.printf(
                    "%d keys at %d ms a read: a change is told after %.1f ms (median), p95 %.1f,"
                            + " worst %.1f; a key was unconfirmed for %d ms at most%n",
                    KEYS,
                    ONE_WAY.multipliedBy(2).toMillis(),
                    millis.get(30),
                    millis.get(56),
                    millis.get(59),
                    longestUnconfirmed.toMillis());

            assertThat(failures).isEmpty();
            assertThat(longestUnconfirmed).as("no address would be lost").isLessThan(COUNTS);
            long events =
                    firstSeen.values().stream()
                            .filter(sighting -> sighting.origin() == Sighting.Origin.EVENT)
                            .count();
            assertThat(events).as("told by a blocking query, not by a read").isGreaterThan(50);
        }
    }

    private boolean isConfirmedSince(Moment then) {
        return confirmed.values().stream().noneMatch(asOf -> asOf.isBefore(then));
    }

    private LeaderSource follow(SlowWay way) {
        Duration timeout = Duration.ofSeconds(2);
        ConsulSettings settings =
                new ConsulSettings(
                        List.of(way.endpoint()),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        timeout,
                        3,
                        Duration.ofMillis(250),
                        ConsulSettings.USUAL_LONG_POLL);
        SocketHttpSender sender =
                new SocketHttpSender(
                        loop, new SocketHttpSender.Limits(timeout, 1 << 20), TlsContexts.SYSTEM);
        LeaderSource source = new ConsulLeaderSource(loop, sender, settings);
        List<Trigger> triggers = new ArrayList<>();
        for (int number = 0; number < KEYS; number++) {
            triggers.add(new Trigger(key(number), "pg0"));
        }
        loop.execute(() -> source.start(triggers, new Noting()));
        return source;
    }

    private static String key(int number) {
        return "service/cluster%04d/leader".formatted(number);
    }

    private final class Noting extends Listening {

        Noting() {
            super(List.of(), failures);
        }

        @Override
        public void seen(Sighting sighting) {
            newest.put(sighting.key(), sighting);
            sighting.value().ifPresent(value -> firstSeen.putIfAbsent(value, sighting));
            Moment before = confirmed.put(sighting.key(), sighting.asOf());
            if (before != null) {
                Duration unconfirmed = before.until(sighting.receivedAt());
                if (unconfirmed.compareTo(longestUnconfirmed) > 0) {
                    longestUnconfirmed = unconfirmed;
                }
            }
        }
    }
}
