package org.vipmanager.dcs.consul;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;

/** A way to a server on which every byte takes a while, in either direction. */
final class SlowWay implements AutoCloseable {

    private final ServerSocket listening;
    private final URI to;
    private final Duration delay;

    /**
     * @param delay one way; a question and its answer take twice that
     */
    SlowWay(URI to, Duration delay) {
        this.to = to;
        this.delay = delay;
        try {
            listening = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listening.accept();
                Socket far = new Socket(to.getHost(), to.getPort());
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> carry(near, far));
                Thread.ofVirtual().start(() -> carry(far, near));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void carry(Socket from, Socket towards) {
        try (from;
                towards) {
            InputStream in = from.getInputStream();
            OutputStream out = towards.getOutputStream();
            byte[] bytes = new byte[256 << 10];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                Thread.sleep(delay);
                out.write(bytes, 0, count);
            }
        } catch (IOException end) {
            // Of either side.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
