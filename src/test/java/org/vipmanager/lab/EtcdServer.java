package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import org.vipmanager.tls.TestAuthority;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real etcd in a host of its own; its data survive a restart. */
final class EtcdServer implements AutoCloseable {

    private static final int CLIENT_PORT = 2379;
    private static final int PEER_PORT = 2380;
    private static final String LOCAL = "http://127.0.0.1:" + CLIENT_PORT;

    private final Host host;
    private final Path data;
    private final Path log;
    private final Timeline timeline;
    private final String initialCluster;
    private final EtcdClient local = new EtcdClient(List.of(LOCAL), Duration.ofSeconds(5));
    private final List<ServerProcess> runs = new ArrayList<>();
    private String tree = "etcd-3.5";
    private String scheme = "http";
    private List<String> security = List.of();
    private List<String> oldInterface = List.of();

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

    /** From its next start on it is of that release: {@code etcd-3.4} or {@code etcd-3.5}. */
    void ofRelease(String tree) {
        this.tree = tree;
    }

    /** From its next start on it is of release 3.4, and has the v2 API beside the v3 API. */
    void withOldInterface() {
        ofRelease("etcd-3.4");
        oldInterface = List.of("--enable-v2=true");
    }

    /** Writes a key by the v2 API, as a Patroni with an {@code etcd:} section does. */
    void storeByOldInterface(String key, String value) {
        timeline.note(key + " is " + value + ", by the v2 API");
        Command.run(
                host.namespace()
                        .command(
                                "ETCDCTL_API=2",
                                Servers.program(tree, "etcdctl").toString(),
                                "--endpoints=" + LOCAL,
                                "set",
                                key,
                                value)
                        .toArray(String[]::new));
    }

    /**
     * From its next start on hosts reach it by TLS only.
     *
     * @param server the certificate that it shows
     * @param clients who issued the certificates that it demands
     */
    void secureWith(TestAuthority.Issued server, TestAuthority clients) {
        scheme = "https";
        security =
                List.of(
                        "--cert-file=" + server.certificate(),
                        "--key-file=" + server.key(),
                        "--client-cert-auth",
                        "--trusted-ca-file=" + clients.certificate());
    }

    /** Starts it, without waiting for it to answer. */
    void start() {
        timeline.note("start " + host);
        String client = endpoint();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Servers.program(tree, "etcd").toString(),
                                "--name=" + host.name(),
                                "--data-dir=" + data,
                                "--listen-client-urls=" + LOCAL + "," + client,
                                "--advertise-client-urls=" + client,
                                "--listen-peer-urls=" + peerUrl(host),
                                "--initial-advertise-peer-urls=" + peerUrl(host),
                                "--initial-cluster=" + initialCluster,
                                "--log-level=warn"));
        command.addAll(security);
        command.addAll(oldInterface);
        runs.add(
                ServerProcess.start(
                        host.namespace().command(command.toArray(String[]::new)),
                        Map.of(),
                        log,
                        timeline));
    }

    /** As etcdctl in the server's own host, where no TLS is demanded; what it printed. */
    String control(String input, String... arguments) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Servers.program(tree, "etcdctl").toString(),
                                "--endpoints=" + LOCAL,
                                "--dial-timeout=30s",
                                "--command-timeout=30s"));
        words.addAll(List.of(arguments));
        timeline.note("etcdctl " + String.join(" ", arguments));
        return Command.run(input, host.namespace().command(words.toArray(String[]::new)));
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
        return scheme + "://" + host.dcsAddress() + ":" + CLIENT_PORT;
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
