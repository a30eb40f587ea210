package org.vipmanager.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Speaks to a real datagram socket, in the file system and outside of it. */
final class SystemdNotifierTest {

    private final LibC libC = new FfmLibC();

    @TempDir Path directory;

    @Test
    void everyState_reachesTheSocketInTheFileSystem() throws Exception {
        String path = directory.resolve("notify").toString();
        try (NativeSocket systemd = listen(path);
                SystemdNotifier notifier =
                        new SystemdNotifier(libC, Map.of("NOTIFY_SOCKET", path))) {
            notifier.ready("follows\n/leader");
            assertThat(received(systemd)).isEqualTo("READY=1\nSTATUS=follows /leader");
            notifier.status("holds 10.0.0.9/24");
            assertThat(received(systemd)).isEqualTo("STATUS=holds 10.0.0.9/24");
            notifier.watchdog();
            assertThat(received(systemd)).isEqualTo("WATCHDOG=1");
            notifier.reloading();
            assertThat(received(systemd)).matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+");
            notifier.stopping("bye");
            assertThat(received(systemd)).isEqualTo("STOPPING=1\nSTATUS=bye");
        }
    }

    @Test
    void abstractSocket_isReached() throws Exception {
        String name = "@vip-manager-test-" + ProcessHandle.current().pid();
        try (NativeSocket systemd = listen(name);
                SystemdNotifier notifier =
                        new SystemdNotifier(libC, Map.of("NOTIFY_SOCKET", name))) {
            notifier.watchdog();
            assertThat(received(systemd)).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void fullSocket_neverMakesUsWait() throws Exception {
        String path = directory.resolve("notify").toString();
        try (NativeSocket systemd = listen(path);
                SystemdNotifier notifier =
                        new SystemdNotifier(libC, Map.of("NOTIFY_SOCKET", path))) {
            long before = System.nanoTime();
            for (int i = 0; i < 10_000; i++) {
                notifier.watchdog();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(received(systemd)).isEqualTo("WATCHDOG=1");
        }
    }

    /** systemd waits for that one message, and ends the service without it. */
    @Test
    void readiness_isSentAgain_whereTheSocketWasFull() throws Exception {
        String path = directory.resolve("notify").toString();
        try (NativeSocket systemd = listen(path);
                SystemdNotifier notifier =
                        new SystemdNotifier(libC, Map.of("NOTIFY_SOCKET", path))) {
            for (int i = 0; i < 10_000; i++) {
                notifier.watchdog();
            }
            notifier.ready("holding");
            NativeBuffer buffer = libC.allocate(4096);
            while (systemd.receive(buffer, 0) > 0) {
                // what filled it
            }
            notifier.watchdog();
            assertThat(received(systemd)).isEqualTo("READY=1\nSTATUS=holding");
            assertThat(received(systemd)).isEqualTo("WATCHDOG=1");
            notifier.watchdog();
            assertThat(received(systemd)).isEqualTo("WATCHDOG=1");
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "vsock:2:1234", "relative/path", "/nobody/listens/here"})
    void withoutASocket_nothingHappens(String path) {
        try (SystemdNotifier notifier = new SystemdNotifier(libC, Map.of("NOTIFY_SOCKET", path))) {
            notifier.ready("");
            notifier.watchdog();
        }
        try (SystemdNotifier notifier = new SystemdNotifier(libC, Map.of())) {
            assertThat(notifier.isActive()).isFalse();
            notifier.stopping("");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "6000000, OWN, 6000",
        "6000000, '', 6000",
        "6000000, 1, 0",
        "'', '', 0",
        "0, '', 0",
        "often, '', 0",
        "99999999999999999999, '', 0"
    })
    void watchdogTime_isForThisProcessOnly(String micros, String process, long millis) {
        String pid = Long.toString(ProcessHandle.current().pid());
        Map<String, String> environment =
                process.isEmpty()
                        ? Map.of("WATCHDOG_USEC", micros)
                        : Map.of(
                                "WATCHDOG_USEC",
                                micros,
                                "WATCHDOG_PID",
                                process.equals("OWN") ? pid : process);
        try (SystemdNotifier notifier = new SystemdNotifier(libC, environment)) {
            assertThat(notifier.watchdogTime().orElse(Duration.ZERO).toMillis()).isEqualTo(millis);
        }
    }

    private NativeSocket listen(String name) throws Exception {
        NativeSocket socket = NativeSocket.open(libC, 1, 2 | NativeSocket.NONBLOCK, 0);
        byte[] bytes = name.replace('@', '\0').getBytes(StandardCharsets.UTF_8);
        NativeBuffer address = libC.allocate(2 + bytes.length);
        address.bytes().putShort(0, (short) 1).put(2, bytes);
        socket.bind(address);
        return socket;
    }

    private String received(NativeSocket socket) {
        NativeBuffer buffer = libC.allocate(4096);
        int length = socket.receive(buffer, 0);
        assertThat(length).isPositive();
        byte[] bytes = new byte[length];
        buffer.bytes().get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
