package org.vipmanager.netlink.protocol;

import org.vipmanager.posix.Errno;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One message of a netlink datagram.
 *
 * <pre>
 * struct nlmsghdr (linux/netlink.h), in the byte order of the machine:
 *  0  u32 nlmsg_len    with this header, without the padding to 4 bytes behind it
 *  4  u16 nlmsg_type
 *  6  u16 nlmsg_flags
 *  8  u32 nlmsg_seq    of the request that this answers or results from
 * 12  u32 nlmsg_pid    the port of the socket that made that request, 0 for the kernel itself
 * 16  payload
 * </pre>
 *
 * @param payload what follows the header; position 0 is its first byte
 */
public record NetlinkMessage(int type, int flags, int sequence, int port, ByteBuffer payload) {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    public static final int HEADER = 16;

    /** linux/netlink.h. */
    public static final int ERROR = 2;

    public static final int DONE = 3;

    /** linux/rtnetlink.h. */
    public static final int NEW_LINK = 16;

    public static final int DELETE_LINK = 17;
    public static final int GET_LINK = 18;
    public static final int NEW_ADDRESS = 20;
    public static final int DELETE_ADDRESS = 21;
    public static final int GET_ADDRESS = 22;

    /** NLM_F_*, linux/netlink.h. */
    public static final int REQUEST = 0x1;

    public static final int ACKNOWLEDGE = 0x4;
    static final int DUMP_INTERRUPTED = 0x10;
    static final int CAPPED = 0x100;
    static final int ACKNOWLEDGE_ATTRIBUTES = 0x200;
    public static final int REPLACE = 0x100;
    public static final int EXCLUSIVE = 0x200;
    public static final int DUMP = 0x300;
    public static final int CREATE = 0x400;

    /** The payload as the parser reads it; empty when that refuses it, which is worth a line. */
    <T> Optional<T> parsed(Function<ByteBuffer, T> parser) {
        try {
            return Optional.of(parser.apply(payload));
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.DEBUG, "passed over a message of the kernel: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Writes the header of a request at the buffer's position; {@link #finish} completes it. */
    public static void begin(ByteBuffer buffer, int type, int flags, int sequence) {
        buffer.putInt(0).putShort((short) type).putShort((short) flags).putInt(sequence).putInt(0);
    }

    /** Writes the length of the message that began at 0 and ends at the buffer's position. */
    public static int finish(ByteBuffer buffer) {
        buffer.putInt(0, buffer.position());
        return buffer.position();
    }

    /**
     * Takes a datagram apart.
     *
     * @param datagram from position 0 to its limit; the payloads share its bytes
     * @throws IllegalArgumentException when a length leads beyond the datagram
     */
    public static List<NetlinkMessage> split(ByteBuffer datagram) {
        List<NetlinkMessage> messages = new ArrayList<>(1);
        int start = 0;
        while (datagram.limit() - start >= HEADER) {
            int length = datagram.getInt(start);
            if (length < HEADER || length > datagram.limit() - start) {
                throw new IllegalArgumentException(
                        "a netlink message of "
                                + Integer.toUnsignedString(length)
                                + " bytes at "
                                + start
                                + " of "
                                + datagram.limit());
            }
            messages.add(
                    new NetlinkMessage(
                            Short.toUnsignedInt(datagram.getShort(start + 4)),
                            Short.toUnsignedInt(datagram.getShort(start + 6)),
                            datagram.getInt(start + 8),
                            datagram.getInt(start + 12),
                            datagram.slice(start + HEADER, length - HEADER)
                                    .order(datagram.order())));
            start += Attributes.aligned(length);
        }
        return messages;
    }

    /**
     * The kernel's answer to a request.
     *
     * <pre>
     * struct nlmsgerr (linux/netlink.h), behind the message header:
     *  0  s32 error           0, or the negative errno
     *  4  struct nlmsghdr     of the request; its payload follows unless NLM_F_CAPPED
     *  20 attributes, with NLM_F_ACK_TLVS: NLMSGERR_ATTR_MSG (text)
     * </pre>
     *
     * @param errno 0 for success
     * @param explanation the extended acknowledgement's text; empty where the kernel has none
     */
    public record Acknowledgement(int errno, String explanation) {

        static final Acknowledgement SUCCESS = new Acknowledgement(0, "");

        private static final int FIXED_PART = 4 + HEADER;
        private static final int NLMSGERR_ATTR_MSG = 1;

        public boolean isSuccess() {
            return errno == 0;
        }

        /**
         * @param message of type NLMSG_ERROR
         * @throws IllegalArgumentException when it is too short
         */
        public static Acknowledgement parse(NetlinkMessage message) {
            ByteBuffer payload = message.payload();
            if (payload.limit() < FIXED_PART) {
                throw new IllegalArgumentException("an nlmsgerr of " + payload.limit() + " bytes");
            }
            int error = payload.getInt(0);
            if (error == 0) {
                return SUCCESS;
            }
            String explanation = "";
            if ((message.flags() & ACKNOWLEDGE_ATTRIBUTES) != 0) {
                boolean capped = (message.flags() & CAPPED) != 0;
                int request = capped ? HEADER : Math.max(0, payload.getInt(4));
                Attributes attributes = new Attributes(payload, 4 + Attributes.aligned(request));
                while (attributes.next()) {
                    if (attributes.type() == NLMSGERR_ATTR_MSG) {
                        explanation = attributes.text();
                    }
                }
            }
            return new Acknowledgement(-error, explanation);
        }

        /** For people: {@code ENODEV (No such device): Device not found}. */
        @Override
        public String toString() {
            if (isSuccess()) {
                return "acknowledged";
            }
            return Errno.of(errno) + (explanation.isEmpty() ? "" : ": " + explanation);
        }
    }
}
