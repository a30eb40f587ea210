package org.vipmanager.posix;

/** The C library, with places to step in. */
public class ForwardingLibC implements LibC {

    private final LibC libC;

    public ForwardingLibC(LibC libC) {
        this.libC = libC;
    }

    @Override
    public NativeBuffer allocate(int size) {
        return libC.allocate(size);
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return libC.socket(domain, type, protocol);
    }

    @Override
    public int bind(int descriptor, NativeBuffer address) {
        return libC.bind(descriptor, address);
    }

    @Override
    public int listen(int descriptor, int backlog) {
        return libC.listen(descriptor, backlog);
    }

    @Override
    public int accept(int descriptor, int flags) {
        return libC.accept(descriptor, flags);
    }

    @Override
    public int getsockopt(int descriptor, int level, int option, NativeBuffer lengthAndValue) {
        return libC.getsockopt(descriptor, level, option, lengthAndValue);
    }

    @Override
    public int connect(int descriptor, NativeBuffer address) {
        return libC.connect(descriptor, address);
    }

    @Override
    public int setsockopt(int descriptor, int level, int option, NativeBuffer value) {
        return libC.setsockopt(descriptor, level, option, value);
    }

    @Override
    public int send(int descriptor, NativeBuffer buffer, int length, int flags) {
        return libC.send(descriptor, buffer, length, flags);
    }

    @Override
    public int sendto(
            int descriptor, NativeBuffer buffer, int length, int flags, NativeBuffer address) {
        return libC.sendto(descriptor, buffer, length, flags, address);
    }

    @Override
    public int recv(int descriptor, NativeBuffer buffer, int flags) {
        return libC.recv(descriptor, buffer, flags);
    }

    @Override
    public int recvfrom(
            int descriptor, NativeBuffer buffer, int flags, NativeBuffer lengthAndAddress) {
        return libC.recvfrom(descriptor, buffer, flags, lengthAndAddress);
    }

    @Override
    public int write(int descriptor, NativeBuffer buffer, int length) {
        return libC.write(descriptor, buffer, length);
    }

    @Override
    public int ioctl(int descriptor, long request, NativeBuffer argument) {
        return libC.ioctl(descriptor, request, argument);
    }

    @Override
    public int poll(NativeBuffer descriptors, int count, int timeoutMillis) {
        return libC.poll(descriptors, count, timeoutMillis);
    }

    @Override
    public int eventfd(int initialValue, int flags) {
        return libC.eventfd(initialValue, flags);
    }

    @Override
    public int close(int descriptor) {
        return libC.close(descriptor);
    }

    @Override
    public int kill(int process, int signal) {
        return libC.kill(process, signal);
    }

    @Override
    public int prctl(int option, long argument) {
        return libC.prctl(option, argument);
    }

    @Override
    public int mlock2(long address, long length, int flags) {
        return libC.mlock2(address, length, flags);
    }

    @Override
    public long clockGettime(int clock) {
        return libC.clockGettime(clock);
    }
}
