package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps every core busy and most of the memory moving, by stress-ng. So much is left that the
 * kernel need not kill anybody.
 */
final class Saturation implements AutoCloseable {

    private static final String STRESS_NG = "stress-ng";
    private static final long LEFT_KIB = 2 << 20;
    private static final long PERCENT = 80;

    private final Process process;
    private final long takenKib;

    private Saturation(Process process, long takenKib) {
        this.process = process;
        this.takenKib = takenKib;
    }

    /** Whether what it needs is there. */
    static boolean isPossible() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, STRESS_NG)));
    }

    static Saturation start() {
        long available = availableKib();
        long taken = Math.max(0, Math.min(available * PERCENT / 100, available - LEFT_KIB));
        try {
            return new Saturation(new ProcessBuilder(command(taken)).start(), taken);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(long takenKib) {
        return List.of(
                STRESS_NG,
                "--cpu",
                "0",
                "--vm",
                "1",
                "--vm-bytes",
                takenKib + "k",
                "--vm-keep",
                "--vm-populate",
                "--timeout",
                "120",
                "--quiet");
    }

    private static long availableKib() {
        try {
            return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it goes on; it would not if the kernel had killed it. */
    boolean isAlive() {
        return process.isAlive() && process.descendants().count() > 1;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroy();
        process.onExit().join();
    }

    @Override
    public String toString() {
        return "stress-ng, which took %d MiB and left %d MiB"
                .formatted(takenKib >> 10, availableKib() >> 10);
    }
}
