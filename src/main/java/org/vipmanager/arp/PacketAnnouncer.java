package org.vipmanager.arp;

import org.vipmanager.control.Announcer;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Announces addresses through a packet socket, packet(7).
 *
 * <p>One socket serves all interfaces: it receives nothing, and every frame names its interface. It
 * is kept open, because closing one costs 8 to 16 ms.
 */
public final class PacketAnnouncer implements Announcer {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.arp");

    private static final int SOCK_RAW = 3;

    private static final int LARGEST_FRAME = 128;

    private final NativeSocket socket;
    private final NetworkInterfaces interfaces;
    private final NativeBuffer frame;
    private final LinkLayerAddress address;

    private PacketAnnouncer(LibC libC, NativeSocket socket, UnaryOperator<String> shortNames) {
        this.socket = socket;
        interfaces = new NetworkInterfaces(libC, socket, shortNames);
        frame = libC.allocate(LARGEST_FRAME);
        address = new LinkLayerAddress(libC);
    }

    /** For interfaces that are called by names of 15 bytes at most. */
    public static PacketAnnouncer open(LibC libC) throws IOException {
        return open(libC, UnaryOperator.identity());
    }

    /**
     * Opens the socket.
     *
     * @param shortNames what an interface with a longer name (an altname) is called in 15 bytes
     */
    public static PacketAnnouncer open(LibC libC, UnaryOperator<String> shortNames)
            throws IOException {
        int type = SOCK_RAW | NativeSocket.NONBLOCK;
        NativeSocket socket = NativeSocket.open(libC, LinkLayerAddress.AF_PACKET, type, 0);
        return new PacketAnnouncer(libC, socket, shortNames);
    }

    @Override
    public void announce(VirtualIp vip) throws IOException {
        Optional<NetworkInterfaces.Ethernet> found = interfaces.find(vip.interfaceName());
        if (found.isEmpty()) {
            return;
        }
        NetworkInterfaces.Ethernet link = found.get();
        for (int round = 0; round < rounds(vip); round++) {
            send(vip, link.index(), encodeAnnouncement(vip, link.hardwareAddress(), round));
        }
        if (LOGGER.isLoggable(Level.DEBUG)) {
            LOGGER.log(Level.DEBUG, "announced {0} at {1}", vip, link.hardwareAddress());
        }
    }

    @Override
    public void probe(VirtualIp vip) throws IOException {
        Optional<NetworkInterfaces.Ethernet> found = interfaces.find(vip.interfaceName());
        if (found.isEmpty()) {
            return;
        }
        NetworkInterfaces.Ethernet link = found.get();
        send(vip, link.index(), encodeProbe(vip, link.hardwareAddress()));
        if (LOGGER.isLoggable(Level.DEBUG)) {
            LOGGER.log(Level.DEBUG, "probed for {0} from {1}", vip, link.hardwareAddress());
        }
    }

    /** Asks who has an IPv4 address, as any client does. */
    void ask(VirtualIp vip, InetAddress sender) throws IOException {
        Optional<NetworkInterfaces.Ethernet> found = interfaces.find(vip.interfaceName());
        if (found.isPresent()) {
            HardwareAddress station = found.get().hardwareAddress();
            ByteBuffer bytes = beginFrame();
            encodeArp(bytes, station, ArpPacket.question(station, sender, vip.address()));
            send(vip, found.get().index(), bytes.position());
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    private static int rounds(VirtualIp vip) {
        return vip.isIpv6() ? 1 : 2;
    }

    /** Returns the frame's length. */
    private int encodeAnnouncement(VirtualIp vip, HardwareAddress hardwareAddress, int round) {
        ByteBuffer bytes = beginFrame();
        if (vip.isIpv6()) {
            HardwareAddress destination = NeighborAdvertisement.destination();
            new EthernetHeader(destination, hardwareAddress, EthernetHeader.IPV6).encode(bytes);
            new NeighborAdvertisement(vip.address(), hardwareAddress).encode(bytes);
        } else {
            ArpPacket packet =
                    round == 0
                            ? ArpPacket.announcementRequest(hardwareAddress, vip.address())
                            : ArpPacket.announcementReply(hardwareAddress, vip.address());
            encodeArp(bytes, hardwareAddress, packet);
        }
        return bytes.position();
    }

    private int encodeProbe(VirtualIp vip, HardwareAddress hardwareAddress) {
        ByteBuffer bytes = beginFrame();
        if (vip.isIpv6()) {
            NeighborSolicitation question = new NeighborSolicitation(vip.address());
            HardwareAddress destination = question.destination();
            new EthernetHeader(destination, hardwareAddress, EthernetHeader.IPV6).encode(bytes);
            question.encode(bytes);
        } else {
            encodeArp(bytes, hardwareAddress, ArpPacket.probe(hardwareAddress, vip.address()));
        }
        return bytes.position();
    }

    private static void encodeArp(
            ByteBuffer bytes, HardwareAddress hardwareAddress, ArpPacket packet) {
        new EthernetHeader(HardwareAddress.BROADCAST, hardwareAddress, EthernetHeader.ARP)
                .encode(bytes);
        packet.encode(bytes);
    }

    private ByteBuffer beginFrame() {
        return frame.bytes().clear().order(ByteOrder.BIG_ENDIAN);
    }

    private void send(VirtualIp vip, int index, int length) throws ErrnoException {
        int etherType = vip.isIpv6() ? EthernetHeader.IPV6 : EthernetHeader.ARP;
        NativeBuffer to = address.of(index, etherType);
        int sent = socket.send(frame, length, 0, to);
        if (sent < 0) {
            throw new ErrnoException("sending a frame about " + vip, -sent);
        }
    }
}
