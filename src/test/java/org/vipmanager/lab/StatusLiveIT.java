package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The running daemon is asked what it holds and why. */
@Execution(ExecutionMode.CONCURRENT)
final class StatusLiveIT {

    private static final int FAILOVERS = 5;
    private static final int HOSTILE_READERS = 8;

    /**
     * The first host leads, then the second one, then etcd is silent. Each daemon says at any time
     * what it has and why, by itself and to a user of its own group.
     */
    @Test
    void statusDuringAFailover() throws InterruptedException, IOException {
        try (Lab lab = Lab.open("status")) {
            lab.leaderKey().name(lab.host(1));
            lab.hosts().forEach(host -> lab.daemon(host, "--control-socket=" + socket(lab, host)));
            lab.holders().awaitServing(lab.host(1), Lab.START);

            String holder = status(lab, lab.host(1));
            assertThat(holder).contains("| holding |", "| pg1 ", "taking over 10.0.0.99/24");
            String standby = status(lab, lab.host(2), "--why=10.0.0.99");
            assertThat(standby)
                    .contains("is not here: this host does not lead.")
                    .contains("is \"pg1\", and this host waits for \"pg2\".");

            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
            String released = status(lab, lab.host(1));
            assertThat(released)
                    .contains("| standby |", "| pg2 ")
                    .contains(
                            "released 10.0.0.99/24 on eth0: leader key /service/db/leader is now");
            assertThat(status(lab, lab.host(1), "--why=10.0.0.99"))
                    .contains("Last, at ", "released 10.0.0.99/24 on eth0");

            lab.etcd().freeze();
            await("doubt is told")
                    .atMost(Lab.START)
                    .until(() -> status(lab, lab.host(2)).contains("| in doubt |"));
            String doubt = status(lab, lab.host(2), "--why=10.0.0.99");
            assertThat(doubt).contains("is here: this host leads");
            assertThat(status(lab, lab.host(2), "--json")).startsWith("{\"schema\":1,");
            Files.writeString(
                    lab.folder().resolve("status.txt"),
                    String.join("\n", holder, standby, released, doubt));
        }
    }

    /**
     * Some connect and read nothing, others connect again and again, and a thousand wait, while the
     * address goes to and fro. It follows as ever.
     */
    @Test
    void hostileReaders_delayNoFailover() throws Exception {
        try (Lab lab = Lab.open("status, hostile readers")) {
            lab.leaderKey().name(lab.host(1));
            lab.hosts().forEach(host -> lab.daemon(host, "--control-socket=" + socket(lab, host)));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            await("both listen")
                    .atMost(Lab.START)
                    .until(
                            () ->
                                    lab.hosts().stream()
                                            .allMatch(host -> Files.exists(socket(lab, host))));
            long begun = System.nanoTime();
            long before = lab.daemons().getFirst().memory("status", "VmRSS");
            List<AutoCloseable> opened = new ArrayList<>();
            List<Thread> readers = new ArrayList<>();
            try {
                for (int i = 0; i < HOSTILE_READERS; i++) {
                    UnixDomainSocketAddress address =
                            UnixDomainSocketAddress.of(socket(lab, lab.host(1 + i % 2)));
                    readers.add(Thread.startVirtualThread(() -> readAndHangUp(address)));
                    opened.add(SocketChannel.open(address));
                }
                for (int i = 0; i < FAILOVERS; i++) {
                    Host next = lab.host(2 - i % 2);
                    lab.leaderKey().name(next);
                    lab.holders().awaitServing(next, Lab.AT_ONCE);
                }
                assertThat(status(lab, lab.host(2))).contains("| holding |");
            } finally {
                readers.forEach(Thread::interrupt);
                for (AutoCloseable each : opened) {
                    each.close();
                }
            }
            long after = lab.daemons().getFirst().memory("status", "VmRSS");
            Results.add(
                    "status: hostile readers",
                    "RSS before %d KiB, after %d KiB, two holders for %s"
                            .formatted(before, after, lab.holders().overlapSince(begun)));
        }
    }

    private static void readAndHangUp(UnixDomainSocketAddress address) {
        while (!Thread.currentThread().isInterrupted()) {
            try (SocketChannel channel = SocketChannel.open(address)) {
                Thread.sleep(1);
            } catch (IOException e) {
                LockSupport.parkNanos(1_000_000); // others wait already
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Where every user under test may make it. */
    private static Path socket(Lab lab, Host host) {
        Path folder = lab.memory("run-" + host);
        Command.run("chmod", "777", folder.toString());
        return folder.resolve("control.sock");
    }

    private static String status(Lab lab, Host host, String... flags) {
        List<String> command =
                Stream.of(
                                Program.underTest().command().stream(),
                                Stream.of("status", "--control-socket=" + socket(lab, host)),
                                Stream.of(flags))
                        .flatMap(words -> words)
                        .toList();
        return Command.run(
                host.namespace().command(command.toArray(String[]::new)).toArray(String[]::new));
    }
}
