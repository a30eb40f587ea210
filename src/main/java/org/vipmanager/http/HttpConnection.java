package org.vipmanager.http;

import org.jspecify.annotations.Nullable;
import org.vipmanager.tls.ServerName;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One connection, on which one question is asked after the other. Used by one thread at a time;
 * {@link #close} is safe for any thread and does not wait.
 */
final class HttpConnection implements Closeable {

    private static final int BUFFER = 4096;

    private final SocketChannel channel;
    private final InetAddress address;
    private final InputStream encrypted;
    private final InputStream in;
    private final OutputStream out;
    private long idleSinceNanos;

    private HttpConnection(SocketChannel channel, Socket speaking) throws IOException {
        this.channel = channel;
        this.address = channel.socket().getInetAddress();
        this.encrypted = channel.socket().getInputStream();
        this.in = new BufferedInputStream(speaking.getInputStream(), BUFFER);
        this.out = speaking.getOutputStream();
    }

    static HttpConnection plain(SocketChannel channel) throws IOException {
        return new HttpConnection(channel, channel.socket());
    }

    /**
     * A connection after the TLS handshake, in which the server has proved to be that one.
     *
     * @param context null for the runtime's own
     */
    static HttpConnection secure(
            SocketChannel channel, ServerName server, int port, @Nullable SSLContext context)
            throws IOException {
        SSLContext trusted;
        try {
            trusted = context == null ? SSLContext.getDefault() : context;
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IOException(e.getMessage(), e);
        }
        SSLSocket secured =
                (SSLSocket)
                        trusted.getSocketFactory()
                                .createSocket(channel.socket(), server.host(), port, true);
        SSLParameters parameters = secured.getSSLParameters();
        server.demandBy(parameters);
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return new HttpConnection(channel, secured);
    }

    InetAddress address() {
        return address;
    }

    void send(byte[] request) throws IOException {
        out.write(request);
        out.flush();
    }

    InputStream answers() {
        return in;
    }

    /** It waits for the next question from now on. */
    void rest() {
        idleSinceNanos = System.nanoTime();
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    /** Nothing has come that nobody had asked for: it would be taken for the next answer. */
    boolean isQuiet() {
        try {
            return channel.isOpen() && in.available() == 0 && encrypted.available() == 0;
        } catch (IOException broken) {
            return false;
        }
    }

    /** Without a farewell, for which a peer that does not read could let us wait. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException gone) {
            // That is what was wanted.
        }
    }
}
