package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The program under test, running in a host. */
final class Daemon implements AutoCloseable {

    /** USER_HZ is 100 wherever Java runs. */
    private static final int MILLIS_PER_TICK = 10;

    private final Host host;
    private final ServerProcess process;
    private final Timeline timeline;
    private final long startedAtNanos;
    private volatile boolean frozen;

    Daemon(Host host, ServerProcess process, Timeline timeline, long startedAtNanos) {
        this.host = host;
        this.process = process;
        this.timeline = timeline;
        this.startedAtNanos = startedAtNanos;
    }

    Host host() {
        return host;
    }

    long pid() {
        return process.pid();
    }

    /** Whether it was stopped by SIGSTOP and not continued since. */
    boolean isFrozen() {
        return frozen;
    }

    long startedAtNanos() {
        return startedAtNanos;
    }

    /** Sends a signal and returns the time. */
    long signal(int signal) {
        long at = timeline.note("signal " + signal + " to the daemon of " + host);
        process.signal(signal);
        frozen = signal == Kernel.SIGSTOP;
        return at;
    }

    int awaitExit(long seconds) throws InterruptedException {
        return process.awaitExit(seconds);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Everything that it has logged so far. */
    List<String> log() {
        return process.lines();
    }

    /** Everything that it has logged, after its end. */
    List<String> wholeLog() {
        return process.allLines();
    }

    /** A line of {@code /proc/PID/FILE} in KiB, such as {@code status} and {@code VmRSS}. */
    long memory(String file, String line) {
        return memory(process.pid(), file, line);
    }

    /** The same of any process. */
    static long memory(long pid, String file, String line) {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(pid), file)).stream()
                    .filter(text -> text.startsWith(line + ":"))
                    .mapToLong(text -> Long.parseLong(text.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has used of the processors so far: proc_pid_stat(5), fields 14 and 15. */
    Duration processorTime() throws IOException {
        return Duration.ofMillis((statistic(14) + statistic(15)) * MILLIS_PER_TICK);
    }

    /** How many times it waited for a page to be read from disk: proc_pid_stat(5), field 12. */
    long majorFaults() throws IOException {
        return statistic(12);
    }

    /** A field behind its name, which may have blanks: proc_pid_stat(5). */
    private long statistic(int field) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[field - 3]);
    }

    @Override
    public void close() {
        process.kill();
    }
}
