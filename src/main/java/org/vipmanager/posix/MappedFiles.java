package org.vipmanager.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that this process has in its memory: its program, libraries and classes.
 *
 * <p>Where memory is short the kernel takes their pages away first, and whatever runs over them
 * waits for the disk: a hundred milliseconds and more at a takeover.
 */
public final class MappedFiles {

    /** linux/mman.h: pages that are not there yet are not read for it, but stay once they are. */
    private static final int MLOCK_ONFAULT = 1;

    /** A line of proc_pid_maps(5) that ends in the path of a file. */
    private static final Pattern FILE =
            Pattern.compile("(\\p{XDigit}+)-(\\p{XDigit}+) \\S+ \\S+ \\S+ +\\d+ +(/.*)");

    private MappedFiles() {}

    /**
     * What became of it.
     *
     * @param bytes of the files whose pages the kernel leaves here from now on
     * @param failure the first that it refused
     */
    public record Outcome(long bytes, Optional<Errno> failure) {}

    /**
     * Asks the kernel to leave their pages in memory: mlock2(2). It needs no right as long as they
     * are no more than {@code RLIMIT_MEMLOCK}; what is more is not locked.
     *
     * <p>Takes a few milliseconds.
     *
     * @throws IOException if the kernel does not tell what is mapped
     */
    public static Outcome keep(LibC libC) throws IOException {
        return keep(libC, Files.readAllLines(Path.of("/proc/self/maps")));
    }

    static Outcome keep(LibC libC, List<String> maps) {
        long kept = 0;
        Optional<Errno> failure = Optional.empty();
        for (String line : maps) {
            Matcher file = FILE.matcher(line);
            if (!file.matches()) {
                continue;
            }
            long begin = Long.parseUnsignedLong(file.group(1), 16);
            long length = Long.parseUnsignedLong(file.group(2), 16) - begin;
            int result = libC.mlock2(begin, length, MLOCK_ONFAULT);
            if (result == 0) {
                kept += length;
            } else if (failure.isEmpty()) {
                failure = Optional.of(Errno.of(-result));
            }
        }
        return new Outcome(kept, failure);
    }
}
