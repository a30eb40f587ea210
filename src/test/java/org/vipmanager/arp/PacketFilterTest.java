package org.vipmanager.arp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.core.HardwareAddress;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The filter, run by a small interpreter of classic BPF; the live tests run it in the kernel. */
final class PacketFilterTest {

    private static final HardwareAddress STATION = new HardwareAddress(0x0200_0000_000aL);
    private static final HardwareAddress GROUP = new HardwareAddress(0x0300_0000_000aL);
    private static final int PACKET_BROADCAST = 1;
    private static final int PACKET_OTHERHOST = 3;
    private static final int PACKET_OUTGOING = 4;

    private static ByteBuffer arp(HardwareAddress source, ArpPacket packet) {
        ByteBuffer frame = ByteBuffer.allocate(42);
        new EthernetHeader(HardwareAddress.BROADCAST, source, EthernetHeader.ARP).encode(frame);
        packet.encode(frame);
        return frame.flip();
    }

    private static ByteBuffer advertisement(byte[] target) throws Exception {
        ByteBuffer frame = ByteBuffer.allocate(86);
        new EthernetHeader(NeighborAdvertisement.destination(), STATION, EthernetHeader.IPV6)
                .encode(frame);
        new NeighborAdvertisement(InetAddress.getByAddress(target), STATION).encode(frame);
        return frame.flip();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 100, 1000, 2500})
    void arpSenders_passWhenTheyAreOurs(int count) throws Exception {
        Random random = new Random(count);
        Set<Integer> ours = new HashSet<>();
        while (ours.size() < count) {
            ours.add(random.nextInt());
        }
        PacketFilter filter = PacketFilter.ofArpSenders(ours.stream().map(this::bytes).toList());
        assertThat(filter.instructions()).hasSizeLessThanOrEqualTo(PacketFilter.LONGEST);
        for (int address : ours) {
            ArpPacket claim =
                    ArpPacket.announcementReply(STATION, InetAddress.getByAddress(bytes(address)));
            assertThat(run(filter, arp(STATION, claim), PACKET_BROADCAST)).isPositive();
            assertThat(run(filter, arp(STATION, claim), PACKET_OTHERHOST)).isZero();
            assertThat(run(filter, arp(STATION, claim), PACKET_OUTGOING)).isZero();
            assertThat(run(filter, arp(GROUP, claim), PACKET_BROADCAST)).isZero();
            ArpPacket probe = ArpPacket.probe(STATION, claim.senderAddress());
            assertThat(run(filter, arp(STATION, probe), PACKET_BROADCAST)).isZero();
        }
        for (int i = 0; i < 1000; i++) {
            int other = random.nextInt();
            ArpPacket claim =
                    ArpPacket.announcementRequest(STATION, InetAddress.getByAddress(bytes(other)));
            boolean passes = run(filter, arp(STATION, claim), PACKET_BROADCAST) > 0;
            assertThat(passes).isEqualTo(ours.contains(other));
        }
    }

    @Test
    void advertisedTargets_passWhenTheyAreOurs() throws Exception {
        Random random = new Random(3);
        List<byte[]> ours = random.ints(500).mapToObj(this::ipv6).toList();
        PacketFilter filter = PacketFilter.ofAdvertisedTargets(ours);
        for (byte[] target : ours) {
            assertThat(run(filter, advertisement(target), PACKET_BROADCAST)).isPositive();
            ByteBuffer routed = advertisement(target);
            routed.put(EthernetHeader.LENGTH + 7, (byte) 254);
            assertThat(run(filter, routed, PACKET_BROADCAST)).isZero();
        }
        for (int i = 0; i < 1000; i++) {
            byte[] other = ipv6(random.nextInt());
            assertThat(run(filter, advertisement(other), PACKET_BROADCAST)).isZero();
        }
    }

    @Test
    void shortFrames_areRejected() {
        PacketFilter filter = PacketFilter.ofArpSenders(List.of(bytes(1)));
        assertThat(run(filter, ByteBuffer.allocate(20), PACKET_BROADCAST)).isZero();
    }

    private byte[] bytes(int address) {
        return ByteBuffer.allocate(4).putInt(address).array();
    }

    private byte[] ipv6(int end) {
        return ByteBuffer.allocate(16)
                .putInt(0x20010db8)
                .putInt(end)
                .putInt(end * 7)
                .putInt(end)
                .array();
    }

    /**
     * Returns how many bytes of the frame are kept; a load beyond its end rejects it, as in the
     * kernel.
     */
    private static int run(PacketFilter filter, ByteBuffer frame, int packetType) {
        int accumulator = 0;
        int x = 0;
        try {
            for (int next = 0; ; next++) {
                PacketFilter.Instruction it = filter.instructions().get(next);
                boolean isTrue = false;
                switch (it.code()) {
                    case PacketFilter.RETURN -> {
                        return it.k();
                    }
                    case PacketFilter.LOAD_BYTE ->
                            accumulator =
                                    it.k() == PacketFilter.PACKET_TYPE
                                            ? packetType
                                            : Byte.toUnsignedInt(frame.get(it.k()));
                    case PacketFilter.LOAD_HALF ->
                            accumulator = Short.toUnsignedInt(frame.getShort(it.k()));
                    case PacketFilter.LOAD_WORD -> accumulator = frame.getInt(it.k());
                    case PacketFilter.MULTIPLY -> accumulator *= it.k();
                    case PacketFilter.ADD_X -> accumulator += x;
                    case PacketFilter.COPY_TO_X -> x = accumulator;
                    case PacketFilter.JUMP -> next += it.k();
                    case PacketFilter.JUMP_IF_EQUAL -> isTrue = accumulator == it.k();
                    case PacketFilter.JUMP_IF_AT_LEAST ->
                            isTrue = Integer.compareUnsigned(accumulator, it.k()) >= 0;
                    case PacketFilter.JUMP_IF_BITS -> isTrue = (accumulator & it.k()) != 0;
                    default -> throw new AssertionError(it);
                }
                boolean isConditional = (it.code() & 7) == 5 && it.code() != PacketFilter.JUMP;
                if (isConditional) {
                    next += isTrue ? it.ifTrue() : it.ifFalse();
                }
            }
        } catch (IndexOutOfBoundsException e) {
            assertThat(e.getStackTrace()[0].getClassName()).doesNotContain("List");
            return 0;
        }
    }
}
