package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Three database hosts with PostgreSQL, Patroni and a daemon each, a DCS, and a client that writes
 * through the address only: the stage of a {@link Scenario}.
 */
final class DatabaseLab implements AutoCloseable {

    static final InetAddress VIP = Lab.VIP;
    static final String KEY = "/service/db/leader";

    /**
     * How long two hosts may hold the address when Patroni gives the leader key up before its lease
     * ends: as long as the old one's daemon, on a busy machine, needs to hear of it.
     */
    static final Duration EARLY = Duration.ofSeconds(1);

    private static final int CLIENT_NUMBER = 50;
    private static final int STORE_NUMBER = 100;
    private static final Duration LONGEST_START = Duration.ofSeconds(90);

    /** What the daemons ask. */
    enum Asked {
        ETCD,
        CONSUL,
        /** The local Patroni, whose own DCS is etcd. */
        PATRONI
    }

    private final Scenario scenario;
    private final Timeline timeline;
    private final Asked asked;
    private final Store store;
    private final List<DatabaseHost> hosts = new ArrayList<>();
    private final Host clientHost;
    private final ClusterObserver observer;
    private final WritingClient client;

    /** Starts nothing but the DCS, the client and the observers. */
    DatabaseLab(String name, Asked asked, String patroniTree, String... daemonFlags)
            throws InterruptedException {
        this.asked = asked;
        scenario = new Scenario(name);
        scenario.mayOverlap(EARLY);
        timeline = scenario.timeline();
        Path folder = scenario.folder();
        Network network = scenario.network();
        try {
            List<Host> members =
                    IntStream.range(0, 3)
                            .mapToObj(i -> network.host("dcs" + (i + 1), STORE_NUMBER + i))
                            .toList();
            store =
                    keep(
                            asked == Asked.CONSUL
                                    ? new ConsulStore(members, network, folder, timeline)
                                    : new EtcdStore(members, network, folder, timeline));
            store.start();
            PatroniInstallation installation = new PatroniInstallation(patroniTree, network);
            for (int number = 1; number <= 3; number++) {
                Host host = network.host("pg" + number, number);
                keep(new AddressWatch(host, timeline::add));
                store.join(host);
                hosts.add(
                        keep(
                                new DatabaseHost(
                                        host,
                                        installation,
                                        network.folder(host.name() + "-database"),
                                        folder,
                                        store,
                                        daemonCommand(host, daemonFlags),
                                        timeline)));
            }
            clientHost = network.host("client", CLIENT_NUMBER);
            observer = keep(new ClusterObserver(clientHost, store, KEY, hosts));
            client = keep(new WritingClient(clientHost, VIP));
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private List<String> daemonCommand(Host host, String... more) {
        Program program = Program.underTest();
        List<String> words = new ArrayList<>(program.command());
        words.addAll(List.of("--ip=" + VIP.getHostAddress(), "--netmask=24", "--interface=eth0"));
        if (asked == Asked.PATRONI) {
            words.add("--dcs-type=patroni");
            words.add("--dcs-endpoints=http://127.0.0.1:8008");
        } else {
            words.add("--trigger-value=" + host.name());
            if (!program.isGo()) {
                words.add("--patroni-url=http://127.0.0.1:8008");
            }
            words.addAll(store.daemonFlags(KEY));
        }
        words.addAll(List.of(more));
        return host.namespace().command(words.toArray(String[]::new));
    }

    /** Starts everything on all database hosts and waits until the client's rows are written. */
    long start() {
        long begun = timeline.note("start the cluster");
        hosts.forEach(DatabaseHost::startPatroni);
        hosts.forEach(DatabaseHost::startDaemon);
        awaitHealthy();
        return begun;
    }

    /**
     * Waits until one host leads, is writable and holds the address, the two others follow it, one
     * of them synchronously, and the client's rows are acknowledged.
     */
    void awaitHealthy() {
        await("a healthy cluster")
                .atMost(LONGEST_START)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(this::isHealthy);
    }

    private boolean isHealthy() {
        String leader = observer.stateNow(ClusterObserver.KEY);
        List<Map<String, Object>> members = leader(leader).members();
        long following =
                members.stream()
                        .filter(
                                member ->
                                        String.valueOf(member.get("role"))
                                                .matches("replica|sync_standby"))
                        .filter(
                                member ->
                                        String.valueOf(member.get("state"))
                                                .matches("running|streaming"))
                        .filter(member -> "0".equals(String.valueOf(member.get("lag"))))
                        .count();
        boolean synchronous =
                members.stream().anyMatch(member -> "sync_standby".equals(member.get("role")));
        return following == 2
                && synchronous
                && observer.stateNow(leader).equals(ClusterObserver.WRITABLE)
                && timeline.holdersNow(VIP).equals(Set.of(leader))
                && !client.acknowledgedSince(System.nanoTime() - 200_000_000L).isEmpty();
    }

    /** Waits until the host that the key names holds the address and the client writes to it. */
    void awaitServing() {
        await("the client is served by the leader")
                .atMost(LONGEST_START)
                .pollInterval(Duration.ofMillis(50))
                .until(this::isServing);
    }

    private boolean isServing() {
        String leader = observer.stateNow(ClusterObserver.KEY);
        List<WritingClient.Acknowledged> recent =
                client.acknowledgedSince(System.nanoTime() - 200_000_000L);
        return timeline.holdersNow(VIP).equals(Set.of(leader))
                && !recent.isEmpty()
                && recent.getLast().server().equals(leader);
    }

    private DatabaseHost leader(String name) {
        return hosts.stream().filter(host -> host.name().equals(name)).findFirst().orElseThrow();
    }

    DatabaseHost leader() {
        return leader(observer.stateNow(ClusterObserver.KEY));
    }

    /** Some host that does not lead. */
    DatabaseHost follower() {
        DatabaseHost leader = leader();
        return hosts.stream().filter(host -> host != leader).findFirst().orElseThrow();
    }

    /** The follower that has every acknowledged row. */
    DatabaseHost synchronousFollower() {
        String name =
                leader().members().stream()
                        .filter(member -> "sync_standby".equals(member.get("role")))
                        .map(member -> String.valueOf(member.get("name")))
                        .findFirst()
                        .orElseThrow();
        return leader(name);
    }

    List<DatabaseHost> hosts() {
        return hosts;
    }

    Store store() {
        return store;
    }

    Asked asked() {
        return asked;
    }

    Timeline timeline() {
        return timeline;
    }

    ClusterObserver observer() {
        return observer;
    }

    WritingClient client() {
        return client;
    }

    Host clientHost() {
        return clientHost;
    }

    private <T extends AutoCloseable> T keep(T resource) {
        return scenario.keep(resource);
    }

    /** What must never happen has happened: the build fails, whatever a second run shows. */
    AssertionError violated(String what) {
        return scenario.violated(what);
    }

    @Override
    public void close() {
        scenario.close();
    }
}
