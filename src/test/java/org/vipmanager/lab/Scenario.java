package org.vipmanager.lab;

import org.vipmanager.posix.SharedKernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * One run of a laboratory: its folder, its story, its network, and all that is to be closed.
 *
 * <p>Logs and the story are left in {@code target/lab/NAME}; everything else is gone after {@link
 * #close}, also when the scenario failed or the JVM was told to stop. When it ends it judges for
 * how long two hosts held an address at once, and tells what a bystander felt of the machine.
 */
final class Scenario implements AutoCloseable {

    /**
     * For how long two hosts may hold an address of which a key is rewritten while both see it: by
     * then a read has told the old one, by the defaults an interval and {@code dcs-timeout} later.
     * The event tells it within milliseconds; {@link FailoverLiveIT} shows that where no read does.
     */
    private static final Duration TOLD_BY_A_READ = Duration.ofSeconds(3);

    private final String name;
    private final Path folder;
    private final Timeline timeline = new Timeline();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final Thread hook = new Thread(this::end, "laboratory cleans up");
    private final Network network;
    private final Bystander bystander;
    private volatile Duration mayOverlap = TOLD_BY_A_READ;

    Scenario(String name) {
        this.name = name;
        folder = emptyFolder(name);
        SharedKernel kernel = keep(SharedKernel.use());
        try {
            network = keep(Network.create());
        } catch (RuntimeException e) {
            kernel.close();
            throw e;
        }
        bystander = keep(new Bystander());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Where the logs and the story are. */
    Path folder() {
        return folder;
    }

    Timeline timeline() {
        return timeline;
    }

    Network network() {
        return network;
    }

    /** What the machine costs everybody, from the scenario's beginning on. */
    Bystander bystander() {
        return bystander;
    }

    /** Registers what is to be closed at the end, the last one first. */
    <T extends AutoCloseable> T keep(T resource) {
        synchronized (resources) {
            resources.push(resource);
        }
        return resource;
    }

    /** For how long two hosts may hold an address at once, other than after a key change. */
    void mayOverlap(Duration bound) {
        mayOverlap = bound;
    }

    /** What must never happen has happened: the build fails, whatever a second run shows. */
    AssertionError violated(String what) {
        Violations.add(name, what);
        return new AssertionError(what + ": see " + folder);
    }

    @Override
    public void close() {
        List<AssertionError> violations = end();
        Runtime.getRuntime().removeShutdownHook(hook);
        if (!violations.isEmpty()) {
            throw violations.getFirst();
        }
    }

    private List<AssertionError> end() {
        List<AssertionError> violations = new ArrayList<>();
        Map<String, Duration> overlaps = timeline.longestOverlaps();
        timeline.write(folder.resolve("story.txt"));
        Results.add("  the machine, " + name, bystander.toString());
        overlaps.forEach(
                (address, overlap) -> {
                    if (overlap.compareTo(mayOverlap) > 0) {
                        violations.add(
                                violated(
                                        "two hosts held %s for %s, allowed is %s"
                                                .formatted(
                                                        address,
                                                        Samples.text(overlap),
                                                        Samples.text(mayOverlap))));
                    }
                });
        synchronized (resources) {
            while (!resources.isEmpty()) {
                AutoCloseable resource = resources.pop();
                try {
                    resource.close();
                } catch (Exception e) {
                    violations.add(violated("at the end: " + e));
                }
            }
        }
        return violations;
    }

    private static Path emptyFolder(String scenario) {
        try {
            Path folder = Path.of("target", "lab", scenario.replaceAll("\\W+", "-"));
            Files.createDirectories(folder);
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
