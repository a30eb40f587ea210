package org.vipmanager.simulation;

import org.vipmanager.dcs.etcd.EtcdCalls;
import org.vipmanager.dcs.etcd.EtcdConnection;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** One daemon's way to the simulated etcd. */
final class SimulatedEtcd implements EtcdCalls {

    private final World world;
    private final DaemonProcess process;
    private final List<SimulatedConnection> open = new ArrayList<>();

    SimulatedEtcd(World world, DaemonProcess process) {
        this.world = world;
        this.process = process;
    }

    @Override
    public EtcdConnection connect(URI endpoint) {
        process.checkAlive();
        SimulatedConnection connection =
                new SimulatedConnection(world, process, world.etcd().member(endpoint), open);
        open.add(connection);
        return connection;
    }

    /** From now on the server's changes are not told on the watches that are open. */
    void silenceWatches() {
        open.forEach(SimulatedConnection::silenceWatches);
    }

    /** The same, and the server answers that they are alive. */
    void deafenWatches() {
        open.forEach(SimulatedConnection::deafenWatches);
    }

    /** TCP has given the connections up. */
    void breakConnections() {
        List.copyOf(open).forEach(SimulatedConnection::brokenByServer);
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(SimulatedConnection::close);
    }
}
