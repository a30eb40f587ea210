package org.vipmanager.systemd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.log.Printable;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;
import org.vipmanager.posix.UnixAddress;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Sends the state of this service to systemd's notification socket.
 *
 * <p>Does nothing where there is none. Never waits: what the socket does not take at once is
 * dropped, and the next watchdog message follows soon; but that the service is ready, for which
 * systemd waits, is sent again before that one. Not safe for use by several threads.
 */
public final class SystemdNotifier implements AutoCloseable {

    private static final int LONGEST_MESSAGE = 4096;
    private static final int LONGEST_STATUS = 1000;
    private static final int CLOCK_MONOTONIC = 1;
    private static final long NANOS_PER_MICRO = 1000;

    private final LibC libC;
    private final Map<String, String> environment;
    private final @Nullable NativeSocket socket;
    private final @Nullable NativeBuffer address;
    private final NativeBuffer message;

    /** What systemd has to be told, and was not yet; empty for nothing. */
    private String owed = "";

    /**
     * @param environment with {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC} and {@code WATCHDOG_PID}
     *     as systemd sets them
     */
    public SystemdNotifier(LibC libC, Map<String, String> environment) {
        this.libC = libC;
        this.environment = environment;
        message = libC.allocate(LONGEST_MESSAGE);
        String path = environment.getOrDefault("NOTIFY_SOCKET", "");
        address = UnixAddress.of(libC, path).orElse(null);
        socket = address == null ? null : open(libC);
    }

    /** Whether somebody listens. */
    public boolean isActive() {
        return socket != null;
    }

    /** Started, or reloaded. */
    public void ready(String status) {
        owed = "READY=1\nSTATUS=" + oneLine(status);
        sendOwed();
    }

    /** Reading the configuration again; {@link #ready} follows. */
    public void reloading() {
        long micros = libC.clockGettime(CLOCK_MONOTONIC) / NANOS_PER_MICRO;
        send("RELOADING=1\nMONOTONIC_USEC=" + micros);
    }

    /** Going to end. */
    public void stopping(String status) {
        owed = "";
        send("STOPPING=1\nSTATUS=" + oneLine(status));
    }

    /** The line that {@code systemctl status} shows. */
    public void status(String status) {
        sendOwed();
        send("STATUS=" + oneLine(status));
    }

    /** Still alive; to be sent at least every half {@link #watchdogTime}. */
    public void watchdog() {
        sendOwed();
        send("WATCHDOG=1");
    }

    /**
     * After how long without {@link #watchdog} systemd kills this process, sd_watchdog_enabled(3).
     *
     * @return empty when it does not watch this process
     */
    public Optional<Duration> watchdogTime() {
        String ownProcess = Long.toString(ProcessHandle.current().pid());
        String watchedProcess = environment.getOrDefault("WATCHDOG_PID", ownProcess);
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        if (!watchedProcess.equals(ownProcess) || !micros.matches("[1-9][0-9]{0,14}")) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Long.parseLong(micros) * NANOS_PER_MICRO));
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }

    private static @Nullable NativeSocket open(LibC libC) {
        try {
            return NativeSocket.open(
                    libC, UnixAddress.AF_UNIX, UnixAddress.SOCK_DGRAM | NativeSocket.NONBLOCK, 0);
        } catch (ErrnoException _) {
            return null; // a service that cannot speak of itself still serves
        }
    }

    private void sendOwed() {
        if (!owed.isEmpty() && send(owed)) {
            owed = "";
        }
    }

    /** Returns false when the socket is full. */
    private boolean send(String text) {
        if (socket == null || address == null) {
            return true;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, LONGEST_MESSAGE);
        message.bytes().put(0, bytes, 0, length);
        int sent = socket.send(message, length, 0, address);
        return sent != -Errno.EAGAIN && sent != -Errno.ENOBUFS;
    }

    private static String oneLine(String text) {
        return Printable.line(text, LONGEST_STATUS);
    }
}
