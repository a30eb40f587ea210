package org.vipmanager.lab;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two hosts, a client and an address, for a DCS that the test brings. */
final class TwoHosts implements AutoCloseable {

    static final InetAddress VIP = Lab.VIP;
    private static final int CLIENT_NUMBER = 50;
    private static final int DCS_NUMBER = 100;

    private final Scenario scenario;
    private final Timeline timeline;
    private final List<Host> hosts = new ArrayList<>();
    private final Host dcs;
    private final PingingClient client;
    private final Holders holders;

    TwoHosts(String name) throws InterruptedException {
        scenario = new Scenario(name);
        timeline = scenario.timeline();
        Network network = scenario.network();
        try {
            for (int number = 1; number <= 2; number++) {
                Host host = network.host("pg" + number, number);
                hosts.add(host);
                keep(new AddressWatch(host, timeline::add));
                keep(new EchoServer(host, VIP));
            }
            dcs = network.host("dcs1", DCS_NUMBER);
            client = keep(new PingingClient(network.host("client", CLIENT_NUMBER), VIP));
            holders = new Holders(VIP, hosts, client, scenario);
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /** One Consul server that answers, in a host of its own. */
    ConsulStore consul() {
        ConsulStore consul =
                keep(
                        new ConsulStore(
                                List.of(dcs), scenario.network(), scenario.folder(), timeline));
        consul.start();
        return consul;
    }

    /** Starts the program under test; the time. */
    long daemon(Host host, String... flags) {
        List<String> words = new ArrayList<>(Program.underTest().command());
        words.addAll(List.of("--ip=" + VIP.getHostAddress(), "--netmask=24", "--interface=eth0"));
        words.addAll(List.of(flags));
        long startedAtNanos = timeline.note("start the daemon of " + host);
        ServerProcess process =
                ServerProcess.start(
                        host.namespace().command(words.toArray(String[]::new)),
                        Map.of(),
                        scenario.folder().resolve(host + ".log"),
                        timeline);
        keep(process::kill);
        return startedAtNanos;
    }

    Holders holders() {
        return holders;
    }

    Host host(int number) {
        return hosts.get(number - 1);
    }

    Timeline timeline() {
        return timeline;
    }

    PingingClient client() {
        return client;
    }

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
