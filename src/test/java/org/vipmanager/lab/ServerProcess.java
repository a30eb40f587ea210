package org.vipmanager.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process in a namespace whose output goes to a file, each line behind the time of the scenario.
 */
final class ServerProcess {

    private final Process process;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private volatile long pid;
    private final CompletableFuture<Void> outputEnded = new CompletableFuture<>();

    private ServerProcess(Process process) {
        this.process = process;
        this.pid = process.pid();
    }

    static ServerProcess start(
            List<String> command, Map<String, String> environment, Path log, Timeline timeline) {
        ServerProcess server = startUnread(command, environment);
        Thread.ofPlatform()
                .name("log of " + log.getFileName())
                .daemon()
                .start(() -> server.copyOutput(log, timeline));
        return server;
    }

    /** Nobody reads its output: the pipe fills and then blocks whoever writes. */
    static ServerProcess startUnread(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new ServerProcess(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copyOutput(Path log, Timeline timeline) {
        try (BufferedReader output = process.inputReader();
                var file =
                        Files.newBufferedWriter(
                                log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            String line;
            while ((line = output.readLine()) != null) {
                lines.add(line);
                file.write(timeline.seconds(System.nanoTime()) + " " + line + "\n");
                file.flush();
            }
        } catch (IOException e) {
            // The process was killed while its pipe was read: nothing more to copy.
        } finally {
            outputEnded.complete(null);
        }
    }

    /** Everything that it has printed so far. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Everything that it has printed, after its end. */
    List<String> allLines() {
        outputEnded.orTimeout(5, TimeUnit.SECONDS).join();
        return lines();
    }

    /** Signals are for that process, which was started for this one and ends before it. */
    void standsFor(long other) {
        pid = other;
    }

    void signal(int signal) {
        if (process.isAlive()) {
            Kernel.kill(pid, signal);
        }
    }

    long pid() {
        return pid;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end; the exit code, 128 + N for signal N. */
    int awaitExit(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + pid() + " still runs after " + seconds + " s");
        }
        return process.exitValue();
    }

    /** Ends it at once, frozen or not. */
    void kill() {
        if (pid != process.pid()) {
            Optional<ProcessHandle> other = ProcessHandle.of(pid);
            other.ifPresent(ProcessHandle::destroyForcibly);
            other.ifPresent(ended -> ended.onExit().join());
        }
        process.destroyForcibly().onExit().join();
    }
}
