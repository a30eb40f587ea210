package org.vipmanager.posix;

import java.nio.ByteBuffer;

/**
 * Memory that C functions can read and write, made by {@link LibC#allocate}.
 *
 * <p>It lives as long as this object is reachable. Not safe for use by several threads at once.
 *
 * @param bytes the content, in the byte order of this machine
 * @param address where it lies
 */
public record NativeBuffer(ByteBuffer bytes, long address) {

    public int capacity() {
        return bytes.capacity();
    }
}
