package org.vipmanager.netlink.reset;

import org.vipmanager.netlink.protocol.Attributes;
import org.vipmanager.netlink.protocol.NetlinkMessage;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Messages about the TCP sockets of this host, sock_diag(7).
 *
 * <pre>
 * struct inet_diag_req_v2 (linux/inet_diag.h):   struct inet_diag_msg:
 *  0  u8  sdiag_family                            0  u8  idiag_family
 *  1  u8  sdiag_protocol                          1  u8  idiag_state
 *  2  u8  idiag_ext                               2  u8  idiag_timer
 *  3  u8  padding                                 3  u8  idiag_retrans
 *  4  u32 idiag_states                            4  struct inet_diag_sockid id
 *  8  struct inet_diag_sockid id                 52  counters
 *
 * struct inet_diag_sockid, 48 bytes:
 *  0  be16 sport, be16 dport
 *  4  be32 src[4]          of IPv4 the first alone
 * 20  be32 dst[4]
 * 36  u32  interface
 * 40  u32  cookie[2]       of this one socket, and of none after it
 * </pre>
 */
final class SocketMessage {

    /** linux/sock_diag.h. */
    static final int SOCK_DIAG_BY_FAMILY = 20;

    static final int SOCK_DESTROY = 21;

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    private static final int IPPROTO_TCP = 6;

    /**
     * Established, SYN sent, FIN wait 1 and 2, close wait, last ACK, closing, by their numbers in
     * net/tcp_states.h: neither those that listen, nor what is left of those that have ended.
     */
    private static final int CONNECTED =
            1 << 1 | 1 << 2 | 1 << 4 | 1 << 5 | 1 << 8 | 1 << 9 | 1 << 11;

    /** linux/inet_diag.h. */
    private static final int INET_DIAG_REQ_BYTECODE = 1;

    private static final int INET_DIAG_BC_S_COND = 7;
    private static final int ANY_PORT = -1;
    private static final int OPERATION_AND_CONDITION = 4 + 8;

    private static final int ID = 48;
    private static final int ID_IN_ANSWER = 4;
    private static final int SOURCE_IN_ID = 4;
    private static final byte[] MAPPED_PREFIX = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private SocketMessage() {}

    /**
     * Asks for the connected sockets of a family with this local address. The kernel looks for it
     * by a program of one instruction, so that the others cost little; an IPv4 address is also
     * found as that of an IPv6 socket (::ffff:a.b.c.d).
     */
    static void encodeQuestion(ByteBuffer buffer, int family, InetAddress local) {
        byte[] address = local.getAddress();
        request(buffer, family, CONNECTED).put(new byte[ID]);
        int program = OPERATION_AND_CONDITION + address.length;
        buffer.putShort((short) (Attributes.HEADER + program));
        buffer.putShort((short) INET_DIAG_REQ_BYTECODE);
        // struct inet_diag_bc_op: where to go on, by yes at the end, by no behind it.
        buffer.put((byte) INET_DIAG_BC_S_COND).put((byte) program).putShort((short) (program + 4));
        // struct inet_diag_hostcond
        buffer.put((byte) (local instanceof Inet4Address ? AF_INET : AF_INET6));
        buffer.put((byte) (Byte.SIZE * address.length)).putShort((short) 0);
        buffer.putInt(ANY_PORT).put(address);
    }

    /** Asks to end the socket that an answer tells of, and no other. */
    static void encodeEnd(ByteBuffer buffer, ByteBuffer answer) {
        request(buffer, answer.get(0), CONNECTED).put(answer.slice(ID_IN_ANSWER, ID));
    }

    /** The same for one that there cannot be: without ports, and with a cookie of its own. */
    static void encodeEndOfNone(ByteBuffer buffer) {
        request(buffer, AF_INET, CONNECTED).put(new byte[ID - 8]).putLong(1);
    }

    private static ByteBuffer request(ByteBuffer buffer, int family, int states) {
        return buffer.put((byte) family).put((byte) IPPROTO_TCP).putShort((short) 0).putInt(states);
    }

    /** Whether an answer tells of a socket with exactly this local address. */
    static boolean isFrom(InetAddress local, ByteBuffer answer) {
        if (answer.limit() < ID_IN_ANSWER + ID) {
            return false;
        }
        byte[] wanted = local.getAddress();
        byte[] source = new byte[16];
        answer.get(ID_IN_ANSWER + SOURCE_IN_ID, source);
        if (answer.get(0) == AF_INET) {
            return Arrays.equals(wanted, Arrays.copyOf(source, 4));
        }
        boolean mapped = Arrays.equals(MAPPED_PREFIX, Arrays.copyOf(source, MAPPED_PREFIX.length));
        return Arrays.equals(
                wanted, mapped ? Arrays.copyOfRange(source, MAPPED_PREFIX.length, 16) : source);
    }

    /** The room for one request to end a socket, with its header. */
    static int endLength() {
        return NetlinkMessage.HEADER + 8 + ID;
    }
}
