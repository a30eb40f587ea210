package org.vipmanager.status;

import org.vipmanager.control.Loop;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeSocket;
import org.vipmanager.posix.WaitingThread;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells the status over a Unix socket: who connects gets the document, and then the end. Nothing is
 * ever read from it.
 *
 * <p>One connection after another on a thread of its own, each for two seconds at most; the kernel
 * lets a few more wait, and refuses the rest. So neither many nor slow readers cost memory, and the
 * loop is asked no more often than {@link StatusReader} allows.
 */
public final class ControlSocket implements AutoCloseable {

    private static final Logger LOG = System.getLogger("org.vipmanager.status");

    private static final int BACKLOG = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Whoever connects again and again gets no more than a quarter of a processor. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);

    private static final int PAUSE_FOR_WORK = 3;

    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(1);

    private final LibC libC;
    private final StatusDocument.Daemon daemon;
    private final StatusReader reader;
    private final SocketFile file;
    private final WaitingThread thread;

    private ControlSocket(
            LibC libC,
            Loop loop,
            StatusDocument.Daemon daemon,
            StatusReader reader,
            SocketFile file)
            throws ErrnoException {
        this.libC = libC;
        this.daemon = daemon;
        this.reader = reader;
        this.file = file;
        thread =
                new WaitingThread(
                        libC, loop, "status", "tells the status", this::serve, file.socket());
    }

    /** Listens from now on, and answers after {@link #start}. */
    public static ControlSocket open(
            LibC libC, Loop loop, StatusDocument.Daemon daemon, StatusReader reader, Path path)
            throws IOException {
        SocketFile file = SocketFile.open(libC, path);
        try {
            file.socket().listen(BACKLOG);
            return new ControlSocket(libC, loop, daemon, reader, file);
        } catch (IOException e) {
            file.close();
            file.socket().close();
            throw e;
        }
    }

    /**
     * @throws IOException when no thread can be had; it is closed then
     */
    public void start() throws IOException {
        start(thread::start);
    }

    void start(Runnable begin) throws IOException {
        try {
            begin.run();
        } catch (OutOfMemoryError noThread) {
            close();
            throw new IOException("no thread can be had", noThread);
        }
    }

    /** Whatever goes wrong ends the connection that it goes wrong for. */
    private void serve() {
        long begun = System.nanoTime();
        Duration pause = SHORTEST_PAUSE;
        try {
            Optional<NativeSocket> next = file.socket().accept();
            if (next.isPresent()) {
                answer(next.get());
            }
        } catch (IOException | RuntimeException | Error fault) {
            LOG.log(
                    Level.WARNING,
                    "the status could not be told because of a defect in this program, please report"
                            + " this; the addresses are not affected",
                    fault);
            pause = PAUSE_AFTER_TROUBLE;
        }
        rest(pause, Duration.ofNanos(System.nanoTime() - begun));
    }

    /** Who reads too slowly or hangs up has nobody else to blame. */
    private void answer(NativeSocket connection) {
        try (connection) {
            OutputStream to = new SocketOutput(libC, connection, PATIENCE, thread::isClosed);
            Peer peer = Peer.of(connection);
            if (peer.mayAsk(file.owner())) {
                tell(to);
            } else {
                refuse(to, "user " + peer.user() + " may not ask this daemon");
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the status was not read to its end: {0}", e.getMessage());
        }
    }

    private void tell(OutputStream to) throws IOException {
        StatusSnapshot snapshot;
        try {
            snapshot = reader.read();
        } catch (IOException e) {
            refuse(to, String.valueOf(e.getMessage()));
            return;
        }
        StatusDocument.write(daemon, snapshot, to);
    }

    private static void refuse(OutputStream to, String why) throws IOException {
        String text = why.replace('\\', '/').replace('"', '\'');
        to.write(("{\"error\":\"" + text + "\"}\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void rest(Duration pause, Duration worked) {
        Duration longer = worked.multipliedBy(PAUSE_FOR_WORK);
        try {
            Thread.sleep(longer.compareTo(pause) > 0 ? longer : pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The file is gone, and the thread ends. Called on the loop. */
    @Override
    public void close() {
        file.close();
        thread.close();
    }
}
