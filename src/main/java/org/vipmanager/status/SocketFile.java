package org.vipmanager.status;

import org.jspecify.annotations.Nullable;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;
import org.vipmanager.posix.UnixAddress;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file of a listening Unix socket, that of one daemon alone.
 *
 * <p>Whoever has the lock of the file beside it owns it, and the kernel takes the lock from who is
 * killed: so a socket that nobody listens on any more is replaced, and one of a living daemon never
 * stolen. Nothing else than a socket is ever replaced.
 */
final class SocketFile implements AutoCloseable {

    /** Who may connect is looked at again for each connection: {@link Peer}. */
    private static final String PERMISSIONS = "rw-rw----";

    private static final int KIND = 0170000;
    private static final int SOCKET = 0140000;

    private final Path path;
    private final FileChannel lock;
    private final NativeSocket socket;

    private SocketFile(Path path, FileChannel lock, NativeSocket socket) {
        this.path = path;
        this.lock = lock;
        this.socket = socket;
    }

    /**
     * Puts the socket there.
     *
     * @throws IOException if it cannot be; the message is one for people
     */
    static SocketFile open(LibC libC, Path path) throws IOException {
        FileChannel lock = lock(path);
        @Nullable NativeSocket socket = null;
        try {
            refuseOthers(path);
            socket =
                    NativeSocket.open(
                            libC,
                            UnixAddress.AF_UNIX,
                            UnixAddress.SOCK_STREAM | NativeSocket.NONBLOCK,
                            0);
            put(libC, socket, path);
            return new SocketFile(path, lock, socket);
        } catch (IOException | RuntimeException e) {
            if (socket != null) {
                socket.close();
            }
            lock.close();
            throw e;
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        path.resolveSibling(path.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Another one in this process, which a test has.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException("another daemon has it; each needs a control-socket of its own");
    }

    private static void refuseOthers(Path path) throws IOException {
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & KIND) != SOCKET) {
                throw new IOException("there is something that is no socket, and is left alone");
            }
        } catch (NoSuchFileException e) {
            return; // as it mostly is
        }
    }

    /** Under another name first, so that nobody meets it before it is as it must be. */
    private static void put(LibC libC, NativeSocket socket, Path path) throws IOException {
        Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        NativeBuffer address =
                UnixAddress.of(libC, unfinished.toString())
                        .orElseThrow(() -> new IOException("the path is too long for a socket"));
        Files.deleteIfExists(unfinished);
        socket.bind(address);
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString(PERMISSIONS));
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    }

    NativeSocket socket() {
        return socket;
    }

    /** Whose it is, by number. */
    Owner owner() throws IOException {
        return new Owner(
                (int) Files.getAttribute(path, "unix:uid"),
                (int) Files.getAttribute(path, "unix:gid"));
    }

    record Owner(int user, int group) {}

    /** The file goes; the socket is closed by who listens on it. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
            lock.close();
        } catch (FileSystemException e) {
            return; // the next daemon replaces it
        } catch (IOException e) {
            return; // the lock ends with this process
        }
    }
}
