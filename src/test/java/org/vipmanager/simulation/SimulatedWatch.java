package org.vipmanager.simulation;

import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;
import org.vipmanager.dcs.etcd.EtcdFailure;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** A watch of a daemon: what it tells keeps its order, and may be late or never come. */
final class SimulatedWatch implements EtcdConnection.Watch {

    private final World world;
    private final SimulatedConnection connection;
    private final EtcdConnection.WatchListener listener;
    private long nextRevision;
    private final Queue<Runnable> sent = new ArrayDeque<>();
    private boolean open = true;
    private boolean silent;
    private boolean deaf;

    SimulatedWatch(
            World world,
            SimulatedConnection connection,
            long startRevision,
            EtcdConnection.WatchListener listener) {
        this.world = world;
        this.connection = connection;
        this.listener = listener;
        nextRevision = startRevision;
    }

    long nextRevision() {
        return nextRevision;
    }

    boolean isOpen() {
        return open;
    }

    /** Called by the member. */
    void send(long clusterId, List<EtcdEntry> changes) {
        nextRevision = changes.getLast().modRevision() + 1;
        if (!deaf) {
            send(() -> listener.changed(clusterId, changes));
        }
    }

    @Override
    public void askWhetherAlive() {
        connection.process().pass(FreezePoint.BEFORE_SEND);
        host().dcsLink().out(() -> connection.member().answerWhetherAlive(this));
    }

    /** Called by the member. */
    void sendAlive() {
        send(listener::alive);
    }

    private void send(Runnable news) {
        if (!silent) {
            sent.add(news);
            host().dcsLink().in(() -> connection.process().execute(this::arrived));
        }
    }

    /** One stream of bytes: what was sent first arrives first. */
    private void arrived() {
        Runnable oldest = sent.remove();
        if (open && !connection.isClosed()) {
            oldest.run();
        }
    }

    /** The server ends it. */
    void endSoon(EtcdFailure.Kind kind) {
        EtcdFailure failure = new EtcdFailure(kind, connection.member().endpoint(), kind.name());
        host().dcsLink().in(() -> end(failure));
    }

    void end(EtcdFailure failure) {
        connection
                .process()
                .execute(
                        () -> {
                            if (open && !connection.isClosed()) {
                                forget();
                                listener.ended(failure);
                            }
                        });
    }

    void silence() {
        if (!silent) {
            silent = true;
            host().impairments().begin(Impairment.WATCH_SILENT);
        }
    }

    void deafen() {
        if (!deaf) {
            deaf = true;
            host().impairments().begin(Impairment.WATCH_SILENT);
            host().impairments().begin(Impairment.WATCH_DEAF);
        }
    }

    @Override
    public void close() {
        if (open) {
            forget();
        }
    }

    private void forget() {
        open = false;
        connection.watchClosed(this);
        if (silent) {
            host().impairments().end(Impairment.WATCH_SILENT);
        }
        if (deaf) {
            host().impairments().end(Impairment.WATCH_SILENT);
            host().impairments().end(Impairment.WATCH_DEAF);
        }
    }

    private Host host() {
        return connection.process().host();
    }
}
