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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a fleet of followers costs one etcd: the real source, once for each host, on one loop. Or
 * the Go program, a process for each.
 */
public final class Fleet {

    private static final String KEY = "/service/db/leader";
    private static final String OTHER_KEY = "/service/db/status";
    private static final Duration SETTLES = Duration.ofSeconds(20);
    private static final Duration MEASURED = Duration.ofSeconds(60);
    private static final int CHANGES = 40;

    private final FleetServer etcd;
    private final int size;
    private final DecisionLoop loop = new DecisionLoop(new RealTime(), Duration.ofHours(1));
    private final List<EtcdLeaderSource> sources = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    private volatile Change change = new Change("", 0);

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

    /**
     * Prints a line of a table for each size.
     *
     * @param arguments the sizes; after {@code go} those of the Go program
     */
    public static void main(String[] arguments) throws InterruptedException {
        boolean go = Arrays.asList(arguments).contains("go");
        System.out.println(
                "| followers | requests/s and follower | messages/s and follower | etcd's CPU s/min"
                        + " | change heard ms: p50 | p99 | last |");
        for (String argument : arguments) {
            if (!argument.equals("go")) {
                measure(Integer.parseInt(argument), go);
            }
        }
        System.exit(0);
    }

    private static void measure(int size, boolean go) throws InterruptedException {
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
                FleetServer.Counters used = etcd.counters().since(before);
                double seconds = (System.nanoTime() - from) / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "| %d | %.3f | %.3f | %.2f | %s |%n",
                        size,
                        used.started() / seconds / size,
                        used.received() / seconds / size,
                        used.cpuSeconds() * 60 / seconds,
                        go ? "- | - | -" : fleet.changes());
                fleet.failures.stream().distinct().limit(3).forEach(System.out::println);
            } finally {
                fleet.end();
            }
        }
    }

    private void begin(int number, boolean go) {
        if (go) {
            processes.add(etcd.startGoProgram(KEY, "host" + number));
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

    /** Others write meanwhile, as Patroni does. */
    private void letLive(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        for (int i = 0; System.nanoTime() < until; i++) {
            etcd.client().put(OTHER_KEY, "status " + i);
            Thread.sleep(1000);
        }
    }

    /** From when the write was sent. */
    private String changes() throws InterruptedException {
        List<Double> all = new ArrayList<>();
        List<Double> last = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            Change next = new Change("leader " + i, size);
            change = next;
            long sent = System.nanoTime();
            etcd.client().put(KEY, next.value);
            if (!next.missing.await(30, TimeUnit.SECONDS)) {
                return "not heard by all within 30 s | - | -";
            }
            Arrays.stream(next.at).mapToObj(at -> (at - sent) / 1e6).forEach(all::add);
            last.add((Arrays.stream(next.at).max().orElse(sent) - sent) / 1e6);
            Thread.sleep(500);
        }
        all.sort(null);
        last.sort(null);
        return String.format(
                Locale.ROOT,
                "%.1f | %.1f | %.1f",
                all.get(all.size() / 2),
                all.get(all.size() * 99 / 100),
                last.get(last.size() / 2));
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
