package org.vipmanager.arp;

import org.vipmanager.core.HardwareAddress;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program that the kernel runs for each frame, before it costs us anything: passes claims of
 * certain addresses and nothing else.
 *
 * <p>Classic BPF (linux/filter.h, Documentation/networking/filter.rst). The addresses are found by
 * a binary search written out as jumps, so that a frame costs ten comparisons and a leaf among a
 * thousand of them.
 *
 * @param instructions in order
 */
record PacketFilter(List<Instruction> instructions) {

    /**
     *
     *
     * <pre>
     * struct sock_filter: u16 code, u8 jt, u8 jf, u32 k
     * </pre>
     */
    record Instruction(int code, int ifTrue, int ifFalse, int k) {}

    /** BPF_MAXINSNS: longer programs are refused. */
    static final int LONGEST = 4096;

    static final int LOAD_WORD = 0x20;
    static final int LOAD_HALF = 0x28;
    static final int LOAD_BYTE = 0x30;
    static final int ADD_X = 0x0c;
    static final int MULTIPLY = 0x24;
    static final int COPY_TO_X = 0x07;
    static final int JUMP = 0x05;
    static final int JUMP_IF_EQUAL = 0x15;
    static final int JUMP_IF_AT_LEAST = 0x35;
    static final int JUMP_IF_BITS = 0x45;
    static final int RETURN = 0x06;

    /** SKF_AD_OFF + SKF_AD_PKTTYPE: PACKET_* of the frame. */
    static final int PACKET_TYPE = -0x1000 + 4;

    /**
     * PACKET_OTHERHOST, linux/if_packet.h: not for this host. The kernel also gives it to what has
     * the tag of a VLAN that the interface is not in, and drops the tag before it is seen here
     * (__netif_receive_skb_core in net/core/dev.c); its own ARP takes no such frame (arp_rcv in
     * net/ipv4/arp.c). Those of VLAN 0, which have a priority alone, are as if they had no tag.
     */
    static final int PACKET_OTHERHOST = 3;

    /** How much of a frame is handed over. */
    private static final int LARGEST_FRAME = 256;

    private static final int INSTRUCTION = 8;
    private static final int MIX = 31;

    /** So many are compared one after another at the end of the search. */
    private static final int LEAF = 16;

    /**
     * Passes ARP requests and replies for IPv4 over Ethernet whose sender has one of these
     * addresses.
     */
    static PacketFilter ofArpSenders(List<byte[]> addresses) {
        Assembly assembly = new Assembly();
        assembly.rejectForeignAndGroupSources();
        assembly.require(LOAD_WORD, EthernetHeader.LENGTH, 0x0001_0800);
        assembly.require(LOAD_HALF, EthernetHeader.LENGTH + 4, 0x0604);
        assembly.load(LOAD_HALF, EthernetHeader.LENGTH + 6);
        assembly.add(JUMP_IF_EQUAL, 2, 0, ArpPacket.REQUEST);
        assembly.add(JUMP_IF_EQUAL, 1, 0, ArpPacket.REPLY);
        assembly.reject();
        assembly.load(LOAD_WORD, EthernetHeader.LENGTH + 14);
        assembly.search(addresses.stream().mapToInt(PacketFilter::key).toArray());
        return new PacketFilter(assembly.instructions);
    }

    /**
     * Passes neighbour advertisements with a hop limit of 255 whose target is one of these
     * addresses, and rarely one whose target merely has the same key.
     */
    static PacketFilter ofAdvertisedTargets(List<byte[]> addresses) {
        int message = EthernetHeader.LENGTH + Ipv6Header.LENGTH;
        Assembly assembly = new Assembly();
        assembly.rejectForeignAndGroupSources();
        assembly.require(LOAD_HALF, EthernetHeader.LENGTH + 6, 58 << 8 | Ipv6Header.HOP_LIMIT);
        assembly.require(LOAD_BYTE, message, NeighborAdvertisement.TYPE);
        for (int offset = 0; offset < Ipv6Header.ADDRESS_LENGTH; offset += Integer.BYTES) {
            assembly.load(LOAD_WORD, message + NeighborAdvertisement.TARGET + offset);
            if (offset > 0) {
                assembly.add(ADD_X, 0, 0, 0);
            }
            if (offset < Ipv6Header.ADDRESS_LENGTH - Integer.BYTES) {
                assembly.add(MULTIPLY, 0, 0, MIX);
                assembly.add(COPY_TO_X, 0, 0, 0);
            }
        }
        assembly.search(addresses.stream().mapToInt(PacketFilter::key).toArray());
        return new PacketFilter(assembly.instructions);
    }

    /** Passes all that is received: for more addresses than a program can hold. */
    static PacketFilter ofEverything() {
        return new PacketFilter(List.of(new Instruction(RETURN, 0, 0, LARGEST_FRAME)));
    }

    /** The array of {@code struct sock_filter}, in memory that setsockopt(2) can read. */
    NativeBuffer encode(LibC libC) {
        NativeBuffer buffer = libC.allocate(instructions.size() * INSTRUCTION);
        for (Instruction instruction : instructions) {
            buffer.bytes()
                    .putShort((short) instruction.code())
                    .put((byte) instruction.ifTrue())
                    .put((byte) instruction.ifFalse())
                    .putInt(instruction.k());
        }
        return buffer;
    }

    /** An IPv4 address as a number; for an IPv6 address a number made of its four. */
    static int key(byte[] address) {
        ByteBuffer words = ByteBuffer.wrap(address);
        int key = words.getInt();
        while (words.hasRemaining()) {
            key = key * MIX + words.getInt();
        }
        return key;
    }

    /** Writes a program down, one instruction after another. */
    private static final class Assembly {
        private final List<Instruction> instructions = new ArrayList<>();

        void add(int code, int ifTrue, int ifFalse, int k) {
            instructions.add(new Instruction(code, ifTrue, ifFalse, k));
        }

        void load(int code, int offset) {
            add(code, 0, 0, offset);
        }

        void reject() {
            add(RETURN, 0, 0, 0);
        }

        /** Rejects unless that place of the frame has that value. */
        void require(int load, int offset, int value) {
            load(load, offset);
            add(JUMP_IF_EQUAL, 1, 0, value);
            reject();
        }

        /** PACKET_OUTGOING, 4, is a frame of this host on its way out. */
        void rejectForeignAndGroupSources() {
            load(LOAD_BYTE, PACKET_TYPE);
            add(JUMP_IF_AT_LEAST, 0, 1, PACKET_OTHERHOST);
            reject();
            load(LOAD_BYTE, HardwareAddress.LENGTH);
            add(JUMP_IF_BITS, 0, 1, 1);
            reject();
        }

        /** Passes the frame when the accumulator is one of these numbers, else rejects it. */
        void search(int[] keys) {
            int[] sorted =
                    Arrays.stream(keys)
                            .mapToLong(Integer::toUnsignedLong)
                            .sorted()
                            .distinct()
                            .mapToInt(key -> (int) key)
                            .toArray();
            search(sorted, 0, sorted.length);
        }

        private void search(int[] sorted, int from, int to) {
            if (to - from <= LEAF) {
                for (int i = from; i < to; i++) {
                    add(JUMP_IF_EQUAL, to - i, 0, sorted[i]);
                }
                reject();
                add(RETURN, 0, 0, LARGEST_FRAME);
                return;
            }
            int middle = (from + to) >>> 1;
            add(JUMP_IF_AT_LEAST, 0, 1, sorted[middle]);
            int jump = instructions.size();
            add(JUMP, 0, 0, 0);
            search(sorted, from, middle);
            int distance = instructions.size() - jump - 1;
            instructions.set(jump, new Instruction(JUMP, 0, 0, distance));
            search(sorted, middle, to);
        }
    }
}
