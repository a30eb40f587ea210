package org.vipmanager.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The newest usable material of {@link TlsFiles}, which are replaced while the daemon runs.
 *
 * <p>Files that cannot be used, half written or gone for a moment, leave the last good material in
 * force, with a warning. Safe for use by any thread.
 */
public final class TlsReload implements AutoCloseable {

    private static final Logger LOG = System.getLogger("org.vipmanager.tls");
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

    /** Those that have read their files, and are not closed. */
    private static final Set<TlsReload> IN_USE = ConcurrentHashMap.newKeySet();

    private final TlsFiles configured;
    private final Supplier<Optional<Path>> systemAuthorities;
    private final Duration lookEvery;
    private @Nullable List<Object> loadedStamps;
    private @Nullable List<Object> refusedStamps;
    private volatile @Nullable TlsMaterial newest;
    private volatile @Nullable Thread looking;
    private volatile boolean closed;

    /** Reads nothing yet; once that was done, looks after the files until it is closed. */
    public TlsReload(TlsFiles files) {
        this(files, SystemAuthorities::bundle, LOOK_EVERY);
    }

    /**
     * @param systemAuthorities whom to trust where the files do not say; they change too
     */
    TlsReload(TlsFiles files, Supplier<Optional<Path>> systemAuthorities, Duration lookEvery) {
        this.configured = files;
        this.systemAuthorities = systemAuthorities;
        this.lookEvery = lookEvery;
    }

    /**
     * The material as the files are now; blocks while it reads them.
     *
     * @throws TlsFileException when they cannot be used and never could be
     */
    public synchronized TlsMaterial current() throws TlsFileException {
        TlsMaterial last = newest;
        List<Object> stamps = List.of();
        try {
            TlsFiles files = configured.orTrusting(systemAuthorities);
            stamps = stamps(files);
            if (last == null || !(stamps.equals(loadedStamps) || stamps.equals(refusedStamps))) {
                take(TlsMaterial.load(files), files, last == null);
                loadedStamps = stamps;
            }
        } catch (TlsFileException e) {
            goOn(last, stamps, e);
        } catch (RuntimeException | Error e) {
            // Whatever a parser or a file system does: what is in force needs neither.
            goOn(last, stamps, new TlsFileException("certificate files cannot be used: " + e, e));
        }
        lookAfterThem();
        return Objects.requireNonNull(newest);
    }

    private void take(TlsMaterial loaded, TlsFiles files, boolean isFirst) {
        if (!isFirst) {
            LOG.log(Level.INFO, "certificate files were replaced: " + files.paths());
            loaded.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
        }
        newest = loaded;
    }

    private void goOn(@Nullable TlsMaterial last, List<Object> stamps, TlsFileException trouble)
            throws TlsFileException {
        if (last == null) {
            throw trouble;
        }
        if (!stamps.equals(refusedStamps) && !closed) {
            refusedStamps = stamps;
            LOG.log(
                    Level.WARNING,
                    trouble.getMessage()
                            + "; going on with what the file held before, until it is whole");
        }
    }

    /** The material as it was when the files were last looked at; never blocks. */
    public @Nullable TlsMaterial newest() {
        return newest;
    }

    /**
     * Until when the certificates are good that this process uses now, of files that were named for
     * it; those of the system are not among them. Never blocks.
     */
    public static List<CertificateFile> certificatesInUse() {
        return IN_USE.stream().flatMap(TlsReload::named).distinct().toList();
    }

    private Stream<CertificateFile> named() {
        TlsMaterial material = newest;
        return material == null
                ? Stream.empty()
                : material.certificates().stream()
                        .filter(certificates -> configured.paths().contains(certificates.file()));
    }

    @Override
    public void close() {
        closed = true;
        IN_USE.remove(this);
        Thread busy = looking;
        if (busy != null) {
            busy.interrupt();
        }
    }

    private void lookAfterThem() {
        Thread busy = looking;
        if (closed || (busy != null && busy.isAlive())) {
            return;
        }
        IN_USE.add(this);
        if (closed) {
            IN_USE.remove(this); // at the same time
        }
        try {
            looking = Thread.ofPlatform().daemon().name("tls-files").start(this::look);
        } catch (OutOfMemoryError noThread) {
            looking = null; // the next one who asks tries again
        }
    }

    private void look() {
        try {
            while (!closed) {
                Thread.sleep(lookEvery);
                lookOnce();
            }
        } catch (InterruptedException e) {
            return; // closed
        }
    }

    private void lookOnce() {
        try {
            current();
        } catch (TlsFileException | RuntimeException | Error untold) {
            // Nor is there memory to say so; it may be there the next time.
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
