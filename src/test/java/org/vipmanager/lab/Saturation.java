package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps every core busy and memory short, by stress-ng.
 *
 * <p>In a {@link MemoryGroup} it takes what is left there and reads a file over and over, so that
 * the kernel always has to reclaim from whoever else is in it. Without one it keeps most of the
 * machine's memory moving and leaves so much that the kernel need not reclaim anything.
 */
final class Saturation implements AutoCloseable {

    private static final String STRESS_NG = "stress-ng";
    private static final long LEFT_KIB = 2 << 20;
    private static final long PERCENT = 80;

    /** What the group has room for, beside what its daemon holds on to. */
    private static final long ROOM_BYTES = 92 << 20;

    /**
     * Of that, what is taken for good. What the daemon runs from, about 26 MiB, and the file that
     * is read must do with the rest. With half of it the daemon waits for the disk for seconds at a
     * time, and releases the address when it has not heard of its lease for too long.
     */
    private static final long TAKEN_KIB = 28 << 10;

    private final Optional<MemoryGroup> group;
    private final List<Process> processes;
    private final long takenKib;

    private Saturation(Optional<MemoryGroup> group, List<Process> processes, long takenKib) {
        this.group = group;
        this.processes = processes;
        this.takenKib = takenKib;
    }

    /** Whether what it needs is there. */
    static boolean isPossible() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, STRESS_NG)));
    }

    static Saturation start(Optional<MemoryGroup> group) {
        return group.map(Saturation::startWithin).orElseGet(Saturation::startOnTheMachine);
    }

    /** Every core is busy, and memory is as it was. */
    static Saturation ofProcessors() {
        return new Saturation(Optional.empty(), List.of(start(stressNg(cores()).toList())), 0);
    }

    /** The group is short of memory, and cores have no more to do than to reclaim it. */
    static Saturation ofMemory(MemoryGroup group) {
        return new Saturation(Optional.of(group), startReclaiming(group).toList(), TAKEN_KIB);
    }

    private static Saturation startWithin(MemoryGroup group) {
        List<Process> processes =
                Stream.concat(startReclaiming(group), Stream.of(start(stressNg(cores()).toList())))
                        .toList();
        return new Saturation(Optional.of(group), processes, TAKEN_KIB);
    }

    private static Stream<Process> startReclaiming(MemoryGroup group) {
        List<String> memory = group.command(stressNg(memory(TAKEN_KIB)).toList());
        group.limitTo(ROOM_BYTES);
        return Stream.of(memory, group.command(group.readingForEver())).map(Saturation::start);
    }

    private static Saturation startOnTheMachine() {
        long available = availableKib();
        long taken = Math.max(0, Math.min(available * PERCENT / 100, available - LEFT_KIB));
        Stream<String> both = Stream.of(cores(), memory(taken)).flatMap(words -> words);
        return new Saturation(Optional.empty(), List.of(start(stressNg(both).toList())), taken);
    }

    private static Stream<String> cores() {
        return Stream.of("--cpu", "0");
    }

    /** Its workers are those that the kernel kills first; they are started again. */
    private static Stream<String> memory(long takenKib) {
        return Stream.of("--vm", "1", "--vm-bytes", takenKib + "k", "--vm-keep", "--vm-populate");
    }

    private static Stream<String> stressNg(Stream<String> stressors) {
        return Stream.of(Stream.of(STRESS_NG), stressors, Stream.of("--timeout", "120", "--quiet"))
                .flatMap(words -> words);
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        // The shell that reads has no child for a moment, between two readings.
        return processes.stream().allMatch(Process::isAlive)
                && processes.getFirst().descendants().count() > 0
                && processes.getLast().descendants().count() > 1;
    }

    @Override
    public void close() {
        for (Process process : processes) {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            children.forEach(ProcessHandle::destroyForcibly);
            process.onExit().join();
        }
    }

    @Override
    public String toString() {
        return "stress-ng, which "
                + group.map(
                                own ->
                                        "had the kernel reclaim %d times and kill %d times"
                                                .formatted(own.reclaims(), own.killed()))
                        .orElseGet(
                                () ->
                                        "took %d MiB and left %d MiB (no memory cgroup can be made: nothing is reclaimed)"
                                                .formatted(takenKib >> 10, availableKib() >> 10));
    }
}
