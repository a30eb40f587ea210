package org.vipmanager.lab;

import org.vipmanager.control.DecisionLoop;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.RealTime;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.etcd.EtcdLeaderSource;
import org.vipmanager.dcs.etcd.EtcdPolicy;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;
import org.vipmanager.dcs.etcd.grpc.GrpcEtcdCalls;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fleet of followers of one etcd: the real source, once for each host, on one loop. Or the Go
 * program, a process for each.
 */
final class Fleet {

    private static final String KEY = "/service/db/leader";
    private static final String OTHER_KEY = "/service/db/status";
    private static final Duration SETTLES = Duration.ofSeconds(15);
    private static final Duration MEASURED = Duration.ofSeconds(30);
    private static final Duration BETWEEN = Duration.ofMillis(300);
    private static final Duration LATE = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int CHANGES = 40;

    /** What the Go program logs of each change. */
    private static final String TOLD = "Current value from DCS: ";

    private final FleetServer etcd;
    private final int size;
    private final DecisionLoop loop = new DecisionLoop(new RealTime(), Duration.ofHours(1));
    private final List<EtcdLeaderSource> sources = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    private volatile Change change = new Change("", 0);

    /**
     * What was measured of one size.
     *
     * @param cost what all followers and the writers have cost the server
     * @param seconds in which they did
     * @param heard from the sending of a change until a follower had heard it, of each of them
     * @param last the same until the last one had
     * @param failures what the followers complained of
     */
    record Figures(
            FleetServer.Counters cost,
            double seconds,
            Samples heard,
            Samples last,
            List<String> failures) {}

    /** A change of the key, and when each follower has heard of it. */
    private static final class Change {

        private final String value;
        private final CountDownLatch missing;
        private final AtomicInteger heard = new AtomicInteger();
        private final long[] at;

        Change(String value, int followers) {
            this.value = value;
            missing = new CountDownLatch(followers);
            at = new long[followers];
        }

        void heard() {
            int number = heard.getAndIncrement();
            if (number < at.length) {
                at[number] = System.nanoTime();
                missing.countDown();
            }
        }
    }

    private Fleet(FleetServer etcd, int size) {
        this.etcd = etcd;
        this.size = size;
        Thread.ofPlatform().daemon().name("loop").start(loop::run);
    }

    /** Measures a fleet of that size for about a minute, in the calling thread's namespace. */
    static Figures measure(int size, boolean go) {
        try {
            return measured(size, go);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Figures measured(int size, boolean go) throws InterruptedException {
        try (FleetServer etcd = FleetServer.start()) {
            etcd.client().put(KEY, "somebody");
            Fleet fleet = new Fleet(etcd, size);
            try {
                for (int i = 0; i < size; i++) {
                    fleet.begin(i, go);
                    Thread.sleep(10);
                }
                fleet.letLive(SETTLES);
                FleetServer.Counters before = etcd.counters();
                long from = System.nanoTime();
                fleet.letLive(MEASURED);
                FleetServer.Counters cost = etcd.counters().since(before);
                double seconds = (System.nanoTime() - from) / 1e9;
                Samples heard = new Samples();
                Samples last = new Samples();
                fleet.checkAlive();
                for (int i = 0; i < CHANGES; i++) {
                    fleet.change(i, heard, last);
                    Thread.sleep(BETWEEN);
                }
                return new Figures(
                        cost,
                        seconds,
                        heard,
                        last,
                        fleet.failures.stream().distinct().limit(3).toList());
            } finally {
                fleet.end();
            }
        }
    }

    private void begin(int number, boolean go) {
        if (go) {
            Process process = etcd.startGoProgram(KEY, "host" + number);
            processes.add(process);
            Thread.ofPlatform().daemon().name("log of host" + number).start(() -> read(process));
            return;
        }
        EtcdPolicy policy =
                new EtcdPolicy(
                        List.of(etcd.uri()),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        3,
                        Duration.ofMillis(250),
                        true);
        EtcdLeaderSource source =
                new EtcdLeaderSource(loop, new GrpcEtcdCalls(loop, EtcdAccess.ANONYMOUS), policy);
        sources.add(source);
        Trigger trigger = new Trigger(KEY, "host" + number);
        loop.execute(() -> source.start(List.of(trigger), new Listening()));
    }

    private void checkAlive() {
        long dead = processes.stream().filter(process -> !process.isAlive()).count();
        if (dead > 0) {
            throw new IllegalStateException(dead + " of " + size + " processes have ended");
        }
    }

    /** Others write meanwhile, as Patroni does. */
    private void letLive(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        for (int i = 0; System.nanoTime() < until; i++) {
            etcd.client().put(OTHER_KEY, "status " + i);
            Thread.sleep(1000);
        }
    }

    private void read(Process process) {
        try {
            process.inputReader().lines().forEach(this::logged);
        } catch (UncheckedIOException e) {
            // It was ended while its pipe was read.
        }
    }

    private void logged(String line) {
        Change current = change;
        int at = line.indexOf(TOLD);
        if (at >= 0 && line.substring(at + TOLD.length()).strip().equals(current.value)) {
            current.heard();
        }
    }

    /** From when the write was sent; what is late is told. */
    private void change(int number, Samples heard, Samples last) throws InterruptedException {
        Change next = new Change("leader " + number, size);
        change = next;
        long sent = System.nanoTime();
        etcd.client().put(KEY, next.value);
        Duration written = Duration.ofNanos(System.nanoTime() - sent);
        if (!next.missing.await(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            failures.add(
                    "change %d was not heard by %d of %d within %d s"
                            .formatted(number, next.missing.getCount(), size, LONGEST.toSeconds()));
            return;
        }
        Samples each = new Samples();
        Arrays.stream(next.at).mapToObj(at -> Duration.ofNanos(at - sent)).forEach(each::add);
        each.inOrder().forEach(heard::add);
        last.add(each.worst());
        if (each.worst().compareTo(LATE) > 0) {
            long late = each.inOrder().stream().filter(it -> it.compareTo(LATE) > 0).count();
            System.out.printf(
                    "change %d was heard late by %d of %d, after %s at most; its write took %s%n",
                    number, late, size, Samples.text(each.worst()), Samples.text(written));
        }
    }

    private void end() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        loop.execute(
                () -> {
                    sources.forEach(EtcdLeaderSource::close);
                    loop.stop();
                    closed.countDown();
                });
        closed.await(30, TimeUnit.SECONDS);
        processes.forEach(Process::destroyForcibly);
    }

    private final class Listening implements LeaderSource.Listener {

        private Optional<String> value = Optional.empty();

        @Override
        public void seen(Sighting sighting) {
            Change current = change;
            if (!sighting.value().equals(value)) {
                value = sighting.value();
                value.filter(current.value::equals).ifPresent(_ -> current.heard());
            }
        }

        @Override
        public void proved(LeaseProof proof) {}

        @Override
        public void failed(String trouble) {
            failures.add(trouble);
        }
    }
}
