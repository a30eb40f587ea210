package org.vipmanager.daemon;

import org.jspecify.annotations.Nullable;
import org.vipmanager.cli.Version;
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
import java.nio.file.Files;
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

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final Loop loop;
    private final LibC libC;
    private final StatusReader reader;
    private final StatusDocument.Daemon daemon;
    private Optional<Path> path = Optional.empty();
    private @Nullable ControlSocket socket;
    private Optional<StatusConfig.Http> http = Optional.empty();
    private @Nullable WebServer web;

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
                        hostName(),
                        ProcessHandle.current().pid(),
                        Instant.now());
    }

    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Opens what is new, and closes what is no longer wanted. */
    void adapt(StatusConfig config) {
        if (socket == null || !path.equals(config.controlSocket())) {
            closeSocket();
            path = config.controlSocket();
            path.ifPresent(this::open);
        }
        if (web == null || !http.equals(config.http())) {
            closeWeb();
            http = config.http();
            http.ifPresent(this::open);
        }
    }

    private void open(StatusConfig.Http http) {
        try {
            web =
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
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "http-listen %s cannot be opened: %s; nothing is answered over HTTP"
                            .formatted(http.listen(), e.getMessage()));
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

    private void open(Path path) {
        try {
            ControlSocket opened = ControlSocket.open(libC, loop, daemon, reader, path);
            opened.start();
            socket = opened;
        } catch (IOException e) {
            boolean isMissing = e instanceof NoSuchFileException;
            LOG.log(
                    isMissing ? Level.INFO : Level.WARNING,
                    "control-socket %s cannot be opened: %s; \"vip-manager status\" cannot ask this daemon"
                            .formatted(path, isMissing ? "its folder does not exist" : trouble(e)));
        }
    }

    private static String trouble(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException
                ? "this user may not write there"
                : String.valueOf(e.getMessage());
    }

    @Override
    public void close() {
        closeSocket();
        closeWeb();
    }

    private void closeWeb() {
        if (web != null) {
            web.close();
            web = null;
        }
    }

    private void closeSocket() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
