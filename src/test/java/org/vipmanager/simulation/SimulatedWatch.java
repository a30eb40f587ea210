package org.vipmanager.simulation;

import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdEntry;
import org.vipmanager.dcs.etcd.EtcdFailure;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** A watch of a daemon: its events keep their order, and may be late or never come. */
final class SimulatedWatch implements EtcdConnection.Watch {

    private final World world;
    private final SimulatedConnection connection;
    private final EtcdConnection.WatchListener listener;
    private long nextRevision;
    private final Queue<Runnable> sent = new ArrayDeque<>();
    private boolean open = true;
    private boolean silent;

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
        if (!silent) {
            sent.add(() -> listener.changed(clusterId, changes));
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
    }

    private Host host() {
        return connection.process().host();
    }
}
