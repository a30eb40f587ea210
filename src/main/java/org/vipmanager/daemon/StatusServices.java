package org.vipmanager.daemon;

import org.vipmanager.cli.Version;
import org.vipmanager.config.HostName;
import org.vipmanager.config.Secret;
import org.vipmanager.config.StatusConfig;
import org.vipmanager.control.Loop;
import org.vipmanager.posix.LibC;
import org.vipmanager.status.ControlSocket;
import org.vipmanager.status.StatusDocument;
import org.vipmanager.status.StatusReader;
import org.vipmanager.status.StatusSnapshot;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.web.WebServer;
import org.vipmanager.web.cluster.PeerReader;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All over which others ask for the status, as the configuration wants it. What cannot be had is
 * told, and the daemon does without. Lives on the loop.
 */
final class StatusServices implements AutoCloseable {

    private static final Logger LOG = System.getLogger("org.vipmanager.daemon");

    private final Loop loop;
    private final LibC libC;
    private final StatusReader reader;
    private final StatusDocument.Daemon daemon;
    private final Kept<Path> socket = new Kept<>(this::open);
    private final Kept<StatusConfig.Http> web = new Kept<>(this::open);
    private final Kept<InetSocketAddress> probes = new Kept<>(this::openForProbes);

    /** Opens what others ask over; nothing where it cannot be had. */
    private interface Opening<C> {
        Optional<Runnable> open(C wanted);
    }

    /** What is open, if anything is, and what it was opened for. */
    private static final class Kept<C> {

        private final Opening<C> opening;
        private Optional<C> wanted = Optional.empty();
        private Optional<Runnable> end = Optional.empty();

        Kept(Opening<C> opening) {
            this.opening = opening;
        }

        /** What could not be opened is tried again. */
        void adapt(Optional<C> now) {
            if (end.isEmpty() || !wanted.equals(now)) {
                close();
                wanted = now;
                end = now.flatMap(opening::open);
            }
        }

        void close() {
            end.ifPresent(Runnable::run);
            end = Optional.empty();
        }
    }

    /**
     * @param snapshot takes one; called on the loop
     */
    StatusServices(Loop loop, LibC libC, Supplier<StatusSnapshot> snapshot) {
        this.loop = loop;
        this.libC = libC;
        reader = new StatusReader(loop, snapshot);
        daemon =
                new StatusDocument.Daemon(
                        Version.ofThisBuild().number(),
                        HostName.ofThisHost(),
                        ProcessHandle.current().pid(),
                        Instant.now());
    }

    /** Opens what is new, and closes what is no longer wanted. */
    void adapt(StatusConfig config) {
        socket.adapt(config.controlSocket());
        web.adapt(config.http());
        probes.adapt(config.probes());
    }

    private Optional<Runnable> open(StatusConfig.Http http) {
        try {
            WebServer opened =
                    WebServer.open(
                            http.listen(),
                            daemon,
                            reader,
                            http.token().map(Secret::current),
                            http.certificate()
                                    .map(
                                            files ->
                                                    new WebServer.Certificate(
                                                            files.certificate(), files.key())),
                            peers(http));
            return Optional.of(opened::close);
        } catch (IOException e) {
            return notOpened(
                    "http-listen %s cannot be opened: %s; nothing is answered over HTTP",
                    http.listen(), e);
        }
    }

    private PeerReader peers(StatusConfig.Http http) {
        StatusConfig.Peers peers = http.peers();
        TlsFiles files = new TlsFiles(peers.authorities(), Optional.empty(), Optional.empty());
        return new PeerReader(
                loop,
                peers.urls(),
                http.token().map(Secret::current),
                () -> SourceFactory.contexts(files, peers.urls()));
    }

    private Optional<Runnable> openForProbes(InetSocketAddress listen) {
        try {
            WebServer opened = WebServer.openForProbes(listen, daemon, reader);
            return Optional.of(opened::close);
        } catch (IOException e) {
            return notOpened(
                    "http-probe-listen %s cannot be opened: %s; no probe is answered there",
                    listen, e);
        }
    }

    private static Optional<Runnable> notOpened(
            String sentence, InetSocketAddress listen, IOException trouble) {
        LOG.log(Level.WARNING, sentence.formatted(listen, trouble.getMessage()));
        return Optional.empty();
    }

    private Optional<Runnable> open(Path path) {
        try {
            ControlSocket opened = ControlSocket.open(libC, loop, daemon, reader, path);
            opened.start();
            return Optional.of(opened::close);
        } catch (IOException e) {
            boolean isMissing = e instanceof NoSuchFileException;
            LOG.log(
                    isMissing ? Level.INFO : Level.WARNING,
                    "control-socket %s cannot be opened: %s; \"vip-manager status\" cannot ask this daemon"
                            .formatted(path, isMissing ? "its folder does not exist" : trouble(e)));
            return Optional.empty();
        }
    }

    private static String trouble(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException
                ? "this user may not write there"
                : String.valueOf(e.getMessage());
    }

    @Override
    public void close() {
        socket.close();
        web.close();
        probes.close();
    }
}
