package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;

import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the connections of an address cost its removal, through the whole daemon. */
@ResourceLock(Results.FIGURES)
final class ManyConnectionsLiveIT {

    /** The daemon is told to stop while so many clients wait for an answer. */
    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "100, false", "100, true", "10000, false", "10000, true"})
    void stop_removesTheAddressAtOnce(int connections, boolean reset) throws Exception {
        assumeThat(mostFiles())
                .as("files that a process may open")
                .isGreaterThan(connections + 1000);
        String name = "%d connections, reset %s".formatted(connections, reset ? "on" : "off");
        List<SocketChannel> clients = new ArrayList<>();
        try (Lab lab = Lab.open(name).withLeader("--reset-connections=" + reset)) {
            serve(lab);
            lab.client().host().namespace().call(() -> connect(lab, connections, clients));
            Daemon daemon = lab.daemons().getFirst();

            long stoppedAt = System.nanoTime();
            daemon.signal(Kernel.SIGTERM);
            await("the address goes").atMost(Lab.AT_ONCE).until(() -> !lab.host(1).has(lab.vip()));
            lab.awaitEnd(daemon, stoppedAt);

            long told = clients.stream().filter(ManyConnectionsLiveIT::isReset).count();
            Results.add(
                    name,
                    "SIGTERM: address removed after %s, clients told: %d"
                            .formatted(lab.holders().untilRemoved(lab.host(1), stoppedAt), told));
            assertThat(told).isLessThanOrEqualTo(reset ? connections : 0);
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    private static long mostFiles() {
        return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getMaxFileDescriptorCount();
    }

    private static void serve(Lab lab) {
        Path log = lab.folder().resolve("accepting-server.log");
        ServerProcess server =
                ServerProcess.start(
                        AcceptingServer.command(lab.host(1)), Map.of(), log, lab.timeline());
        AutoCloseable end = server::kill;
        lab.keep(end);
        await("the server listens").atMost(Lab.START).until(() -> !server.lines().isEmpty());
        assertThat(server.lines()).containsExactly("listening");
    }

    private static int connect(Lab lab, int number, List<SocketChannel> clients) {
        SocketAddress server = new InetSocketAddress(lab.vip(), WaitingClient.PORT);
        try {
            while (clients.size() < number) {
                clients.add(SocketChannel.open(server));
            }
            return clients.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isReset(SocketChannel client) {
        try {
            client.configureBlocking(false);
            assertThat(client.read(ByteBuffer.allocate(1))).as("nobody says anything").isZero();
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
