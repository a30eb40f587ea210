package org.vipmanager.status;

import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.NativeSocket;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;

/**
 * Who is at the other end of a Unix socket, by the kernel's word: unix(7), {@code struct ucred}.
 *
 * @param user the user when it connected
 * @param groups all of its groups by number
 */
record Peer(int user, int... groups) {

    private static final int SO_PEERCRED = 17;

    /** Linux 4.13, include/uapi/asm-generic/socket.h. */
    private static final int SO_PEERGROUPS = 59;

    private static final int UCRED = 12;

    /** What linux/limits.h allows. */
    private static final int MOST_GROUPS = 65_536;

    private static final int USUAL_GROUPS = 64;

    static Peer of(NativeSocket connection) throws ErrnoException {
        ByteBuffer ucred = connection.option(NativeSocket.SOL_SOCKET, SO_PEERCRED, UCRED);
        int[] further = furtherGroups(connection);
        int[] groups = new int[further.length + 1];
        groups[0] = ucred.getInt(8);
        System.arraycopy(further, 0, groups, 1, further.length);
        return new Peer(ucred.getInt(4), groups);
    }

    private static int[] furtherGroups(NativeSocket connection) throws ErrnoException {
        IntBuffer numbers;
        try {
            numbers = groups(connection, USUAL_GROUPS);
        } catch (ErrnoException e) {
            numbers = groups(connection, MOST_GROUPS);
        }
        int[] groups = new int[numbers.remaining()];
        numbers.get(groups);
        return groups;
    }

    private static IntBuffer groups(NativeSocket connection, int most) throws ErrnoException {
        return connection
                .option(NativeSocket.SOL_SOCKET, SO_PEERGROUPS, most * Integer.BYTES)
                .asIntBuffer();
    }

    /** Root, the daemon's own user, and the socket's group. */
    boolean mayAsk(SocketFile.Owner owner) {
        if (user == 0 || user == owner.user()) {
            return true;
        }
        for (int group : groups) {
            if (group == owner.group()) {
                return true;
            }
        }
        return false;
    }
}
