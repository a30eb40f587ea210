package org.vipmanager.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A network namespace: ip-netns(8).
 *
 * <p>A thread of this JVM can live in it: the sockets that it opens belong there. So one JVM, with
 * one clock, stands in every host of the laboratory at once.
 *
 * @param name unique on the machine
 */
record Namespace(String name) {

    static Namespace create(String name) {
        Command.run("ip", "netns", "add", name);
        Namespace namespace = new Namespace(name);
        namespace.ip("link set lo up");
        return namespace;
    }

    void delete() {
        Command.run("ip", "netns", "delete", name);
    }

    /** The processes that live in here. */
    List<ProcessHandle> processes() {
        return Command.run("ip", "netns", "pids", name)
                .lines()
                .flatMap(number -> ProcessHandle.of(Long.parseLong(number)).stream())
                .toList();
    }

    /** SIGKILL for all of them; one may have ended by itself when another one did. */
    void killProcesses() {
        processes().forEach(ProcessHandle::destroyForcibly);
    }

    /** Runs {@code ip} commands in here, one a line. */
    void ip(String... commands) {
        Command.run(String.join("\n", commands) + "\n", List.of("ip", "-n", name, "-batch", "-"));
    }

    /**
     * Flushes an interface's global addresses. Those that are back whenever {@code ip} looks again
     * make it give up after ten rounds, which is no failure of theirs.
     */
    void flush(String device) {
        String flush = "ip address flush dev " + device + " scope global || true";
        Command.run(command("sh", "-c", flush).toArray(String[]::new));
    }

    /** The setting below {@code /proc/sys/net}, such as {@code ipv4/ip_forward}. */
    void sysctl(String setting, String value) {
        Command.run(
                command("sh", "-c", "echo " + value + " > /proc/sys/net/" + setting)
                        .toArray(String[]::new));
    }

    /** The command line that runs a command in here; the process keeps its number. */
    List<String> command(String... command) {
        // A test run under nohup ignores SIGHUP, and so would everything that it starts.
        List<String> words =
                new ArrayList<>(List.of("ip", "netns", "exec", name, "env", "--default-signal"));
        words.addAll(List.of(command));
        return words;
    }

    /** Starts a thread that lives in here; it ends with the JVM at the latest. */
    Thread start(String threadName, Runnable body) {
        return Thread.ofPlatform()
                .name(name + " " + threadName)
                .daemon()
                .start(
                        () -> {
                            enter();
                            body.run();
                        });
    }

    /** Does something in here and waits for its result. */
    <T> T call(Supplier<T> body) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform()
                .name(name + " call")
                .daemon()
                .start(
                        () -> {
                            try {
                                enter();
                                result.complete(body.get());
                            } catch (Throwable e) {
                                result.completeExceptionally(e);
                            }
                        });
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void enter() {
        Kernel.enterNetworkNamespace(Path.of("/run/netns", name));
    }
}
