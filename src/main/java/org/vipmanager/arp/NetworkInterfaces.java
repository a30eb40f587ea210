package org.vipmanager.arp;

import org.vipmanager.core.HardwareAddress;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What an interface is at this moment, asked from the kernel by name: it may have been created
 * again or got another hardware address since. What {@code netlink} knows is a message late, and a
 * frame with yesterday's address would lead everybody astray. Costs three microseconds.
 *
 * <pre>
 * struct ifreq (linux/if.h), netdevice(7):
 *  0  16 bytes name
 * 16  s32 index, or s16 flags, or struct sockaddr: u16 hardware type, 6 bytes address
 * </pre>
 */
final class NetworkInterfaces {

    private static final int IFREQ = 40;
    private static final int LONGEST_NAME = 15;
    private static final int VALUE = 16;

    /** linux/sockios.h. */
    private static final int SIOCGIFFLAGS = 0x8913;

    private static final int SIOCGIFHWADDR = 0x8927;
    private static final int SIOCGIFINDEX = 0x8933;

    /** linux/if.h, linux/if_arp.h. */
    private static final int IFF_LOOPBACK = 0x8;

    private static final int IFF_NOARP = 0x80;
    private static final int ARPHRD_ETHER = 1;

    private final UnaryOperator<String> shortNames;
    private final NativeSocket socket;
    private final NativeBuffer request;

    /** An interface on which stations have hardware addresses and ask for each other's. */
    record Ethernet(int index, HardwareAddress hardwareAddress) {}

    NetworkInterfaces(LibC libC, NativeSocket socket) {
        this(libC, socket, UnaryOperator.identity());
    }

    /**
     * @param shortNames what an interface is called in 15 bytes, for names that are longer than
     *     these calls take
     */
    NetworkInterfaces(LibC libC, NativeSocket socket, UnaryOperator<String> shortNames) {
        this.shortNames = shortNames;
        this.socket = socket;
        request = libC.allocate(IFREQ);
    }

    /**
     * @return empty for an interface without ARP: loopback, a dummy, a tunnel
     * @throws ErrnoException ENODEV when there is none of that name
     */
    Optional<Ethernet> find(String name) throws ErrnoException {
        ByteBuffer bytes = request.bytes();
        ask(SIOCGIFFLAGS, "flags", name);
        if ((bytes.getShort(VALUE) & (IFF_LOOPBACK | IFF_NOARP)) != 0) {
            return Optional.empty();
        }
        ask(SIOCGIFHWADDR, "hardware address", name);
        if (bytes.getShort(VALUE) != ARPHRD_ETHER) {
            return Optional.empty();
        }
        ByteBuffer address = bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
        HardwareAddress hardwareAddress = HardwareAddress.at(address, VALUE + Short.BYTES);
        ask(SIOCGIFINDEX, "index", name);
        return hardwareAddress.isUnicast()
                ? Optional.of(new Ethernet(bytes.getInt(VALUE), hardwareAddress))
                : Optional.empty();
    }

    /** Whether the interface of that name is the one with that index now. */
    boolean hasIndex(String name, int index) {
        write(name);
        return socket.control(SIOCGIFINDEX, request) >= 0 && request.bytes().getInt(VALUE) == index;
    }

    private void ask(int question, String what, String name) throws ErrnoException {
        write(name);
        int result = socket.control(question, request);
        if (result < 0) {
            throw new ErrnoException("asking for the " + what + " of " + name, -result);
        }
    }

    private void write(String name) {
        byte[] text = shortNames.apply(name).getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = request.bytes();
        bytes.putLong(0, 0).putLong(8, 0);
        bytes.put(0, text, 0, Math.min(text.length, LONGEST_NAME));
    }
}
