package org.vipmanager.posix;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The address of a socket on this host, unix(7).
 *
 * <pre>
 * struct sockaddr_un (linux/un.h):
 *  0  u16       family   AF_UNIX 1
 *  2  108 bytes path, or a zero byte and a name that is not in the file system
 * </pre>
 */
public final class UnixAddress {

    public static final int AF_UNIX = 1;
    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;

    private static final int PATH = 2;

    /** Of a path with the zero byte behind it. */
    private static final int LONGEST_PATH = 108;

    private UnixAddress() {}

    /**
     * The address as the C library takes it.
     *
     * @param path a file, or {@code @} and a name that is in no file system
     * @return empty where there is no such address
     */
    public static Optional<NativeBuffer> of(LibC libC, String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        boolean isUsable = path.startsWith("/") || path.startsWith("@");
        if (!isUsable || bytes.length >= LONGEST_PATH) {
            return Optional.empty();
        }
        if (bytes[0] == '@') {
            bytes[0] = 0;
        }
        NativeBuffer buffer = libC.allocate(PATH + bytes.length);
        buffer.bytes().putShort(0, (short) AF_UNIX).put(PATH, bytes);
        return Optional.of(buffer);
    }
}
