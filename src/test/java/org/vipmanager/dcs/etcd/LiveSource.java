package org.vipmanager.dcs.etcd;

import static org.awaitility.Awaitility.await;

import org.vipmanager.control.DecisionLoop;
import org.vipmanager.control.RealTime;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;
import org.vipmanager.dcs.etcd.grpc.GrpcEtcdCalls;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The real source on a real loop, and what it has told so far. Safe for use by any thread. */
final class LiveSource extends Told implements AutoCloseable {

    static final Duration INTERVAL = Duration.ofMillis(500);
    static final Duration TIMEOUT = Duration.ofMillis(2000);

    static final TimeSource CLOCK = new RealTime();

    private final DecisionLoop loop = new DecisionLoop(CLOCK, Duration.ofHours(1));
    private final EtcdLeaderSource source;
    private final Thread thread;

    private LiveSource(EtcdPolicy policy, EtcdAccess access, List<Trigger> triggers) {
        source = new EtcdLeaderSource(loop, new GrpcEtcdCalls(loop, access), policy);
        loop.execute(() -> source.start(triggers, this));
        thread = Thread.ofPlatform().daemon().name("loop").start(loop::run);
    }

    static LiveSource follow(List<URI> endpoints, EtcdAccess access, Trigger... triggers) {
        EtcdPolicy policy =
                new EtcdPolicy(endpoints, INTERVAL, TIMEOUT, 3, Duration.ofMillis(100), true);
        return follow(policy, access, triggers);
    }

    static LiveSource follow(EtcdPolicy policy, EtcdAccess access, Trigger... triggers) {
        return new LiveSource(policy, access, Arrays.asList(triggers));
    }

    static LiveSource follow(EtcdProcess etcd, Trigger... triggers) {
        return follow(List.of(etcd.uri()), EtcdAccess.ANONYMOUS, triggers);
    }

    void restart() {
        loop.execute(source::restart);
    }

    static Moment now() {
        return CLOCK.now();
    }

    /** Waits until the newest sighting of any key has the value. */
    Sighting awaitValue(String value) {
        return awaitSighting(seen -> seen.value().equals(Optional.of(value)));
    }

    /** The first one that had the value. */
    Sighting first(String value) {
        return sightings.stream()
                .filter(seen -> seen.value().equals(Optional.of(value)))
                .findFirst()
                .orElseThrow();
    }

    void awaitSeen(String key, String value) {
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                sightings.stream()
                                        .anyMatch(
                                                seen ->
                                                        seen.key().equals(key)
                                                                && seen.value()
                                                                        .equals(
                                                                                Optional.of(
                                                                                        value))));
    }

    Sighting awaitAbsent() {
        return awaitSighting(seen -> seen.value().isEmpty());
    }

    private Sighting awaitSighting(Predicate<Sighting> wanted) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !sightings.isEmpty() && wanted.test(sightings.getLast()));
        return sightings.getLast();
    }

    /** Waits for a sighting of a read that is sent from now on. */
    Sighting awaitFreshRead() {
        Moment from = now();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> freshRead(from).isPresent());
        return freshRead(from).orElseThrow();
    }

    private Optional<Sighting> freshRead(Moment from) {
        return sightings.stream()
                .filter(seen -> seen.origin() == Sighting.Origin.READ)
                .filter(seen -> seen.asOf().isAfter(from))
                .findFirst();
    }

    /** Waits until the watch has said three times in a row, without a read, that it is alive. */
    void awaitReliance() {
        int before = alive.get();
        await("the watch is relied on")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> alive.get() >= 3 && alive.get() > before);
    }

    String awaitFailure(String part) {
        await("failure with \"" + part + "\"")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> failures.stream().anyMatch(text -> text.contains(part)));
        return failures.stream().filter(text -> text.contains(part)).findFirst().orElseThrow();
    }

    @Override
    public void close() throws InterruptedException {
        loop.execute(
                () -> {
                    source.close();
                    loop.stop();
                });
        thread.join();
    }
}
