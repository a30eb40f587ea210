package org.vipmanager.dcs.etcd;

import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.LeaseProof;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An etcd whose every answer a test gives by hand. It has one store; calls wait, in the order in
 * which they were sent, until they are answered or failed.
 */
final class FakeEtcd implements EtcdCalls {

    final List<Connection> connections = new ArrayList<>();
    final Map<String, EtcdEntry> store = new HashMap<>();
    long clusterId = 7;
    long revision = 100;
    long raftTerm = 3;
    boolean closed;

    private final FakeLoop loop;

    FakeEtcd(FakeLoop loop) {
        this.loop = loop;
    }

    /** Writes a key, as the next revision. */
    EtcdEntry put(String key, String value, long lease) {
        EtcdEntry entry = new EtcdEntry(key, Optional.of(value), ++revision, lease);
        store.put(key, entry);
        return entry;
    }

    /** Deletes a key, as the next revision; what a watch tells of it. */
    EtcdEntry delete(String key) {
        store.remove(key);
        return new EtcdEntry(key, Optional.empty(), ++revision, 0);
    }

    @Override
    public EtcdConnection connect(URI endpoint) {
        Connection connection = new Connection(endpoint);
        connections.add(connection);
        return connection;
    }

    @Override
    public void close() {
        closed = true;
    }

    Connection connection() {
        return connections.getLast();
    }

    /** A question that waits. */
    abstract static class Call {
        private final Connection connection;
        private final Consumer<EtcdFailure> failed;

        Call(Connection connection, Consumer<EtcdFailure> failed) {
            this.connection = connection;
            this.failed = failed;
        }

        void fail(EtcdFailure.Kind kind) {
            connection.hear(
                    () -> failed.accept(new EtcdFailure(kind, connection.endpoint, "(details)")));
        }
    }

    final class Read extends Call {
        final List<String> keys;
        final Duration deadline;
        private final Connection connection;
        private final Consumer<EtcdConnection.Answer> answered;

        Read(
                Connection connection,
                List<String> keys,
                Duration deadline,
                Consumer<EtcdConnection.Answer> answered,
                Consumer<EtcdFailure> failed) {
            super(connection, failed);
            this.connection = connection;
            this.keys = keys;
            this.deadline = deadline;
            this.answered = answered;
        }

        /** Answers with what the store holds. */
        void answer() {
            answer(now());
        }

        void answer(EtcdConnection.Answer read) {
            connection.hear(() -> answered.accept(read));
        }

        /** What the store would answer now. */
        EtcdConnection.Answer now() {
            return new EtcdConnection.Answer(
                    clusterId,
                    revision,
                    raftTerm,
                    keys.stream()
                            .map(key -> store.getOrDefault(key, EtcdEntry.absent(key)))
                            .toList());
        }
    }

    final class Lease extends Call {
        final long id;
        private final Connection connection;
        private final Consumer<LeaseProof.Answer> answered;

        Lease(
                Connection connection,
                long id,
                Consumer<LeaseProof.Answer> answered,
                Consumer<EtcdFailure> failed) {
            super(connection, failed);
            this.connection = connection;
            this.id = id;
            this.answered = answered;
        }

        void answer(int remaining, int granted) {
            LeaseProof.Answer answer =
                    new LeaseProof.Answer(
                            id,
                            Duration.ofSeconds(remaining),
                            Duration.ofSeconds(granted),
                            raftTerm);
            connection.hear(() -> answered.accept(answer));
        }
    }

    final class Watch implements EtcdConnection.Watch {
        final List<String> keys;
        final long startRevision;
        boolean closed;

        /** How often it was asked whether it is alive. */
        int asked;

        private final Connection connection;
        private final EtcdConnection.WatchListener listener;

        Watch(
                Connection connection,
                List<String> keys,
                long startRevision,
                EtcdConnection.WatchListener listener) {
            this.connection = connection;
            this.keys = keys;
            this.startRevision = startRevision;
            this.listener = listener;
        }

        void tell(EtcdEntry... changes) {
            connection.hear(
                    () -> {
                        if (!closed) {
                            listener.changed(clusterId, List.of(changes));
                        }
                    });
        }

        /** Answers the question whether it is alive. */
        void answer() {
            connection.hear(
                    () -> {
                        if (!closed) {
                            listener.alive();
                        }
                    });
        }

        @Override
        public void askWhetherAlive() {
            asked++;
        }

        void end(EtcdFailure.Kind kind) {
            connection.hear(
                    () -> {
                        if (!closed) {
                            closed = true;
                            listener.ended(new EtcdFailure(kind, connection.endpoint, "ended"));
                        }
                    });
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    final class Connection implements EtcdConnection {
        final URI endpoint;
        final Deque<Read> reads = new ArrayDeque<>();
        final Deque<Lease> leases = new ArrayDeque<>();
        final List<FakeEtcd.Watch> watches = new ArrayList<>();

        /** What was sent, in order: {@code lease 1f}, {@code read /a /b}. */
        final List<String> sent = new ArrayList<>();

        boolean outdated;
        boolean closed;

        Connection(URI endpoint) {
            this.endpoint = endpoint;
        }

        void hear(Runnable answer) {
            loop.execute(
                    () -> {
                        if (!closed) {
                            answer.run();
                        }
                    });
            loop.runReady();
        }

        /** All that wait, in one task, as a login does that they all need. */
        void failEverything(EtcdFailure.Kind kind) {
            List<Call> waiting = new ArrayList<>(leases);
            waiting.addAll(reads);
            EtcdFailure failure = new EtcdFailure(kind, endpoint, "(details)");
            hear(() -> waiting.forEach(call -> call.failed.accept(failure)));
        }

        FakeEtcd.Watch watch() {
            return watches.getLast();
        }

        @Override
        public void read(
                List<String> keys,
                Duration deadline,
                Consumer<EtcdConnection.Answer> answered,
                Consumer<EtcdFailure> failed) {
            sent.add("read " + String.join(" ", keys));
            reads.add(new Read(this, keys, deadline, answered, failed));
        }

        @Override
        public void timeToLive(
                long leaseId,
                Duration deadline,
                Consumer<LeaseProof.Answer> answered,
                Consumer<EtcdFailure> failed) {
            sent.add("lease " + Long.toHexString(leaseId));
            leases.add(new Lease(this, leaseId, answered, failed));
        }

        @Override
        public FakeEtcd.Watch watch(List<String> keys, long startRevision, WatchListener listener) {
            FakeEtcd.Watch watch = new FakeEtcd.Watch(this, keys, startRevision, listener);
            watches.add(watch);
            return watch;
        }

        @Override
        public boolean isOutdated() {
            return outdated;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
