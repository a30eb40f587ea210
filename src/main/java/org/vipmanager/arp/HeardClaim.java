package org.vipmanager.arp;

import org.vipmanager.core.HardwareAddress;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a frame says that claims an address.
 *
 * @param interfaceIndex where it was received
 * @param address the one that is claimed
 * @param hardwareAddress whose hardware address goes with it
 * @param sender of the frame, mostly the same
 */
record HeardClaim(
        int interfaceIndex,
        InetAddress address,
        HardwareAddress hardwareAddress,
        HardwareAddress sender) {

    private static final byte[] NOBODY = new byte[4];

    /**
     * @param frame in network byte order, position 0 to limit
     * @return empty for every frame that claims nothing
     */
    static Optional<HeardClaim> of(int interfaceIndex, ByteBuffer frame) {
        try {
            EthernetHeader header = EthernetHeader.parse(frame);
            int length = frame.limit() - EthernetHeader.LENGTH;
            ByteBuffer packet = frame.slice(EthernetHeader.LENGTH, length);
            return switch (header.etherType()) {
                case EthernetHeader.ARP ->
                        ofArp(interfaceIndex, header.source(), ArpPacket.parse(packet));
                case EthernetHeader.IPV6 ->
                        ofAdvertisement(
                                interfaceIndex,
                                header.source(),
                                NeighborAdvertisement.parse(packet));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // anybody may send anything
        }
    }

    private static Optional<HeardClaim> ofArp(int index, HardwareAddress sender, ArpPacket packet) {
        boolean isClaim =
                (packet.operation() == ArpPacket.REQUEST || packet.operation() == ArpPacket.REPLY)
                        && !Arrays.equals(packet.senderAddress().getAddress(), NOBODY)
                        && sender.isUnicast()
                        && packet.senderHardware().isUnicast();
        return isClaim
                ? Optional.of(
                        new HeardClaim(
                                index, packet.senderAddress(), packet.senderHardware(), sender))
                : Optional.empty();
    }

    private static Optional<HeardClaim> ofAdvertisement(
            int index, HardwareAddress sender, NeighborAdvertisement advertisement) {
        HardwareAddress told = advertisement.hardwareAddress();
        HardwareAddress hardwareAddress = told.equals(HardwareAddress.NONE) ? sender : told;
        return sender.isUnicast() && hardwareAddress.isUnicast()
                ? Optional.of(
                        new HeardClaim(index, advertisement.target(), hardwareAddress, sender))
                : Optional.empty();
    }
}
