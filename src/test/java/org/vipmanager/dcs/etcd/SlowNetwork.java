package org.vipmanager.dcs.etcd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A network in which every byte takes its time, each way. It accepts connections at once, so the
 * first of their ways there and back is not in it.
 */
final class SlowNetwork implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final long delayNanos;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    SlowNetwork(int target, Duration eachWay) throws IOException {
        this.target = target;
        this.delayNanos = eachWay.toNanos();
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(near, far));
                carry(near, far);
                carry(far, near);
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private record Piece(long dueNanos, byte[] bytes) {}

    private void carry(Socket from, Socket to) {
        LinkedBlockingQueue<Piece> underWay = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> take(from, underWay));
        Thread.ofVirtual().start(() -> deliver(underWay, to));
    }

    private void take(Socket from, LinkedBlockingQueue<Piece> underWay) {
        byte[] buffer = new byte[65_536];
        int length;
        do {
            try {
                length = from.getInputStream().read(buffer);
            } catch (IOException e) {
                length = -1;
            }
            byte[] bytes = Arrays.copyOf(buffer, Math.max(0, length));
            underWay.add(new Piece(System.nanoTime() + delayNanos, bytes));
        } while (length >= 0);
    }

    private static void deliver(LinkedBlockingQueue<Piece> underWay, Socket to) {
        try (to) {
            Piece piece = underWay.take();
            while (piece.bytes().length > 0) {
                Thread.sleep(Duration.ofNanos(Math.max(0, piece.dueNanos() - System.nanoTime())));
                to.getOutputStream().write(piece.bytes());
                piece = underWay.take();
            }
        } catch (IOException | InterruptedException e) {
            return; // the other side is gone
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
