package org.vipmanager.arp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.HardwareAddress;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;

/**
 * The codecs beside frames of a Linux 6.18, which sent them by arp_notify, ndisc_notify and as
 * answers.
 */
final class PacketCodecTest {

    private static final HardwareAddress A = new HardwareAddress(0x0200_0000_000aL);
    private static final HardwareAddress B = new HardwareAddress(0x0200_0000_000bL);
    private static final HardwareAddress C = new HardwareAddress(0x0200_0000_000cL);
    private static final InetAddress VIP = InetAddress.ofLiteral("10.0.0.9");
    private static final InetAddress NOBODY = InetAddress.ofLiteral("0.0.0.0");

    /** The kernel announces after a change of the hardware address. */
    private static final String ANNOUNCEMENT =
            "ffffffffffff02000000000c0806"
                    + "000108000604000102000000000c0a0000090000000000000a000009";

    /** The kernel answers a probe. */
    private static final String ANSWER =
            "02000000000b02000000000a0806"
                    + "000108000604000202000000000a0a00000902000000000b00000000";

    private static final String ADVERTISEMENT =
            "33330000000102000000000a86dd"
                    + "6000000000203aff20010db8000000000000000000000007"
                    + "ff020000000000000000000000000001"
                    + "8800f9152000000020010db8000000000000000000000007020102000000000a";

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static ByteBuffer packet(String frame) {
        ByteBuffer bytes = bytes(frame);
        return bytes.slice(EthernetHeader.LENGTH, bytes.limit() - EthernetHeader.LENGTH);
    }

    private static String hex(ByteBuffer buffer) {
        return HexFormat.of().formatHex(buffer.array(), 0, buffer.position());
    }

    @Test
    void announcement_isTheKernels() {
        ByteBuffer frame = ByteBuffer.allocate(64);
        new EthernetHeader(HardwareAddress.BROADCAST, C, EthernetHeader.ARP).encode(frame);
        ArpPacket.announcementRequest(C, VIP).encode(frame);
        assertThat(hex(frame)).isEqualTo(ANNOUNCEMENT);
        assertThat(ArpPacket.parse(packet(ANNOUNCEMENT)))
                .isEqualTo(ArpPacket.announcementRequest(C, VIP));
    }

    @Test
    void answerToAProbe_isUnderstood() {
        assertThat(EthernetHeader.parse(bytes(ANSWER)))
                .isEqualTo(new EthernetHeader(B, A, EthernetHeader.ARP));
        assertThat(ArpPacket.parse(packet(ANSWER)))
                .isEqualTo(new ArpPacket(ArpPacket.REPLY, A, VIP, B, NOBODY));
    }

    @Test
    void reply_isAddressedToItsSender() {
        assertThat(ArpPacket.announcementReply(A, VIP))
                .isEqualTo(new ArpPacket(ArpPacket.REPLY, A, VIP, A, VIP));
    }

    @Test
    void probe_claimsNothing() {
        assertThat(ArpPacket.probe(A, VIP))
                .isEqualTo(new ArpPacket(ArpPacket.REQUEST, A, NOBODY, HardwareAddress.NONE, VIP));
    }

    @Test
    void advertisement_isTheKernels() {
        InetAddress target = InetAddress.ofLiteral("2001:db8::7");
        ByteBuffer frame = ByteBuffer.allocate(128);
        new EthernetHeader(NeighborAdvertisement.destination(), A, EthernetHeader.IPV6)
                .encode(frame);
        new NeighborAdvertisement(target, A).encode(frame);
        assertThat(hex(frame)).isEqualTo(ADVERTISEMENT);
        assertThat(NeighborAdvertisement.parse(packet(ADVERTISEMENT)))
                .isEqualTo(new NeighborAdvertisement(target, A));
    }

    /** As the kernel's, but without the nonce of RFC 7527. */
    @Test
    void solicitation_goesToTheGroupOfItsTarget() {
        NeighborSolicitation solicitation =
                new NeighborSolicitation(InetAddress.ofLiteral("2001:db8::7"));
        ByteBuffer frame = ByteBuffer.allocate(128);
        new EthernetHeader(solicitation.destination(), A, EthernetHeader.IPV6).encode(frame);
        solicitation.encode(frame);
        assertThat(hex(frame))
                .isEqualTo(
                        "3333ff00000702000000000a86dd"
                                + "6000000000183aff00000000000000000000000000000000"
                                + "ff0200000000000000000001ff000007"
                                + "87004ce10000000020010db8000000000000000000000007");
        ByteBuffer packet = packet(hex(frame));
        assertThat(Ipv6Header.isChecksumRight(packet, NeighborSolicitation.LENGTH)).isTrue();
        assertThat(Ipv6Header.isFromNeighbour(packet)).isTrue();
    }

    @Test
    void packets_roundTrip_withRandomValues() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            byte[] v4 = new byte[4];
            byte[] v6 = new byte[16];
            random.nextBytes(v4);
            random.nextBytes(v6);
            HardwareAddress hardwareAddress = new HardwareAddress(random.nextLong() >>> 16);
            ArpPacket arp =
                    new ArpPacket(
                            random.nextInt(65536),
                            hardwareAddress,
                            InetAddress.getByAddress(v4),
                            new HardwareAddress(random.nextLong() >>> 16),
                            VIP);
            ByteBuffer buffer = ByteBuffer.allocate(128);
            arp.encode(buffer);
            assertThat(ArpPacket.parse(buffer.flip())).isEqualTo(arp);
            NeighborAdvertisement advertisement =
                    new NeighborAdvertisement(InetAddress.getByAddress(v6), hardwareAddress);
            buffer.clear();
            advertisement.encode(buffer);
            assertThat(NeighborAdvertisement.parse(buffer.flip())).isEqualTo(advertisement);
        }
    }

    @Test
    void advertisementsThatAreNotValid_areRefused() {
        for (int place : new int[] {6, 7, 40, 41, 42, 50}) {
            ByteBuffer packet = packet(ADVERTISEMENT);
            packet.put(place, (byte) (packet.get(place) ^ 1));
            assertThatThrownBy(() -> NeighborAdvertisement.parse(packet))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void cutFrames_claimNothing() {
        for (String hex : new String[] {ANNOUNCEMENT, ADVERTISEMENT}) {
            int whole = hex.length() / 2;
            for (int length = 0; length < whole; length++) {
                assertThat(HeardClaim.of(3, bytes(hex).limit(length))).isEmpty();
            }
            assertThat(HeardClaim.of(3, bytes(hex))).isPresent();
        }
    }

    @Test
    void randomFrames_doNoHarm() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = HexFormat.of().parseHex(i % 2 == 0 ? ANNOUNCEMENT : ADVERTISEMENT);
            for (int change = 0; change < 3; change++) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            Optional<HeardClaim> claim = HeardClaim.of(3, ByteBuffer.wrap(frame));
            claim.ifPresent(heard -> assertThat(heard.hardwareAddress().isUnicast()).isTrue());
        }
    }
}
