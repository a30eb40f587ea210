package org.vipmanager.web;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.jspecify.annotations.Nullable;
import org.vipmanager.status.StatusDocument;
import org.vipmanager.status.StatusReader;
import org.vipmanager.tls.TlsFileException;
import org.vipmanager.web.cluster.ClusterReader;
import org.vipmanager.web.cluster.PeerReader;
import org.vipmanager.web.page.Pages;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Listens for HTTP with the JDK's own server, within bounds that it takes as properties of the
 * process: nobody else uses it here.
 *
 * <p>A connection that asks nothing costs a descriptor and about a kilobyte, so that many may be
 * open; what is being read and answered has buffers, and is few ({@link Turns}).
 */
public final class WebServer implements AutoCloseable {

    private static final String PREFIX = "sun.net.httpserver.";

    static {
        // Read once, by the server's own first class. Seconds, numbers and bytes.
        System.setProperty(
                "jdk.httpserver.maxConnections", Long.toString(mostConnections(openFiles())));
        System.setProperty(PREFIX + "maxIdleConnections", "16"); // of those that have asked before
        System.setProperty(PREFIX + "idleInterval", "5");
        System.setProperty(
                PREFIX + "clockTick", "1000"); // milliseconds between looks for idle ones
        System.setProperty(PREFIX + "maxReqTime", "5");
        System.setProperty(PREFIX + "maxRspTime", "10");
        System.setProperty(PREFIX + "maxReqHeaders", "60");
        System.setProperty(PREFIX + "maxReqHeaderSize", "8192");
        System.setProperty(PREFIX + "drainAmount", "1"); // with 0 it ends each connection
        System.setProperty(PREFIX + "nodelay", "true");
    }

    /** Connections that the kernel keeps until the server takes them, one at a time. */
    private static final int BACKLOG = 128;

    private static final Path RESOLVER = Path.of("/etc/resolv.conf");

    /** Those of the page's listeners, and slow ones, among them. */
    private static final int ANSWERED_AT_A_TIME = 64;

    private static final Duration LONGEST_CLOSE = Duration.ofMillis(200);

    private final HttpServer server;
    private final Turns turns;

    /** Closes what serves this one alone. */
    private final Runnable afterwards;

    /**
     * Of each of the two listeners. Descriptors are left to what the daemon is for, also where few
     * are allowed; Java takes as many as the hard limit lets it.
     *
     * @param openFiles how many this process may have
     */
    static long mostConnections(OptionalLong openFiles) {
        return Math.clamp(openFiles.orElse(Long.MAX_VALUE) / 4, 16, 1024);
    }

    private static OptionalLong openFiles() {
        return ProcessMetrics.number("limits", "Max open files");
    }

    /** Takes the port. */
    @FunctionalInterface
    interface Listening {
        HttpServer begin() throws IOException;
    }

    private WebServer(HttpServer server, Turns turns, Runnable afterwards) {
        this.server = server;
        this.turns = turns;
        this.afterwards = afterwards;
    }

    /**
     * The PEM files of this server's certificate; they may be replaced while it runs.
     *
     * @param certificate followed by those between it and its authority
     */
    public record Certificate(Path certificate, Path key) {}

    /**
     * Listens from now on.
     *
     * @param token what who wants more than a probe must show; may block
     * @param certificate for https; without one it is http
     * @param peers whom the page shows beside this host; closed together with this
     * @throws IOException if nobody can listen there, or the files cannot be used
     */
    public static WebServer open(
            InetSocketAddress listen,
            StatusDocument.Daemon daemon,
            StatusReader reader,
            Optional<Supplier<String>> token,
            Optional<Certificate> certificate,
            PeerReader peers)
            throws IOException {
        RotatedKeys keys = certificate.isPresent() ? keys(certificate.get()) : null;
        try {
            Guard guard = new Guard(new OwnNames(daemon.host(), RESOLVER), token);
            Pages pages = new Pages(daemon, new ClusterReader(daemon, reader, peers));
            Routes routes = new Routes(daemon, reader, Optional.of(new Routes.Site(guard, pages)));
            return serve(
                    listen,
                    routes,
                    keys,
                    () -> {
                        peers.close();
                        close(keys);
                    });
        } catch (IOException e) {
            close(keys);
            throw e;
        }
    }

    private static void close(@Nullable RotatedKeys keys) {
        if (keys != null) {
            keys.close();
        }
    }

    /**
     * Listens for probes from now on, and for nothing else.
     *
     * @throws IOException if nobody can listen there
     */
    public static WebServer openForProbes(
            InetSocketAddress listen, StatusDocument.Daemon daemon, StatusReader reader)
            throws IOException {
        return serve(listen, new Routes(daemon, reader, Optional.empty()), null, () -> {});
    }

    private static WebServer serve(
            InetSocketAddress listen,
            Routes routes,
            @Nullable RotatedKeys keys,
            Runnable afterwards)
            throws IOException {
        return serve(() -> server(listen, keys), routes, afterwards);
    }

    /** The JDK's server keeps its port until the process ends where its threads cannot begin. */
    static WebServer serve(Listening listening, HttpHandler routes, Runnable afterwards)
            throws IOException {
        try {
            HttpServer server = listening.begin();
            Turns turns = new Turns(ANSWERED_AT_A_TIME, Turns.LONGEST);
            server.setExecutor(turns);
            server.createContext("/", routes);
            start(server);
            return new WebServer(server, turns, afterwards);
        } catch (OutOfMemoryError noThread) {
            throw new IOException(
                    "no thread can be had, and it takes a restart to try again", noThread);
        }
    }

    private static void start(HttpServer server) {
        try {
            server.start();
        } catch (OutOfMemoryError noThread) {
            server.stop(0);
            throw noThread;
        }
    }

    private static RotatedKeys keys(Certificate certificate) throws IOException {
        try {
            return RotatedKeys.of(certificate.certificate(), certificate.key());
        } catch (TlsFileException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static HttpServer server(InetSocketAddress listen, @Nullable RotatedKeys keys)
            throws IOException {
        if (keys == null) {
            return HttpServer.create(listen, BACKLOG);
        }
        HttpsServer server = HttpsServer.create(listen, BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(keys.context()));
        return server;
    }

    /** Where it listens; the port is known where any was wanted. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /**
     * Ends at once, whoever is being answered: first those that are written to, for the JDK's
     * server waits for them. What a client keeps from ending even so ends beside the caller, whose
     * time is the decision's; the port is free before.
     */
    @Override
    public void close() {
        turns.close();
        try {
            Thread end = Thread.ofPlatform().daemon().name("web end").start(() -> server.stop(0));
            end.join(LONGEST_CLOSE);
        } catch (OutOfMemoryError noThread) {
            server.stop(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        afterwards.run();
    }
}
