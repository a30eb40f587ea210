package org.vipmanager.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * A clock on the wall of one process only: faketime(1) answers in place of the kernel what time of
 * day it is. Clocks that nobody can set, such as CLOCK_BOOTTIME, stay as they are.
 */
final class FakeClock {

    private static final String AHEAD = "ahead";

    /** Where the process sees the folder, in the mount namespace that ip-netns(8) gives it. */
    private static final Path SEEN_AT = Path.of("/mnt");

    /** By way of which the laboratory's own folder stays where it is. */
    private static final Path SPARE = Path.of("/srv");

    private final Path folder;

    FakeClock(Lab lab) throws IOException {
        folder = lab.copyOf(Servers.tree("libfaketime").resolve("usr/lib"));
        stepTo(Duration.ZERO);
    }

    /** The program under test as it runs by this clock. */
    Program program() throws IOException {
        String settings =
                "LD_PRELOAD=%s FAKETIME_TIMESTAMP_FILE=%s FAKETIME_DONT_FAKE_MONOTONIC=1"
                        .formatted(SEEN_AT.resolve(library()), SEEN_AT.resolve(AHEAD));
        // What the library shares with child processes stays in memory for ever, but in there.
        String outer =
                ("mount --bind %s %s && mount --bind %s %s"
                                + " && mount -t tmpfs -o mode=1777 clock /dev/shm"
                                + " && mkdir -p %3$s && mount --bind %4$s %3$s")
                        .formatted(folder, SEEN_AT, folder.getParent(), SPARE);
        return Program.underTestWithin(
                        "export FAKETIME_CACHE_DURATION=1 " + settings + "; exec \"$@\"")
                .within(outer + " && exec \"$@\"");
    }

    private Path library() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith("libfaketimeMT.so.1"))
                    .map(folder::relativize)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** From now on it is ahead of the machine's by so much. */
    void stepTo(Duration difference) throws IOException {
        String sign = difference.isNegative() ? "" : "+";
        Files.writeString(folder.resolve(AHEAD), sign + difference.toSeconds() + "\n");
    }
}
