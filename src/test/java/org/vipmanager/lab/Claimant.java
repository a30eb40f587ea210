package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A station that says over and over that an address is its own, whether it has it or not: by
 * gratuitous ARP (RFC 826, RFC 5227) or by an unsolicited neighbour advertisement (RFC 4861).
 */
final class Claimant implements AutoCloseable {

    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};
    static final short ETHERTYPE_ARP = 0x0806;
    static final short REQUEST = 1;
    static final short REPLY = 2;
    private static final byte ICMPV6 = 58;

    /** ff02::1 */
    private static final byte[] ALL_NODES = {-1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private final Duration interval;
    private final Thread thread;
    private volatile boolean closed;

    Claimant(Host host, InetAddress address, Duration interval) {
        this.interval = interval;
        this.thread = host.namespace().start("claims", () -> claim(address));
    }

    private void claim(InetAddress address) {
        try {
            NetworkInterface eth0 = NetworkInterface.getByName("eth0");
            List<byte[]> frames = frames(eth0.getHardwareAddress(), address);
            int socket = Kernel.openPacketSocket(ETHERTYPE_ARP, eth0.getIndex());
            while (!closed) {
                frames.forEach(frame -> Kernel.send(socket, frame));
                LockSupport.parkNanos(interval.toNanos());
            }
            Kernel.close(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Claims it once, by all its frames. */
    static void claimOnce(Host host, InetAddress address) {
        host.namespace()
                .call(
                        () -> {
                            try {
                                NetworkInterface eth0 = NetworkInterface.getByName("eth0");
                                int socket =
                                        Kernel.openPacketSocket(ETHERTYPE_ARP, eth0.getIndex());
                                frames(eth0.getHardwareAddress(), address)
                                        .forEach(frame -> Kernel.send(socket, frame));
                                Kernel.close(socket);
                                return socket;
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    private static List<byte[]> frames(byte[] mac, InetAddress address) {
        return address instanceof Inet6Address
                ? List.of(advertisement(mac, address))
                : List.of(frame(REQUEST, mac, address), frame(REPLY, mac, address));
    }

    /**
     * Ethernet and IPv6 header to all nodes, hop limit 255; type 136, the override flag, target and
     * its link-layer address as option 2: RFC 4861 section 4.4.
     */
    static byte[] advertisement(byte[] mac, InetAddress address) {
        ByteBuffer message =
                ByteBuffer.allocate(32)
                        .put((byte) 136)
                        .putInt(4, 0x2000_0000)
                        .put(8, address.getAddress())
                        .put(24, new byte[] {2, 1})
                        .put(26, mac);
        message.putShort(2, checksum(address.getAddress(), message));
        return ByteBuffer.allocate(86)
                .put(new byte[] {0x33, 0x33, 0, 0, 0, 1})
                .put(mac)
                .putShort((short) 0x86dd)
                .putInt(0x6000_0000)
                .putShort((short) message.capacity())
                .put(ICMPV6)
                .put((byte) 255)
                .put(address.getAddress())
                .put(ALL_NODES)
                .put(message.array())
                .array();
    }

    /** With the pseudo-header: RFC 8200 section 8.1. */
    private static short checksum(byte[] source, ByteBuffer message) {
        ByteBuffer summed =
                ByteBuffer.allocate(40 + message.capacity())
                        .put(source)
                        .put(ALL_NODES)
                        .putInt(message.capacity())
                        .putInt(ICMPV6)
                        .put(message.array())
                        .flip();
        int sum = 0;
        while (summed.hasRemaining()) {
            sum += summed.getShort() & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~(sum + (sum >>> 16));
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
