package org.vipmanager.lab;

import org.awaitility.Awaitility;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands where systemd listens to its services, and keeps all that it is told: sd_notify(3). */
final class NotifySocket implements AutoCloseable {

    /** {@code text} has the lines of one datagram. */
    record Message(long atNanos, String text) {}

    private final Path folder;
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param folder an empty one, short enough for a socket's name, which every user may then use
     */
    NotifySocket(Path folder) {
        this.folder = folder;
        int socket = Kernel.openUnixDatagram(folder.resolve("notify"));
        Command.run("chmod", "-R", "a+rwX", folder.toString());
        thread = Thread.ofPlatform().name("notify socket").daemon().start(() -> listen(socket));
    }

    /** The program as systemd starts it, with a watchdog of that time. */
    Program service(Program program, Duration watchdog) {
        return program.within(
                "export NOTIFY_SOCKET=%s/notify RUNTIME_DIRECTORY=%s WATCHDOG_USEC=%d; exec \"$@\""
                        .formatted(folder, folder, watchdog.toNanos() / 1000));
    }

    /** The service's {@code RuntimeDirectory=}. */
    Path runtimeDirectory() {
        return folder;
    }

    private void listen(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(4096);
            while (!closed) {
                Kernel.receive(socket, buffer)
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .ifPresent(text -> messages.add(new Message(System.nanoTime(), text)));
            }
        } finally {
            Kernel.close(socket);
        }
    }

    /** What was said since then, except that the service is still alive. */
    List<String> since(long nanos) {
        return messages.stream()
                .filter(message -> message.atNanos >= nanos && !isHeartbeat(message))
                .map(Message::text)
                .toList();
    }

    /** Waits for the first message since then that begins so. */
    Message await(String beginning, long sinceNanos) {
        return Awaitility.await()
                .alias(beginning)
                .atMost(Lab.START)
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () ->
                                messages.stream()
                                        .filter(message -> message.atNanos >= sinceNanos)
                                        .filter(message -> message.text.startsWith(beginning))
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** How often the service has said within the last second that it is alive. */
    long heartbeatsInTheLastSecond() {
        long since = System.nanoTime() - Duration.ofSeconds(1).toNanos();
        return messages.stream()
                .filter(message -> message.atNanos >= since && isHeartbeat(message))
                .count();
    }

    private static boolean isHeartbeat(Message message) {
        return message.text.equals("WATCHDOG=1");
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
