package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Debian's dnsmasq in a host, and hosts that ask it for names. */
final class NameServer implements AutoCloseable {

    private final Lab lab;
    private final Host host;
    private final List<Path> configured = new ArrayList<>();
    private ServerProcess process;

    NameServer(Lab lab, Host host) {
        this.lab = lab;
        this.host = host;
    }

    /** From now on this host's processes that are started ask it. */
    void serve(Host asking) {
        Path folder = Path.of("/etc/netns", asking.namespace().name());
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve("resolv.conf");
            Files.writeString(file, "nameserver " + host.dcsAddress() + "\noptions timeout:1\n");
            configured.add(file);
            configured.add(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts it, in place of the one before.
     *
     * @param records options of dnsmasq
     */
    void answer(List<String> records) {
        stop();
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "dnsmasq",
                                "--no-daemon",
                                "--no-resolv",
                                "--no-hosts",
                                "--user=root",
                                "--pid-file=",
                                "--conf-file=/dev/null",
                                "--bind-interfaces",
                                "--log-queries",
                                "--local=/test/",
                                "--listen-address=" + host.dcsAddress()));
        words.addAll(records);
        List<String> command = host.namespace().command(words.toArray(String[]::new));
        process =
                ServerProcess.start(
                        command, Map.of(), lab.folder().resolve("dnsmasq.log"), lab.timeline());
        await("dnsmasq is ready")
                .atMost(Duration.ofSeconds(20))
                .until(() -> process.lines().stream().anyMatch(line -> line.contains("started")));
    }

    /** Whether somebody has asked it for something that contains the text. */
    boolean wasAskedFor(String text) {
        return process.lines().stream()
                .anyMatch(line -> line.contains("query") && line.contains(text));
    }

    void stop() {
        if (process != null && process.isAlive()) {
            process.signal(Kernel.SIGKILL);
            await("dnsmasq has ended").until(() -> !process.isAlive());
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        for (Path path : configured) {
            Files.deleteIfExists(path);
        }
    }
}
