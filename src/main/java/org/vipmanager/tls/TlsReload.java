package org.vipmanager.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The newest usable material of {@link TlsFiles}, which are replaced while the daemon runs.
 *
 * <p>Files that cannot be used, half written or gone for a moment, leave the last good material in
 * force, with a warning. Safe for use by any thread.
 */
public final class TlsReload implements AutoCloseable {

    private static final Logger LOG = System.getLogger("org.vipmanager.tls");
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

    private final TlsFiles configured;
    private final Supplier<Optional<Path>> systemAuthorities;
    private @Nullable List<Object> loadedStamps;
    private @Nullable List<Object> refusedStamps;
    private volatile @Nullable TlsMaterial newest;
    private volatile @Nullable Thread looking;
    private volatile boolean closed;

    /** Reads nothing yet; once that was done, looks after the files until it is closed. */
    public TlsReload(TlsFiles files) {
        this(files, SystemAuthorities::bundle);
    }

    /**
     * @param systemAuthorities whom to trust where the files do not say; they change too
     */
    TlsReload(TlsFiles files, Supplier<Optional<Path>> systemAuthorities) {
        this.configured = files;
        this.systemAuthorities = systemAuthorities;
    }

    /**
     * The material as the files are now; blocks while it reads them.
     *
     * @throws TlsFileException when they cannot be used and never could be
     */
    public synchronized TlsMaterial current() throws TlsFileException {
        TlsFiles files = configured.orTrusting(systemAuthorities);
        List<Object> stamps = stamps(files);
        TlsMaterial last = newest;
        if (last != null && (stamps.equals(loadedStamps) || stamps.equals(refusedStamps))) {
            return last;
        }
        try {
            TlsMaterial loaded = TlsMaterial.load(files);
            if (last != null) {
                LOG.log(Level.INFO, "certificate files were replaced: " + files.paths());
                loaded.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
            }
            newest = loaded;
            loadedStamps = stamps;
            lookAfterThem();
            return loaded;
        } catch (TlsFileException e) {
            if (last == null) {
                throw e;
            }
            refusedStamps = stamps;
            LOG.log(
                    Level.WARNING,
                    e.getMessage()
                            + "; going on with what the file held before, until it is whole");
            return last;
        }
    }

    /** The material as it was when the files were last looked at; never blocks. */
    public @Nullable TlsMaterial newest() {
        return newest;
    }

    @Override
    public void close() {
        closed = true;
        Thread busy = looking;
        if (busy != null) {
            busy.interrupt();
        }
    }

    private void lookAfterThem() {
        if (looking == null) {
            looking = Thread.ofPlatform().daemon().name("tls-files").start(this::look);
        }
    }

    private void look() {
        try {
            while (!closed) {
                Thread.sleep(LOOK_EVERY);
                current();
            }
        } catch (InterruptedException e) {
            return; // closed
        } catch (TlsFileException e) {
            throw new IllegalStateException("there was material to fall back on", e);
        }
    }

    /**
     * Changes whenever a file does: a rotation renames new files over the old ones. So does its
     * owner or mode, after which a file may be readable that was not (only the inode's own time,
     * the ctime, tells of that).
     */
    private static List<Object> stamps(TlsFiles files) {
        return files.paths().stream().map(TlsReload::stamp).toList();
    }

    private static Object stamp(Path file) {
        try {
            return Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime");
        } catch (IOException e) {
            return e.getClass();
        }
    }
}
