package org.vipmanager.posix;

/** The C library, with sockets that take every option and address, and do nothing with them. */
public class CompliantSockets extends ForwardingLibC {

    public CompliantSockets() {
        super(new FfmLibC());
    }

    @Override
    public int setsockopt(int descriptor, int level, int option, NativeBuffer value) {
        return 0;
    }

    @Override
    public int bind(int descriptor, NativeBuffer address) {
        return 0;
    }

    @Override
    public int connect(int descriptor, NativeBuffer address) {
        return 0;
    }
}
