package org.vipmanager.lab;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Listens inside a host to its kernel's own notifications about addresses: rtnetlink(7), groups
 * RTNLGRP_IPV4_IFADDR and RTNLGRP_IPV6_IFADDR. What it does not see nobody does: closing it fails
 * when it could not go on watching.
 */
final class AddressWatch implements AutoCloseable {

    private static final int RTMGRP_IPV4_IFADDR = 0x10;
    private static final int RTMGRP_IPV6_IFADDR = 0x100;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_CACHEINFO = 6;
    private static final int HEADER = 16;
    private static final int ADDRESS_MESSAGE = 8;

    private final Host host;
    private final Consumer<AddressEvent> listener;
    private final Thread thread;
    private final CountDownLatch listening = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    AddressWatch(Host host, Consumer<AddressEvent> listener) throws InterruptedException {
        this.host = host;
        this.listener = listener;
        this.thread = host.namespace().start("address watch", this::listen);
        listening.await();
    }

    private void listen() {
        try {
            listenUntilClosed();
        } catch (Throwable e) {
            failure = e;
        } finally {
            listening.countDown();
        }
    }

    private void listenUntilClosed() {
        Kernel.measureInRealTime();
        int socket = Kernel.openRouteNetlink(RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR);
        listening.countDown();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(32 << 10);
            while (!closed) {
                Kernel.receive(socket, buffer).ifPresent(bytes -> read(System.nanoTime(), bytes));
            }
        } finally {
            Kernel.close(socket);
        }
    }

    /**
     * struct nlmsghdr (length, type), struct ifaddrmsg (family, prefix length), then attributes.
     */
    private void read(long atNanos, byte[] bytes) {
        ByteBuffer messages = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int start = 0;
        while (start + HEADER + ADDRESS_MESSAGE <= bytes.length) {
            int length = messages.getInt(start);
            int type = messages.getShort(start + 4);
            if (type == RTM_NEWADDR || type == RTM_DELADDR) {
                int prefixLength = messages.get(start + HEADER + 1) & 0xff;
                ByteBuffer attributes =
                        messages.slice(
                                        start + HEADER + ADDRESS_MESSAGE,
                                        length - HEADER - ADDRESS_MESSAGE)
                                .order(ByteOrder.nativeOrder());
                listener.accept(event(atNanos, type == RTM_NEWADDR, prefixLength, attributes));
            }
            start += align(length);
        }
    }

    private AddressEvent event(
            long atNanos, boolean present, int prefixLength, ByteBuffer attributes) {
        byte[] address = {};
        long validSeconds = AddressEvent.FOREVER;
        while (attributes.remaining() >= 4) {
            int start = attributes.position();
            int length = attributes.getShort() & 0xffff;
            int type = attributes.getShort() & 0x3fff;
            if (type == IFA_LOCAL || (type == IFA_ADDRESS && address.length == 0)) {
                address = new byte[length - 4];
                attributes.get(address);
            } else if (type == IFA_CACHEINFO) {
                attributes.getInt();
                validSeconds = attributes.getInt() & 0xffff_ffffL;
            }
            attributes.position(Math.min(start + align(length), attributes.limit()));
        }
        try {
            String text = InetAddress.getByAddress(address).getHostAddress() + "/" + prefixLength;
            return new AddressEvent(atNanos, host.name(), text, present, validSeconds);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a notification without address", e);
        }
    }

    private static int align(int length) {
        return (length + 3) & ~3;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
        if (failure != null) {
            throw new IllegalStateException("nobody watched the addresses of " + host, failure);
        }
    }
}
