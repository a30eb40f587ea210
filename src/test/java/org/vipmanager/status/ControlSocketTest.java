package org.vipmanager.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.posix.FfmLibC;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

final class ControlSocketTest {

    @TempDir private Path folder;
    private final ThreadLoop loop = new ThreadLoop();
    private final AtomicInteger taken = new AtomicInteger();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        loop.close();
    }

    @Test
    void whoConnectsGetsTheDocument() throws IOException {
        open(1);

        assertThat(read(path())).startsWith("{\"schema\":1,").endsWith("}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-rw----");
        assertThat(taken).hasValue(1);
    }

    @Test
    void closed_leavesNoSocket() throws IOException {
        open(1).close();

        assertThat(path()).doesNotExist();
        open(1);
        assertThat(read(path())).endsWith("}\n");
    }

    /** A reload tries again when there are threads. */
    @Test
    void withoutAThread_leavesNoSocket() throws IOException {
        ControlSocket lonely = opened(path(), 1);
        assertThatThrownBy(
                        () ->
                                lonely.start(
                                        () -> {
                                            throw new OutOfMemoryError("no native thread");
                                        }))
                .isInstanceOf(IOException.class)
                .hasMessage("no thread can be had");
        assertThat(path()).doesNotExist();

        open(1);
        assertThat(read(path())).endsWith("}\n");
    }

    @Test
    void socketOfAKilledDaemon_isReplaced() throws IOException {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(path()));
        }
        assertThat(path()).exists();

        open(1);

        assertThat(read(path())).endsWith("}\n");
    }

    @Test
    void socketOfALivingDaemon_isNotStolen() throws IOException {
        open(1);

        assertThatThrownBy(() -> open(2)).hasMessageContaining("another daemon has it");
        assertThat(read(path())).contains("10.0.0.1/16").doesNotContain("10.0.0.2/16");
    }

    @Test
    void whatIsNoSocket_isLeftAlone() throws IOException {
        Files.writeString(path(), "mine");

        assertThatThrownBy(() -> open(1)).hasMessageContaining("no socket");
        assertThat(path()).hasContent("mine");
    }

    @Test
    void folderThatDoesNotExist() {
        assertThatThrownBy(() -> open(folder.resolve("none/control.sock"), 1))
                .isInstanceOf(java.nio.file.NoSuchFileException.class);
    }

    /** Far more than fits into the buffers of a socket. */
    @Test
    void twoThousandAddresses() throws IOException {
        open(2000);

        assertThat(read(path())).contains("10.0.7.250/16").endsWith("}\n");
    }

    /** Who reads nothing is given up after two seconds; more than a few cannot even wait. */
    @Test
    void readersThatReadNothing_keepOthersWaitingAndNoMore() throws IOException {
        open(2000);
        SocketChannel slow = SocketChannel.open(UnixDomainSocketAddress.of(path()));
        opened.add(slow);

        long begun = System.nanoTime();
        assertThat(read(path())).endsWith("}\n");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));

        assertThat(waitingAtOnce(1000)).as("connections that wait").isLessThan(100);
    }

    private int waitingAtOnce(int wanted) throws IOException {
        int waiting = 0;
        for (int i = 0; i < wanted; i++) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.configureBlocking(false);
            try {
                if (channel.connect(UnixDomainSocketAddress.of(path()))) {
                    waiting++;
                    opened.add(channel);
                    continue;
                }
            } catch (IOException e) {
                // EAGAIN: the kernel lets no more wait.
            }
            channel.close();
        }
        return waiting;
    }

    @Test
    void many_takeFewSnapshots() throws IOException {
        open(1);
        long begun = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(read(path())).endsWith("}\n");
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);

        assertThat(taken.get()).isBetween(1, 2 + (int) (took.toMillis() / 100));
    }

    @Test
    void loopThatHangs_isToldOf() throws Exception {
        open(1);
        CountDownLatch hanging = new CountDownLatch(1);
        loop.execute(() -> awaitUninterruptibly(hanging));

        assertThat(read(path())).startsWith("{\"error\":\"the daemon has not looked after");
        hanging.countDown();
        await().untilAsserted(() -> assertThat(read(path())).startsWith("{\"schema\":1,"));
    }

    @Test
    void fault_endsNeitherLoopNorThread() throws IOException {
        StatusReader broken =
                new StatusReader(
                        loop,
                        () -> {
                            throw new IllegalStateException("broken");
                        });
        ControlSocket socket =
                ControlSocket.open(new FfmLibC(), loop, Snapshots.DAEMON, broken, path());
        opened.add(socket);
        socket.start();

        assertThat(read(path())).contains("could not be read").contains("broken");
        assertThat(read(path())).contains("could not be read");
    }

    @Test
    void onlyRootTheOwnerAndTheGroupMayAsk() {
        SocketFile.Owner owner = new SocketFile.Owner(500, 600);

        assertThat(new Peer(0, 0).mayAsk(owner)).isTrue();
        assertThat(new Peer(500, 1).mayAsk(owner)).isTrue();
        assertThat(new Peer(7, 1, 2, 600).mayAsk(owner)).isTrue();
        assertThat(new Peer(7, 1, 2, 500).mayAsk(owner)).isFalse();
        assertThat(new Peer(600).mayAsk(owner)).isFalse();
    }

    private Path path() {
        return folder.resolve("control.sock");
    }

    private ControlSocket open(int addresses) throws IOException {
        return open(path(), addresses);
    }

    private ControlSocket open(Path path, int addresses) throws IOException {
        ControlSocket socket = opened(path, addresses);
        socket.start();
        return socket;
    }

    private ControlSocket opened(Path path, int addresses) throws IOException {
        StatusReader reader =
                new StatusReader(
                        loop,
                        () -> {
                            taken.incrementAndGet();
                            return Snapshots.ofAddresses(addresses, "pg1");
                        });
        ControlSocket socket =
                ControlSocket.open(new FfmLibC(), loop, Snapshots.DAEMON, reader, path);
        opened.add(socket);
        return socket;
    }

    static String read(Path path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            while (channel.read(buffer.clear()) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
