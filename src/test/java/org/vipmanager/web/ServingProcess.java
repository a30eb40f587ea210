package org.vipmanager.web;

import org.vipmanager.http.ThreadLoop;
import org.vipmanager.status.Snapshots;
import org.vipmanager.status.StatusReader;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process in which nobody else has used the JDK's HTTP server, as in the daemon: the bounds are
 * read once in the life of a process.
 */
final class ServingProcess implements AutoCloseable {

    private final Process process;
    private final InetSocketAddress address;

    private ServingProcess(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Serves until standard input ends. */
    public static void main(String[] arguments) throws IOException {
        WebServer server =
                WebServer.open(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Snapshots.DAEMON,
                        new StatusReader(new ThreadLoop(), () -> Snapshots.ofAddresses(2, "pg1")),
                        Optional.empty(),
                        Optional.empty(),
                        NoPeers.reader());
        System.out.println(server.address().getPort());
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }

    /**
     * @param openFiles how many descriptors it may have
     */
    static ServingProcess start(int openFiles) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String path =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        Process process =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "ulimit -n " + openFiles + "; exec \"$@\"",
                                "sh",
                                java,
                                "-Xmx32m",
                                "-Xss256k",
                                "-cp",
                                path,
                                ServingProcess.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader out = process.inputReader();
        String port = out.readLine();
        if (port == null) {
            throw new IOException("it has not begun to serve");
        }
        return new ServingProcess(
                process,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
