package org.vipmanager.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A right that root has and others can be given, capabilities(7). */
public enum Capability {
    /** Adding and removing addresses. */
    CAP_NET_ADMIN(12, "change addresses"),
    /** Packet sockets: announcements and claims. */
    CAP_NET_RAW(13, "announce addresses and hear who else claims them");

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String EFFECTIVE = "CapEff:";

    /** Its bit in the sets, linux/capability.h. */
    private final int bit;

    private final String permits;

    Capability(int bit, String permits) {
        this.bit = bit;
        this.permits = permits;
    }

    /**
     * Whether this process has all it needs.
     *
     * @return empty, or one sentence that names what is missing and how to give it
     */
    public static Optional<String> missing() throws IOException {
        return missing(Files.readAllLines(STATUS));
    }

    /**
     * @param status the lines of /proc/[pid]/status, proc_pid_status(5)
     */
    static Optional<String> missing(List<String> status) {
        List<Capability> missing = missingIn(status);
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                "this process may not "
                        + missing.stream()
                                .map(capability -> capability.permits)
                                .collect(Collectors.joining(", nor "))
                        + ": it lacks "
                        + missing.stream().map(Enum::name).collect(Collectors.joining(" and "))
                        + "; run it as root, or give it both with AmbientCapabilities= in its"
                        + " systemd unit");
    }

    /**
     * What a process lacks.
     *
     * @param status the lines of its /proc/[pid]/status
     * @throws IllegalStateException when they do not tell
     */
    public static List<Capability> missingIn(List<String> status) {
        long effective =
                status.stream()
                        .filter(line -> line.startsWith(EFFECTIVE))
                        .findFirst()
                        .map(line -> line.substring(EFFECTIVE.length()).strip())
                        .map(digits -> Long.parseUnsignedLong(digits, 16))
                        .orElseThrow(() -> new IllegalStateException(STATUS + " has no CapEff"));
        return Arrays.stream(values())
                .filter(capability -> (effective & (1L << capability.bit)) == 0)
                .toList();
    }

    /** What it is for, such as {@code change addresses}. */
    public String permits() {
        return permits;
    }
}
