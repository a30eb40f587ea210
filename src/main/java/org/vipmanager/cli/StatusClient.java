package org.vipmanager.cli;

import org.vipmanager.log.Printable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Asks a daemon over its control socket. */
final class StatusClient {

    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final int LARGEST_DOCUMENT = 8 << 20;
    private static final int LONGEST_REFUSAL = 500;
    private static final String REFUSAL = "{\"error\":\"";

    private final Path socket;
    private final boolean isGiven;

    /**
     * @param isGiven whether somebody named the socket; else that of the only instance counts
     */
    StatusClient(Path socket, boolean isGiven) {
        this.socket = socket;
        this.isGiven = isGiven;
    }

    /**
     * The document.
     *
     * @throws IOException if it cannot be had; the message says why and what can be done
     */
    String read() throws IOException {
        Path path = chosen();
        try (SocketChannel channel = SocketChannel.open(address(path));
                Selector selector = Selector.open()) {
            String answer = whole(channel, selector, path);
            if (answer.startsWith(REFUSAL)) {
                String why = answer.substring(REFUSAL.length()).replace("\"}\n", "");
                throw new IOException(path + ": " + Printable.line(why, LONGEST_REFUSAL));
            }
            if (!answer.endsWith("\n")) {
                throw new IOException(
                        path + ": the answer broke off; the daemon ended, or is overloaded");
            }
            return answer;
        } catch (ConnectException e) {
            throw new IOException(
                    path
                            + " was left by a daemon that is gone: start it again, see \"systemctl"
                            + " status vip-manager\"",
                    e);
        } catch (SocketException e) {
            throw refused(path, e);
        }
    }

    private Path chosen() throws IOException {
        if (isGiven || Files.exists(socket)) {
            return socket;
        }
        List<Path> others = ofInstances();
        if (others.size() > 1) {
            throw new IOException(
                    "there are several daemons, name one with --control-socket: "
                            + String.join(", ", others.stream().map(Path::toString).toList()));
        }
        return others.isEmpty() ? socket : others.getFirst();
    }

    /** Of {@code vip-manager@NAME.service}: {@code /run/vip-manager-NAME/control.sock}. */
    private List<Path> ofInstances() {
        Path folder = socket.getParent();
        Path parent = folder == null ? null : folder.getParent();
        if (folder == null || parent == null) {
            return List.of();
        }
        String prefix = folder.getFileName() + "-";
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .map(path -> path.resolve(socket.getFileName()))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static UnixDomainSocketAddress address(Path path) throws IOException {
        if (!Files.exists(path)) {
            Path folder = path.toAbsolutePath().getParent();
            throw new IOException(
                    folder != null && Files.isDirectory(folder)
                            ? "no daemon listens at "
                                    + path
                                    + ": it is not running (\"systemctl status vip-manager\"), or"
                                    + " has another control-socket"
                            : "no daemon listens at "
                                    + path
                                    + ", whose folder does not exist: vip-manager is not running as"
                                    + " a service; start it, or name its socket with"
                                    + " --control-socket");
        }
        try {
            return UnixDomainSocketAddress.of(path);
        } catch (IllegalArgumentException e) {
            throw new IOException(path + " cannot be a socket: " + e.getMessage(), e);
        }
    }

    /** A daemon that is frozen is not waited for. */
    private static String whole(SocketChannel channel, Selector selector, Path path)
            throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (answer.size() <= LARGEST_DOCUMENT) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new IOException(
                        path
                                + ": the daemon has not answered for "
                                + PATIENCE.toSeconds()
                                + " s: it is frozen, or many ask it");
            }
            selector.select(left);
            selector.selectedKeys().clear();
            int read = channel.read(buffer.clear());
            if (read < 0) {
                return answer.toString(StandardCharsets.UTF_8);
            }
            answer.write(buffer.array(), 0, read);
        }
        throw new IOException(path + ": the answer has no end: no daemon of ours listens there");
    }

    /** The JDK tells these two only by words. */
    private static IOException refused(Path path, SocketException e) {
        String words = String.valueOf(e.getMessage());
        if (words.contains("Permission denied")) {
            return new IOException(
                    path
                            + ": this user may not ask the daemon; ask as root, or as a user of the"
                            + " socket's group",
                    e);
        }
        return new IOException(path + ": " + words, e);
    }
}
