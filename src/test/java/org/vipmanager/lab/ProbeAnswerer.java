package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * A station that answers whoever asks whether an address is taken, as a proxy does, and otherwise
 * keeps silent: an ARP probe (RFC 5227), or a solicitation of duplicate address detection (RFC
 * 4862).
 */
final class ProbeAnswerer implements AutoCloseable {

    private static final short ETHERTYPE_IPV6 = (short) 0x86dd;
    private static final byte SOLICITATION = (byte) 135;

    private final InetAddress address;
    private final CountDownLatch listening = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closed;

    ProbeAnswerer(Host host, InetAddress address) throws InterruptedException {
        this.address = address;
        thread = host.namespace().start("probe answerer", this::answer);
        listening.await();
    }

    private void answer() {
        boolean ipv6 = address instanceof Inet6Address;
        try (Arena arena = Arena.ofConfined()) {
            NetworkInterface eth0 = NetworkInterface.getByName("eth0");
            byte[] mac = eth0.getHardwareAddress();
            byte[] answer =
                    ipv6
                            ? Claimant.advertisement(mac, address)
                            : Claimant.frame(Claimant.REPLY, mac, address);
            short protocol = ipv6 ? ETHERTYPE_IPV6 : Claimant.ETHERTYPE_ARP;
            int socket = Kernel.openPacketSocket(protocol, eth0.getIndex());
            Kernel.stopWaitingAfterTenthOfSecond(socket);
            MemorySegment buffer = arena.allocate(2048);
            listening.countDown();
            while (!closed) {
                Kernel.receive(socket, buffer)
                        .filter(frame -> ipv6 ? isSolicitation(frame) : isProbe(frame))
                        .ifPresent(frame -> Kernel.send(socket, answer));
            }
            Kernel.close(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request whose sender is 0.0.0.0, for the address. */
    private boolean isProbe(byte[] frame) {
        return frame.length >= 42
                && frame[21] == Claimant.REQUEST
                && Arrays.equals(frame, 28, 32, new byte[4], 0, 4)
                && isFor(frame, 38);
    }

    /** From the unspecified address, for the address. */
    private boolean isSolicitation(byte[] frame) {
        return frame.length >= 78
                && frame[54] == SOLICITATION
                && Arrays.equals(frame, 22, 38, new byte[16], 0, 16)
                && isFor(frame, 62);
    }

    private boolean isFor(byte[] frame, int offset) {
        byte[] bytes = address.getAddress();
        return Arrays.equals(frame, offset, offset + bytes.length, bytes, 0, bytes.length);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
