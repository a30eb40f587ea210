package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
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

    @Override
    public void close() {
        while (!namespaces.isEmpty()) {
            namespaces.pop().delete();
        }
        delete(folder);
    }

    private static synchronized void sweep() {
        Command.run("ip", "netns", "list")
                .lines()
                .map(line -> line.split(" ")[0])
                .filter(Network::isLeftOver)
                .forEach(Network::sweep);
        try (Stream<Path> folders = Files.list(memory())) {
            folders.filter(folder -> isLeftOver(folder.getFileName().toString()))
                    .forEach(Network::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sweep(String namespace) {
        Command.run("ip", "netns", "pids", namespace)
                .lines()
                .forEach(pid -> Kernel.kill(Long.parseLong(pid), Kernel.SIGKILL));
        Command.run("ip", "netns", "delete", namespace);
    }

    private static boolean isLeftOver(String name) {
        Matcher matcher = OURS.matcher(name);
        return matcher.matches() && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
    }

    private static Path memory() {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static void delete(Path folder) {
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
