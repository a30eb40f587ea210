package org.vipmanager.daemon;

import org.vipmanager.posix.LibC;
import org.vipmanager.posix.MappedFiles;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Has the kernel leave this program's files in memory, so that no takeover waits for the disk where
 * a database has taken all memory. Once, on a thread of its own.
 */
final class FilesInMemory {

    private static final Logger LOG = System.getLogger("org.vipmanager.daemon");

    private FilesInMemory() {}

    static void keep(LibC libC) {
        try {
            Thread.ofPlatform().daemon().name("files").start(() -> ask(libC));
        } catch (OutOfMemoryError noThread) {
            LOG.log(Level.INFO, "its files may leave memory, as no thread can be had");
        }
    }

    private static void ask(LibC libC) {
        try {
            MappedFiles.Outcome outcome = MappedFiles.keep(libC);
            LOG.log(
                    outcome.failure().isEmpty() ? Level.DEBUG : Level.INFO,
                    "{0} MiB of this program''s files stay in memory{1}",
                    outcome.bytes() >> 20,
                    outcome.failure()
                            .map(
                                    failure ->
                                            ", others may have to be read again at a takeover where memory is short: "
                                                    + failure
                                                    + "; LimitMEMLOCK=128M in a unit, or ulimit -l, allows more")
                            .orElse(""));
        } catch (IOException e) {
            LOG.log(Level.INFO, "its files may leave memory: {0}", e.getMessage());
        }
    }
}
