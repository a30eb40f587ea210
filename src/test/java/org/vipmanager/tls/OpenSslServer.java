package org.vipmanager.tls;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The TLS server of openssl(1), on a free port: it takes names that the JDK's refuses. */
public final class OpenSslServer implements AutoCloseable {

    private final Process process;
    private final BufferedReader printed;
    private final int port;

    /**
     * @param options of s_server, such as {@code -www} to answer each question with a page
     */
    public OpenSslServer(TestAuthority.Issued server, String... options) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "openssl",
                                "s_server",
                                "-accept",
                                "127.0.0.1:0",
                                "-cert",
                                server.certificate().toString(),
                                "-key",
                                server.key().toString()));
        command.addAll(List.of(options));
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            printed = process.inputReader();
            String line = printed.readLine();
            while (!line.startsWith("ACCEPT ")) {
                line = printed.readLine();
            }
            port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /** What it prints from now on, to its end. */
    String printed() {
        return String.join("\n", printed.lines().toList());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
