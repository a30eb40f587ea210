package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real etcd in a host of its own; its data survive a restart. */
final class EtcdServer implements AutoCloseable {

    private static final int CLIENT_PORT = 2379;
    private static final int PEER_PORT = 2380;

    private final Host host;
    private final Path data;
    private final Path log;
    private final Timeline timeline;
    private final String initialCluster;
    private final EtcdClient local =
            new EtcdClient(List.of("http://127.0.0.1:" + CLIENT_PORT), Duration.ofSeconds(5));
    private final List<ServerProcess> runs = new ArrayList<>();

    /**
     * @param members every host of the cluster, this one among them
     */
    EtcdServer(Host host, List<Host> members, Path data, Path log, Timeline timeline) {
        this.host = host;
        this.data = data;
        this.log = log;
        this.timeline = timeline;
        this.initialCluster =
                String.join(",", members.stream().map(m -> m.name() + "=" + peerUrl(m)).toList());
    }

    /** Starts it, without waiting for it to answer. */
    void start() {
        timeline.note("start " + host);
        String client = endpoint();
        runs.add(
                ServerProcess.start(
                        host.namespace()
                                .command(
                                        Servers.program("etcd-3.5", "etcd").toString(),
                                        "--name=" + host.name(),
                                        "--data-dir=" + data,
                                        "--listen-client-urls=http://127.0.0.1:2379," + client,
                                        "--advertise-client-urls=" + client,
                                        "--listen-peer-urls=" + peerUrl(host),
                                        "--initial-advertise-peer-urls=" + peerUrl(host),
                                        "--initial-cluster=" + initialCluster,
                                        "--log-level=warn"),
                        Map.of(),
                        log,
                        timeline));
    }

    void awaitReady() {
        await(host + " answers")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> host.namespace().call(local::isHealthy));
    }

    void kill() {
        timeline.note("kill " + host);
        runs.getLast().kill();
    }

    void freeze() {
        timeline.note("freeze " + host);
        runs.getLast().signal(Kernel.SIGSTOP);
    }

    void thaw() {
        timeline.note("thaw " + host);
        runs.getLast().signal(Kernel.SIGCONT);
    }

    /** How many requests of clients it has received so far, keep-alives and watches included. */
    double questions() {
        return host.namespace().call(local::requestsReceived);
    }

    /** Whether it leads the other members. */
    boolean isRaftLeader() {
        return host.namespace().call(local::isRaftLeader);
    }

    /** Where hosts reach it. */
    String endpoint() {
        return "http://" + host.dcsAddress() + ":" + CLIENT_PORT;
    }

    Host host() {
        return host;
    }

    private static String peerUrl(Host member) {
        return "http://" + member.dcsAddress() + ":" + PEER_PORT;
    }

    @Override
    public void close() {
        runs.forEach(ServerProcess::kill);
    }
}
