package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.concurrent.locks.LockSupport;

/** A station gone mad: it announces an address so many times a second. */
final class ArpFlood implements AutoCloseable {

    private static final int BURSTS_PER_SECOND = 500;

    private final Thread thread;
    private volatile boolean closed;
    private volatile long sent;

    ArpFlood(Host host, InetAddress address, int perSecond) {
        thread = host.namespace().start("flood", () -> flood(address, perSecond));
    }

    /** How many frames it has sent. */
    long sent() {
        return sent;
    }

    private void flood(InetAddress address, int perSecond) {
        try {
            NetworkInterface eth0 = NetworkInterface.getByName("eth0");
            int socket = Kernel.openPacketSocket(Claimant.ETHERTYPE_ARP, eth0.getIndex());
            byte[] frame = Claimant.frame(Claimant.REQUEST, eth0.getHardwareAddress(), address);
            long next = System.nanoTime();
            long count = 0;
            while (!closed) {
                for (int i = 0; i < perSecond / BURSTS_PER_SECOND; i++) {
                    Kernel.send(socket, frame);
                    count++;
                }
                sent = count;
                next += 1_000_000_000 / BURSTS_PER_SECOND;
                LockSupport.parkNanos(next - System.nanoTime());
            }
            Kernel.close(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
