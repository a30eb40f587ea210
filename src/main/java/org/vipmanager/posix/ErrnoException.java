package org.vipmanager.posix;

import java.io.IOException;

/** A C function failed: which one, with which arguments, and the errno's name and text. */
public final class ErrnoException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * @param call the function with its arguments, such as {@code socket(16, 3, 0)}
     * @param errno what it set errno to, positive
     */
    public ErrnoException(String call, int errno) {
        super(call + ": " + Errno.of(errno));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
