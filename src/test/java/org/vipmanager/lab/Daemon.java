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
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), file))
                    .stream()
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
        String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return Duration.ofMillis(ticks * MILLIS_PER_TICK);
    }

    @Override
    public void close() {
        process.kill();
    }
}
