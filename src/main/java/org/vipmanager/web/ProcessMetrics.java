package org.vipmanager.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * What Prometheus's libraries tell of every process, by the same names, from /proc: theirs would
 * bring the management of the JVM with it. What cannot be read is left out.
 */
final class ProcessMetrics {

    private static final Path PROCESS = Path.of("/proc/self");

    private ProcessMetrics() {}

    static void addTo(MetricSet metrics) {
        ProcessHandle.Info info = ProcessHandle.current().info();
        info.startInstant()
                .ifPresent(
                        start ->
                                metrics.gauge(
                                        "process_start_time_seconds",
                                        "When this process was started.",
                                        start.toEpochMilli() / 1e3));
        info.totalCpuDuration()
                .ifPresent(
                        used ->
                                metrics.counter(
                                        "process_cpu_seconds",
                                        "What this process has used of the processors.",
                                        used.toMillis() / 1e3));
        number("status", "VmRSS:")
                .ifPresent(
                        gauge(
                                metrics,
                                "process_resident_memory_bytes",
                                "The memory of this process that is resident.",
                                1024));
        openFiles()
                .ifPresent(
                        gauge(
                                metrics,
                                "process_open_fds",
                                "How many file descriptors are open.",
                                1));
        number("limits", "Max open files")
                .ifPresent(gauge(metrics, "process_max_fds", "How many of them may be open.", 1));
    }

    private static LongConsumer gauge(MetricSet metrics, String name, String help, long unit) {
        return value -> metrics.gauge(name, help, (double) (value * unit));
    }

    /** The first number behind those words in a file of /proc/self. */
    static OptionalLong number(String file, String words) {
        try {
            return Files.readAllLines(PROCESS.resolve(file)).stream()
                    .filter(line -> line.startsWith(words))
                    .map(line -> line.substring(words.length()).strip().split("\\s", 2)[0])
                    .filter(text -> text.matches("[0-9]{1,18}"))
                    .mapToLong(Long::parseLong)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** The one that lists them among them. */
    private static OptionalLong openFiles() {
        try (Stream<Path> files = Files.list(PROCESS.resolve("fd"))) {
            return OptionalLong.of(files.count());
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
