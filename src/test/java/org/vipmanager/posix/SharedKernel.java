package org.vipmanager.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The kernel of this machine. All tests that change addresses share it, those of other checkouts
 * and users too, and none of them runs while one stalls it on purpose.
 *
 * <p>Who wants to stall it waits for those that run, and none begins meanwhile. The locks are on a
 * file that stays; the kernel lets go of them when their process ends (fcntl_locking(2)).
 * Thread-safe; a scenario that waits may not be within another one.
 */
public final class SharedKernel implements AutoCloseable {

    private static final Path FILE =
            Path.of(System.getProperty("java.io.tmpdir"), "vip-manager-live-tests.lock");

    /** Bytes of the file. Whoever enters passes the gate; who is to be alone keeps it shut. */
    private static final int GATE = 0;

    private static final int KERNEL = 1;
    private static final int AGAIN_MILLIS = 20;

    private static final FileChannel CHANNEL = open();
    private static final ReentrantLock ENTERING = new ReentrantLock();
    private static final List<FileLock> HELD = new ArrayList<>();
    private static int users;
    private static boolean alone;

    private SharedKernel() {}

    /** Until it is closed, nobody stalls the kernel, but for the test that this is part of. */
    public static SharedKernel use() {
        ENTERING.lock();
        try {
            if (isWithinOneAlone()) {
                return new SharedKernel();
            }
            try (FileLock gate = await(GATE, true)) {
                enter(true);
            }
            return new SharedKernel();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            ENTERING.unlock();
        }
    }

    /** Until it is closed, no other test runs. For one that is {@code @Isolated} in its process. */
    public static SharedKernel stall() {
        ENTERING.lock();
        try {
            refuseUsers();
            FileLock gate = await(GATE, false);
            try {
                enter(false);
            } catch (RuntimeException e) {
                gate.close();
                throw e;
            }
            synchronized (HELD) {
                HELD.add(gate);
            }
            return new SharedKernel();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            ENTERING.unlock();
        }
    }

    private static boolean isWithinOneAlone() {
        synchronized (HELD) {
            if (alone) {
                users++;
            }
            return alone;
        }
    }

    private static void refuseUsers() {
        synchronized (HELD) {
            if (users > 0) {
                throw new IllegalStateException("other tests of this process run: not @Isolated");
            }
        }
    }

    private static void enter(boolean shared) {
        synchronized (HELD) {
            if (users == 0) {
                HELD.add(await(KERNEL, shared));
            }
            users++;
            alone = !shared;
        }
    }

    /** Not by FileChannel.lock, which closes the channel for everybody when one is interrupted. */
    private static FileLock await(int part, boolean shared) {
        try {
            while (true) {
                FileLock lock = CHANNEL.tryLock(part, 1, shared);
                if (lock != null) {
                    return lock;
                }
                Thread.sleep(AGAIN_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at " + FILE, e);
        }
    }

    /** Not CREATE: what another user created in such a folder is refused then (proc_sys_fs(5)). */
    private static FileChannel open() {
        try {
            Files.createFile(FILE);
            Files.setPosixFilePermissions(FILE, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (FileAlreadyExistsException e) {
            // As it should be: by an earlier run, or by that of another checkout.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            return FileChannel.open(FILE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        synchronized (HELD) {
            users--;
            if (users > 0) {
                return;
            }
            alone = false;
            try {
                for (FileLock lock : HELD) {
                    lock.release();
                }
                HELD.clear();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
