package org.vipmanager.posix;

/**
 * The functions of the C library that this program calls, shaped as in C.
 *
 * <p>Each returns what the function returns, or the negative errno where C returns -1 and sets
 * errno (as the kernel's own system calls do), so that an expected error costs no exception. {@link
 * NativeSocket} turns errors into exceptions. Safe for use by any thread. None of them is
 * interrupted by {@link Thread#interrupt}.
 */
public interface LibC {

    /** Memory for the functions below, filled with zeros. */
    NativeBuffer allocate(int size);

    /** socket(2): the new descriptor. */
    int socket(int domain, int type, int protocol);

    /** bind(2) to the address that the whole buffer is: 0. */
    int bind(int descriptor, NativeBuffer address);

    /** connect(2) to the address that the whole buffer is: 0. */
    int connect(int descriptor, NativeBuffer address);

    /** listen(2): 0. */
    int listen(int descriptor, int backlog);

    /** accept4(2), without the peer's address: the new descriptor. */
    int accept(int descriptor, int flags);

    /** getsockopt(2): 0. The value is at 4 in {@code lengthAndValue}, behind its length at 0. */
    int getsockopt(int descriptor, int level, int option, NativeBuffer lengthAndValue);

    /** setsockopt(2) with the whole buffer: 0. */
    int setsockopt(int descriptor, int level, int option, NativeBuffer value);

    /** send(2): the number of bytes sent. */
    int send(int descriptor, NativeBuffer buffer, int length, int flags);

    /** sendto(2) the address that the whole second buffer is: the number of bytes sent. */
    int sendto(int descriptor, NativeBuffer buffer, int length, int flags, NativeBuffer address);

    /**
     * recv(2) into the whole buffer: the number of bytes, with {@code MSG_TRUNC} of the whole
     * datagram.
     */
    int recv(int descriptor, NativeBuffer buffer, int flags);

    /**
     * recvfrom(2) into the whole buffer: the number of bytes. The sender's address is at 4 in
     * {@code lengthAndAddress}, behind its length at 0.
     */
    int recvfrom(int descriptor, NativeBuffer buffer, int flags, NativeBuffer lengthAndAddress);

    /** write(2): the number of bytes written. */
    int write(int descriptor, NativeBuffer buffer, int length);

    /** ioctl(2) with a pointer: usually 0. */
    int ioctl(int descriptor, long request, NativeBuffer argument);

    /** poll(2): the number of descriptors that are ready; 0 when the time is over. */
    int poll(NativeBuffer descriptors, int count, int timeoutMillis);

    /** eventfd(2): the new descriptor. */
    int eventfd(int initialValue, int flags);

    /** close(2): 0. */
    int close(int descriptor);

    /** kill(2), of a process group with its negative number: 0. */
    int kill(int process, int signal);

    /** prctl(2) with one argument: usually 0. It concerns the calling thread. */
    int prctl(int option, long argument);

    /** mlock2(2): 0. */
    int mlock2(long address, long length, int flags);

    /**
     * clock_gettime(2): nanoseconds of that clock. Allocates nothing after a thread's first call.
     */
    long clockGettime(int clock);
}
