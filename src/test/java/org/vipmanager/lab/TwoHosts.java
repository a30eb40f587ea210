package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Two hosts, a client and an address, for a DCS that the test brings. */
final class TwoHosts implements AutoCloseable {

    static final InetAddress VIP = Lab.VIP;
    private static final int CLIENT_NUMBER = 50;
    private static final int DCS_NUMBER = 100;

    private final Path folder;
    private final Timeline timeline = new Timeline();
    private final Network network;
    private final List<Host> hosts = new ArrayList<>();
    private final Host dcs;
    private final PingingClient client;
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final Thread hook = new Thread(this::closeAll, "laboratory cleans up");

    TwoHosts(String scenario) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(hook);
        folder = folder(scenario);
        network = keep(Network.create());
        for (int number = 1; number <= 2; number++) {
            Host host = network.host("pg" + number, number);
            hosts.add(host);
            keep(new AddressWatch(host, timeline::add));
            keep(new EchoServer(host, VIP));
        }
        dcs = network.host("dcs1", DCS_NUMBER);
        client = keep(new PingingClient(network.host("client", CLIENT_NUMBER), VIP));
    }

    /** One Consul server that answers, in a host of its own. */
    ConsulStore consul() {
        ConsulStore consul = keep(new ConsulStore(List.of(dcs), network, folder, timeline));
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
                        folder.resolve(host + ".log"),
                        timeline);
        keep(process::kill);
        return startedAtNanos;
    }

    /** Waits until exactly these hosts have the address. */
    void awaitHolders(Set<String> names, Duration atMost) {
        await(names + " and nobody else has the address")
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> timeline.holdersNow(VIP).equals(names));
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
        synchronized (resources) {
            resources.push(resource);
        }
        return resource;
    }

    @Override
    public void close() {
        closeAll();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void closeAll() {
        timeline.write(folder.resolve("story.txt"));
        synchronized (resources) {
            while (!resources.isEmpty()) {
                try {
                    resources.pop().close();
                } catch (Exception e) {
                    System.err.println("laboratory " + folder.getFileName() + ": " + e);
                }
            }
        }
    }

    private static Path folder(String scenario) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "lab", scenario));
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
