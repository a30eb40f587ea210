package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keeps every core busy and much memory moving: by stress-ng where it is installed, else by four
 * endless loops a core.
 */
final class Saturation implements AutoCloseable {

    private static final String STRESS_NG = "stress-ng";

    private final String name;
    private final List<Process> processes;

    private Saturation(String name, List<Process> processes) {
        this.name = name;
        this.processes = processes;
    }

    static Saturation start() {
        try {
            Process stress =
                    new ProcessBuilder(
                                    STRESS_NG,
                                    "--cpu",
                                    "0",
                                    "--vm",
                                    "2",
                                    "--vm-bytes",
                                    "1g",
                                    "--timeout",
                                    "120",
                                    "--quiet")
                            .start();
            return new Saturation(STRESS_NG, List.of(stress));
        } catch (IOException e) {
            return new Saturation("endless loops", loops());
        }
    }

    private static List<Process> loops() {
        int count = 4 * Runtime.getRuntime().availableProcessors();
        List<Process> loops = new ArrayList<>();
        IntStream.range(0, count).forEach(_ -> loops.add(loop()));
        return loops;
    }

    private static Process loop() {
        try {
            return new ProcessBuilder("timeout", "120", "sh", "-c", "while :; do :; done").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroy();
        }
        processes.forEach(process -> process.onExit().join());
    }

    @Override
    public String toString() {
        return name;
    }
}
