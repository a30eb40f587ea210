package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Processes whose memory the kernel counts together and bounds: a memory control group of its own
 * name, cgroups(7), in whichever of the two hierarchies the machine has.
 *
 * <p>What lets itself be reclaimed is the pages of files that a process in here read first. So a
 * program has a copy of its files to itself, on disk, or those that another one read before would
 * stay.
 */
final class MemoryGroup implements AutoCloseable {

    private static final Path MOUNTED = Path.of("/sys/fs/cgroup");

    private static final long READ_BYTES = 128 << 20;

    private final Path folder;
    private final boolean first;
    private final Path copy;

    private MemoryGroup(Path folder, boolean first, Path copy) {
        this.folder = folder;
        this.first = first;
        this.copy = copy;
    }

    /** Without a bound so far; nothing where the machine or our rights do not allow it. */
    static Optional<MemoryGroup> create() {
        Path ofFirst = MOUNTED.resolve("memory");
        boolean first = Files.exists(ofFirst.resolve("memory.limit_in_bytes"));
        Path folder;
        try {
            folder = Files.createTempDirectory(first ? ofFirst : MOUNTED, "vip-manager-lab-");
        } catch (IOException e) {
            return Optional.empty();
        }
        try {
            // No such file: memory is not counted here, or the folder is no group at all.
            if (!Files.isWritable(folder.resolve(first ? "memory.limit_in_bytes" : "memory.max"))) {
                Files.delete(folder);
                return Optional.empty();
            }
            Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
            Path copy = Files.createTempDirectory(target, "copy-");
            Command.run("chmod", "a+rx", copy.toString());
            return Optional.of(new MemoryGroup(folder, first, copy));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command line that runs a command in here; the process keeps its number. */
    List<String> command(List<String> command) {
        String enter = "echo $$ > '" + folder.resolve("cgroup.procs") + "' && exec \"$@\"";
        return Stream.concat(Stream.of("sh", "-c", enter, "sh"), command.stream()).toList();
    }

    /**
     * The program with its own copy of its files, for a mount namespace of its own; spared by the
     * kernel's killer where we may ask for that.
     */
    Program copied(Program program) {
        Path files = program.isGo() ? program.executable() : Program.filesUnderTest();
        return program.within(
                """
                        set -e
                        cp -a '%s' '%s'
                        find '%2$s' -type f -exec sync {} +
                        mount --bind '%2$s' '%1$s'
                        echo -1000 2>/dev/null > /proc/self/oom_score_adj || true
                        exec "$@"
                        """
                        .formatted(files, copy.resolve("program")));
    }

    /** A command that reads a file over and over which is larger than what will be left. */
    List<String> readingForEver() {
        String loop = "head -c %d /dev/zero > '%s' && sync '%2$s'; while :; do cat '%2$s'; done";
        String script = loop.formatted(READ_BYTES, copy.resolve("file"));
        return List.of("sh", "-c", script + " > /dev/null");
    }

    /** From now on there is room for that much beside what cannot be reclaimed now. */
    void limitTo(long bytesMore) {
        long kept =
                first
                        ? number("memory.stat", "rss") + number("memory.kmem.usage_in_bytes", "")
                        : number("memory.stat", "anon") + number("memory.stat", "kernel");
        String limit = String.valueOf(kept + bytesMore);
        try {
            Files.writeString(
                    folder.resolve(first ? "memory.limit_in_bytes" : "memory.max"), limit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many times a process in here had to wait until something was reclaimed. */
    long reclaims() {
        return first ? number("memory.failcnt", "") : number("memory.events", "max");
    }

    /** How many processes in here the kernel has killed as there was nothing to reclaim. */
    long killed() {
        return number(first ? "memory.oom_control" : "memory.events", "oom_kill");
    }

    /** A line "NAME NUMBER" of the file, or its only number; 0 where this kernel has no such. */
    private long number(String file, String name) {
        try {
            return Files.readAllLines(folder.resolve(file)).stream()
                    .map(line -> line.split(" "))
                    .filter(words -> name.isEmpty() || words[0].equals(name))
                    .mapToLong(words -> Long.parseLong(Arrays.asList(words).getLast()))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends what is left in here and leaves nothing behind. */
    @Override
    public void close() {
        await("nobody is left in " + folder)
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(this::isEmptied);
        Command.run("rmdir", folder.toString());
        Command.run("rm", "-rf", copy.toString());
    }

    private boolean isEmptied() throws IOException {
        var numbers = Files.readAllLines(folder.resolve("cgroup.procs"));
        numbers.stream()
                .flatMap(number -> ProcessHandle.of(Long.parseLong(number)).stream())
                .forEach(ProcessHandle::destroyForcibly);
        return numbers.isEmpty();
    }
}
