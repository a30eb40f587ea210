package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All namespaces of one laboratory and its folder on tmpfs, removed at the end.
 *
 * <p>Their names carry the number of this process. A run that was killed leaves its namespaces; the
 * next one sees that the process is gone and sweeps them.
 */
final class Network implements AutoCloseable {

    private static final Pattern OURS = Pattern.compile("viplab-(\\d+)-\\d+.*");
    private static final Duration A_MOMENT = Duration.ofSeconds(2);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String prefix =
            "viplab-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    private final Deque<Namespace> namespaces = new ArrayDeque<>();
    private final Path folder = memory().resolve(prefix);
    private final Switch clientSwitch;
    private final Switch dcsSwitch;

    private Network() {
        clientSwitch = Switch.create(namespace("switch"));
        dcsSwitch = Switch.create(namespace("dcs"));
    }

    static Network create() {
        sweep();
        return new Network();
    }

    Host host(String name, int number) {
        return new Host(name, number, namespace(name), clientSwitch, dcsSwitch);
    }

    /** A folder on tmpfs, where a server's fsync costs nothing. */
    Path folder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Namespace namespace(String name) {
        Namespace namespace = Namespace.create(prefix + "-" + name);
        namespaces.push(namespace);
        return namespace;
    }

    /** Complains when a process was left in there, after having ended it. */
    @Override
    public void close() {
        List<String> leftOver = new ArrayList<>();
        while (!namespaces.isEmpty()) {
            Namespace namespace = namespaces.pop();
            leftIn(namespace).forEach(process -> leftOver.add(namespace.name() + ": " + process));
            remove(namespace.name());
        }
        delete(folder);
        if (!leftOver.isEmpty()) {
            throw new IllegalStateException("processes were left running: " + leftOver);
        }
    }

    /** What still runs in there after a moment, which a process that was killed needs to end. */
    private static List<String> leftIn(Namespace namespace) {
        long end = System.nanoTime() + A_MOMENT.toNanos();
        while (!namespace.processes().isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
        }
        return namespace.processes().stream()
                .map(process -> process.info().commandLine().orElse("process " + process.pid()))
                .toList();
    }

    private static synchronized void sweep() {
        Command.run("ip", "netns", "list")
                .lines()
                .map(line -> line.split(" ")[0])
                .filter(Network::isLeftOver)
                .forEach(Network::remove);
        try (Stream<Path> folders = Files.list(memory())) {
            folders.filter(folder -> isLeftOver(folder.getFileName().toString()))
                    .forEach(Network::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(String name) {
        Namespace namespace = new Namespace(name);
        namespace.killProcesses();
        namespace.delete();
    }

    private static boolean isLeftOver(String name) {
        Matcher matcher = OURS.matcher(name);
        return matcher.matches() && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
    }

    private static Path memory() {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
