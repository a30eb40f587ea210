package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Debian's keepalived in a host, which has the lab's address by VRRP whoever leads elsewhere. */
final class Keepalived implements AutoCloseable {

    private static final int LEADERS_PRIORITY = 50;

    private final Lab lab;
    private final Host host;
    private final Path folder;
    private final Path settings;
    private final Path priority;
    private ServerProcess process;

    /**
     * Started; without others it takes the address.
     *
     * @param more lines of the instance's own, such as {@code advert_int 1}
     */
    Keepalived(Lab lab, Host host, String more) {
        this.lab = lab;
        this.host = host;
        folder = lab.memory("keepalived-" + host);
        settings = folder.resolve("keepalived.conf");
        priority = folder.resolve("priority");
        lead(false);
        write(
                settings,
                """
                vrrp_track_file order {
                    file "%s"
                    weight 1
                }
                vrrp_instance db {
                    interface eth0
                    virtual_router_id 51
                    %s
                    track_file {
                        order weight 1
                    }
                    virtual_ipaddress {
                        10.0.0.99/24
                    }
                }
                """
                        .formatted(priority, more));
        process = run();
    }

    private ServerProcess run() {
        Path tree = Servers.tree("keepalived");
        Path libraries = Servers.libraries(tree);
        return ServerProcess.start(
                host.namespace()
                        .command(
                                "LD_LIBRARY_PATH="
                                        + libraries
                                        + ":"
                                        + tree.resolve("lib").resolve(libraries.getFileName()),
                                tree.resolve("usr/sbin/keepalived").toString(),
                                "--vrrp",
                                "--dont-fork",
                                "--log-console",
                                "--use-file=" + settings,
                                "--pid=" + pid(),
                                "--vrrp_pid=" + vrrpPid()),
                Map.of(),
                lab.folder().resolve("keepalived-" + host + ".log"),
                lab.timeline());
    }

    private Path pid() {
        return folder.resolve("pid");
    }

    private Path vrrpPid() {
        return folder.resolve("vrrp.pid");
    }

    Host host() {
        return host;
    }

    /** Its priority is the higher one from now on, or not any more. */
    void lead(boolean leads) {
        write(priority, (leads ? LEADERS_PRIORITY : 0) + "\n");
    }

    /** SIGTERM: it tells the others that it goes. Returns the time. */
    long stop() {
        long at = lab.timeline().note("stop keepalived of " + host);
        process.signal(Kernel.SIGTERM);
        return at;
    }

    /** All of its processes at once. Returns the time. */
    long kill() {
        List<ProcessHandle> all = processes();
        long at = lab.timeline().note("kill keepalived of " + host);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
        return at;
    }

    /** Again, after its end. */
    void startAgain() throws InterruptedException {
        process.awaitExit(60);
        lab.timeline().note("start keepalived of " + host);
        // Who was killed leaves them, and they may name another process by now.
        Command.run("rm", "-f", pid().toString(), vrrpPid().toString());
        process = run();
    }

    /** MiB, the shares of its processes summed up. */
    double pss() {
        return processes().stream()
                        .mapToLong(each -> Daemon.memory(each.pid(), "smaps_rollup", "Pss"))
                        .sum()
                / 1024.0;
    }

    private List<ProcessHandle> processes() {
        ProcessHandle main = ProcessHandle.of(process.pid()).orElseThrow();
        return Stream.concat(Stream.of(main), main.descendants()).toList();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its end, as it removes the address. */
    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            stop();
            process.awaitExit(60);
        }
    }
}
