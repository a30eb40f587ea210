package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/**
 * Database hosts, a client, an etcd and an address: the stage on which a {@link Scenario} is
 * played.
 */
final class Lab implements AutoCloseable {

    /** How long a start may take on a busy machine before the scenario begins. */
    static final Duration START = Duration.ofMinutes(2);

    /**
     * For what is awaited and should be so already, or within milliseconds. It is for a busy
     * machine; where the same would come later by itself, that is made to be much later.
     */
    static final Duration AT_ONCE = Duration.ofSeconds(5);

    /**
     * No read comes in time to tell what an event has told: it comes every half a minute, in
     * milliseconds, as every version of the Go program understands it.
     */
    static final String READS_ARE_RARE = "--interval=30000";

    /**
     * No renewal comes in time to put right what a notification of the kernel must: it comes every
     * 24 s, where the leader has {@link #A_LONG_LEASE}.
     */
    static final String RENEWALS_ARE_RARE = "--address-lifetime=60000";

    static final Duration A_LONG_LEASE = Duration.ofMinutes(2);

    /** The same in a file, with an IPv6 address beside the IPv4 one. */
    static final String BOTH_FAMILIES_RARELY_RENEWED =
            "address-lifetime: 60s\nvips: [{ip: \"fd00::99\", netmask: 64}]\n";

    /** For how long a takeover is announced, by default: the last time after four seconds. */
    private static final Duration ANNOUNCEMENTS = Duration.ofMillis(4500);

    /** Of a daemon that is told to stop; on a machine that hardly lets it run. */
    private static final Duration LONGEST_END = Duration.ofSeconds(15);

    private static final Duration WARM = Duration.ofSeconds(2);

    static final InetAddress VIP = InetAddress.ofLiteral("10.0.0.99");
    static final InetAddress VIP6 = InetAddress.ofLiteral("fd00::99");
    static final String KEY = "/service/db/leader";
    private static final int CLIENT_NUMBER = 50;
    private static final int ETCD_NUMBER = 100;

    private final Scenario scenario;
    private final Path folder;
    private final Timeline timeline;
    private final Network network;
    private final List<Host> hosts = new ArrayList<>();
    private final List<EtcdServer> etcdServers = new ArrayList<>();
    private final InetAddress vip;
    private final PingingClient client;
    private final Holders holders;
    private final Map<Host, EchoServer> echoServers = new LinkedHashMap<>();
    private final List<PatroniStandIn> patronis = new ArrayList<>();
    private final List<Daemon> daemons = new CopyOnWriteArrayList<>();
    private final Map<Host, Sandbox> sandboxes = new LinkedHashMap<>();
    private Optional<Sandbox> around = Optional.empty();

    private Lab(String name, int hostCount, int etcdCount, InetAddress vip)
            throws InterruptedException {
        this.vip = vip;
        scenario = new Scenario(name);
        folder = scenario.folder();
        timeline = scenario.timeline();
        network = scenario.network();
        try {
            for (int i = 1; i <= hostCount; i++) {
                Host host = network.host("pg" + i, i);
                hosts.add(host);
                keep(new AddressWatch(host, timeline::add));
                echoServers.put(host, keep(new EchoServer(host, vip)));
            }
            createEtcd(etcdCount);
            Host clientHost = network.host("client", CLIENT_NUMBER);
            // For an address of no network here, as long as no router says where it is.
            clientHost.namespace().ip("route add default dev eth0 metric 4000");
            client = keep(new PingingClient(clientHost, vip));
            holders = new Holders(vip, hosts, client, scenario);
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /** Two hosts and one running etcd. */
    static Lab open(String scenario) throws InterruptedException {
        return open(scenario, 2, 1, VIP);
    }

    static Lab open(String scenario, int hosts, int etcdMembers, InetAddress vip)
            throws InterruptedException {
        Lab lab = new Lab(scenario, hosts, etcdMembers, vip);
        lab.etcdServers.forEach(EtcdServer::start);
        lab.etcdServers.forEach(EtcdServer::awaitReady);
        return lab;
    }

    /** Two hosts and an etcd that nobody has started yet. */
    static Lab openWithoutEtcd(String scenario) throws InterruptedException {
        return new Lab(scenario, 2, 1, VIP);
    }

    /**
     * Both hosts have a daemon, the first one leads without a lease, and it has served the client
     * for a while.
     */
    Lab withLeader(String... flags) throws InterruptedException {
        return withLeader(() -> leaderKey().name(host(1)), flags);
    }

    /** The same under a lease of that time, which a stand-in for Patroni keeps alive. */
    Lab withLeasedLeader(Duration ttl, String... flags) throws InterruptedException {
        return withLeader(() -> patroni(host(1), ttl), flags);
    }

    private Lab withLeader(Runnable lead, String... flags) throws InterruptedException {
        try {
            lead.run();
            hosts.forEach(host -> daemon(host, flags));
            holders.awaitServing(host(1), START);
            Thread.sleep(WARM);
            return this;
        } catch (RuntimeException | InterruptedException | AssertionError e) {
            close();
            throw e;
        }
    }

    private void createEtcd(int count) {
        List<Host> members =
                IntStream.range(0, count)
                        .mapToObj(i -> network.host("etcd" + (i + 1), ETCD_NUMBER + i))
                        .toList();
        for (Host member : members) {
            etcdServers.add(
                    keep(
                            new EtcdServer(
                                    member,
                                    members,
                                    network.folder(member.name()),
                                    folder.resolve(member.name() + ".log"),
                                    timeline)));
        }
    }

    Host host(int number) {
        return hosts.get(number - 1);
    }

    List<Host> hosts() {
        return hosts;
    }

    EtcdServer etcd() {
        return etcdServers.getFirst();
    }

    List<EtcdServer> etcdServers() {
        return etcdServers;
    }

    String endpoints() {
        return String.join(",", etcdServers.stream().map(EtcdServer::endpoint).toList());
    }

    LeaderKey leaderKey() {
        return leaderKey(etcd().host().namespace());
    }

    /** The leader key as it is written from there. */
    LeaderKey leaderKey(Namespace operator) {
        return leaderKey(operator, KEY);
    }

    /** The leader key of another cluster. */
    LeaderKey leaderKey(String key) {
        return leaderKey(etcd().host().namespace(), key);
    }

    private LeaderKey leaderKey(Namespace operator, String key) {
        return new LeaderKey(operator, etcdClient(Duration.ofSeconds(5)), key, timeline);
    }

    /** A copy of a folder, on tmpfs, where every user may read it. */
    Path copyOf(Path original) {
        Path copy = network.folder(original.getFileName().toString());
        Command.run("cp", "-rp", original + "/.", copy.toString());
        Command.run("chmod", "-R", "a+rX", copy.toString());
        return copy;
    }

    /** An empty folder on tmpfs, gone at the end. */
    Path memory(String name) {
        return network.folder(name);
    }

    /** For what is to be short of memory, gone at the end; nothing where none can be made. */
    Optional<MemoryGroup> memoryGroup() {
        return MemoryGroup.create().map(this::keep);
    }

    /** Where the logs and the story are. */
    Path folder() {
        return folder;
    }

    Timeline timeline() {
        return timeline;
    }

    Holders holders() {
        return holders;
    }

    PingingClient client() {
        return client;
    }

    /** What the machine costs everybody. */
    Bystander bystander() {
        return scenario.bystander();
    }

    /**
     * A second client, which asks the first host at an address that nobody moves: what it misses is
     * the machine's fault, and no program's.
     */
    PingingClient control() {
        InetAddress address = InetAddress.ofLiteral("10.0.0.1");
        keep(new EchoServer(host(1), address));
        return keep(new PingingClient(client.host(), address));
    }

    EchoServer echoServer(Host host) {
        return echoServers.get(host);
    }

    InetAddress vip() {
        return vip;
    }

    /** As {@code ip address} wants it. */
    String vipWithPrefix() {
        return vip.getHostAddress() + "/" + (vip.equals(VIP6) ? 64 : 24);
    }

    /** A Patroni in the host that keeps its lease alive once a second. */
    PatroniStandIn patroni(Host host, Duration ttl) {
        EtcdClient etcd = etcdClient(Duration.ofSeconds(1));
        PatroniStandIn patroni =
                keep(new PatroniStandIn(host, etcd, KEY, ttl, Duration.ofSeconds(1), timeline));
        patronis.add(patroni);
        return patroni;
    }

    /** A Consul server that answers, where the etcd would be that nobody starts. */
    ConsulStore consul() {
        ConsulStore consul =
                keep(new ConsulStore(List.of(etcd().host()), network, folder, timeline));
        consul.start();
        return consul;
    }

    /** An etcd of another cluster, with a Patroni that keeps a key for this host there. */
    EtcdServer otherEtcd(Host leader, Duration ttl) {
        Host member = network.host("other", ETCD_NUMBER + 50);
        EtcdServer other =
                keep(
                        new EtcdServer(
                                member,
                                List.of(member),
                                network.folder(member.name()),
                                folder.resolve(member.name() + ".log"),
                                timeline));
        other.start();
        other.awaitReady();
        EtcdClient etcd = new EtcdClient(List.of(other.endpoint()), Duration.ofSeconds(1));
        PatroniStandIn patroni =
                keep(new PatroniStandIn(leader, etcd, KEY, ttl, Duration.ofSeconds(1), timeline));
        await("it leads there").atMost(START).until(patroni::isLeading);
        return other;
    }

    /** A Consul in which the same key names this host. */
    ConsulStore otherConsul(Host leader) {
        Host member = network.host("consul", ETCD_NUMBER + 51);
        ConsulStore other = keep(new ConsulStore(List.of(member), network, folder, timeline));
        other.start();
        other.put(KEY, leader.name());
        return other;
    }

    /** The stand-ins in the order in which they were started. */
    List<PatroniStandIn> patronis() {
        return patronis;
    }

    private EtcdClient etcdClient(Duration timeout) {
        return new EtcdClient(etcdServers.stream().map(EtcdServer::endpoint).toList(), timeout);
    }

    /** Starts the program under test, which waits for its host's own name in the leader key. */
    Daemon daemon(Host host, String... flags) {
        return daemon(Program.underTest(), host, flags);
    }

    Daemon daemon(Program program, Host host, String... flags) {
        List<String> command = commandLine(program, host, flags);
        long startedAtNanos = timeline.note("start the daemon of " + host);
        ServerProcess process =
                ServerProcess.start(command, Map.of(), folder.resolve(host + ".log"), timeline);
        return keep(host, process, startedAtNanos);
    }

    /** Starts the program under test in that group. */
    Daemon daemon(MemoryGroup group, Host host, String... flags) {
        return daemon(group, Program.underTest(), host, flags);
    }

    Daemon daemon(MemoryGroup group, Program program, Host host, String... flags) {
        List<String> command = group.command(commandLine(group.copied(program), host, flags));
        long startedAtNanos =
                timeline.note("start the daemon of " + host + ", to be short of memory");
        ServerProcess process =
                ServerProcess.start(command, Map.of(), folder.resolve(host + ".log"), timeline);
        return keep(host, process, startedAtNanos);
    }

    /** Nobody reads what it logs and the pipe is full: {@code vip-manager | sleep inf}. */
    Daemon daemonWithBlockedLog(Host host, String... flags) {
        Program blocked = Program.underTest().within("head -c 65536 /dev/zero; exec \"$@\"");
        List<String> command = commandLine(blocked, host, flags);
        long startedAtNanos = timeline.note("start the daemon of " + host + ", its log blocked");
        return keep(host, ServerProcess.startUnread(command, Map.of()), startedAtNanos);
    }

    /** A configuration file for the host's daemon, with these lines of the scenario's own. */
    SettingsFile settings(Host host, String own) {
        Map<String, String> usual = new LinkedHashMap<>();
        usual.put("ip", vip.getHostAddress());
        usual.put("netmask", vip.equals(VIP6) ? "64" : "24");
        usual.put("interface", "eth0");
        usual.put("trigger-key", KEY);
        usual.put("trigger-value", host.name());
        usual.put("dcs-type", "etcd");
        usual.put("dcs-endpoints", endpoints());
        usual.put("control-socket", "off");
        return new SettingsFile(network.folder(host.name()).resolve("settings.yml"), usual)
                .write(own);
    }

    /** Starts the program under test with nothing but that file. */
    Daemon daemon(Host host, SettingsFile settings) {
        List<String> words = new ArrayList<>(Program.underTest().command());
        words.add("--config=" + settings.path());
        List<String> command = within(host, words);
        long startedAtNanos = timeline.note("start the daemon of " + host);
        ServerProcess process =
                ServerProcess.start(command, Map.of(), folder.resolve(host + ".log"), timeline);
        return keep(host, process, startedAtNanos);
    }

    private Daemon keep(Host host, ServerProcess process, long startedAtNanos) {
        around.flatMap(sandbox -> sandbox.awaitProcess(process)).ifPresent(process::standsFor);
        Daemon daemon = keep(new Daemon(host, process, timeline, startedAtNanos));
        daemons.add(daemon);
        return daemon;
    }

    /** How that program is started in the host, with the flags that it needs. */
    List<String> commandLine(Program program, Host host, String... flags) {
        List<String> words = new ArrayList<>(program.command());
        words.add("--ip=" + vip.getHostAddress());
        words.add("--netmask=" + (vip.equals(VIP6) ? 64 : 24));
        words.add("--interface=eth0");
        List<String> own = List.of(flags);
        Map<String, String> usual = new LinkedHashMap<>();
        usual.put("--trigger-key=", KEY);
        usual.put("--trigger-value=", host.name());
        usual.put("--dcs-endpoints=", endpoints());
        if (!program.isGo()) {
            usual.put("--control-socket=", "off"); // all daemons here have the same /run
        }
        usual.forEach(
                (flag, value) -> {
                    if (own.stream().noneMatch(given -> given.startsWith(flag))) {
                        words.add(flag + value);
                    }
                });
        words.addAll(own);
        return within(host, words);
    }

    /** How that is started in the host, and in its sandbox if it has one. */
    private List<String> within(Host host, List<String> command) {
        around =
                Sandbox.tree()
                        .filter(_ -> Sandbox.isFor(command))
                        .map(
                                tree ->
                                        sandboxes.computeIfAbsent(
                                                host, _ -> keep(Sandbox.boot(this, host, tree))));
        if (around.isPresent()) {
            return around.get().command(command);
        }
        return host.namespace().command(command.toArray(String[]::new));
    }

    /** The daemons in the order in which they were started. */
    List<Daemon> daemons() {
        return daemons;
    }

    /** Cuts the host off from the DCS and returns the time. */
    long cutDcs(Host host, Cut cut) {
        long at = timeline.note("cut " + host + " off the DCS by " + cut);
        host.cutDcs(cut);
        return at;
    }

    void reflect(Host host) {
        timeline.note("the switch reflects the frames of " + host);
        host.reflect();
    }

    void dropAnnouncements(Host host) {
        timeline.note("the switch drops the announcements of " + host);
        host.dropAnnouncements(vip);
    }

    /** The host's port of the clients' switch forwards nothing, or does so again; returns when. */
    long blockClients(Host host, boolean blocked) {
        host.blockClients(blocked);
        return timeline.note(
                "the switch " + (blocked ? "blocks" : "opens") + " the port of " + host);
    }

    /** Waits until everything is said that a takeover just now had to say. */
    void awaitAnnounced() throws InterruptedException {
        Thread.sleep(ANNOUNCEMENTS);
    }

    void healDcs(Host host) {
        timeline.note("heal the DCS network of " + host);
        host.healDcs();
    }

    /**
     * Waits until the daemon has ended, with 0. One that the machine keeps from that is ended by
     * force, with 1, after three seconds.
     */
    void awaitEnd(Daemon daemon, long toldAtNanos) throws InterruptedException {
        int code = daemon.awaitExit(LONGEST_END.toSeconds());
        boolean excused = bystander().wasKeptWaiting(toldAtNanos, System.nanoTime());
        assertThat(code).as("exit code").isBetween(0, excused ? 1 : 0);
    }

    /** Waits until the daemon has logged something that contains the text. */
    void awaitLog(Daemon daemon, String text) {
        await("the daemon of " + daemon.host() + " logs " + text)
                .atMost(START)
                .until(() -> daemon.log().stream().anyMatch(line -> line.contains(text)));
    }

    /** Closed at the end. */
    <T extends AutoCloseable> T keep(T resource) {
        return scenario.keep(resource);
    }

    /** For how long two hosts may hold an address at once, other than after a key change. */
    void mayOverlap(Duration bound) {
        scenario.mayOverlap(bound);
    }

    @Override
    public void close() {
        scenario.close();
    }
}
