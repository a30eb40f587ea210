package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A station that says over and over, by gratuitous ARP, that an address is its own, whether it has
 * it or not: RFC 826 and RFC 5227.
 */
final class ArpStation implements AutoCloseable {

    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};
    static final short ETHERTYPE_ARP = 0x0806;
    static final short REQUEST = 1;
    private static final short REPLY = 2;

    private final Duration interval;
    private final Thread thread;
    private volatile boolean closed;

    ArpStation(Host host, InetAddress address, Duration interval) {
        this.interval = interval;
        this.thread = host.namespace().start("claims", () -> claim(address));
    }

    private void claim(InetAddress address) {
        try {
            NetworkInterface eth0 = NetworkInterface.getByName("eth0");
            int socket = Kernel.openPacketSocket(ETHERTYPE_ARP, eth0.getIndex());
            while (!closed) {
                Kernel.send(socket, frame(REQUEST, eth0.getHardwareAddress(), address));
                Kernel.send(socket, frame(REPLY, eth0.getHardwareAddress(), address));
                LockSupport.parkNanos(interval.toNanos());
            }
            Kernel.close(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ethernet header; hardware 1, protocol 0x0800, lengths 6 and 4, operation, sender, target. */
    static byte[] frame(short operation, byte[] mac, InetAddress address) {
        return ByteBuffer.allocate(42)
                .put(BROADCAST)
                .put(mac)
                .putShort(ETHERTYPE_ARP)
                .putShort((short) 1)
                .putShort((short) 0x0800)
                .put((byte) 6)
                .put((byte) 4)
                .putShort(operation)
                .put(mac)
                .put(address.getAddress())
                .put(operation == REPLY ? mac : new byte[6])
                .put(address.getAddress())
                .array();
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        LockSupport.unpark(thread);
        thread.join();
    }
}
