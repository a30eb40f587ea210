package org.vipmanager.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Listens inside a host to its kernel's own notifications about interfaces: RTNLGRP_LINK. */
final class LinkWatch implements AutoCloseable {

    private static final int RTMGRP_LINK = 1;
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int IFLA_IFNAME = 3;
    private static final int IFF_UP = 0x1;
    private static final int IFF_LOWER_UP = 0x10000;
    private static final int HEADER = 16;
    private static final int LINK_MESSAGE = 16;

    private final List<LinkEvent> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch listening = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closed;

    LinkWatch(Host host) throws InterruptedException {
        thread = host.namespace().start("link watch", this::listen);
        listening.await();
    }

    /** The first time since then at which the interface could carry frames; -1 for never. */
    long firstReady(String name, long sinceNanos) {
        return events.stream()
                .filter(event -> event.name().equals(name) && event.ready())
                .mapToLong(LinkEvent::atNanos)
                .filter(at -> at >= sinceNanos)
                .findFirst()
                .orElse(-1);
    }

    /**
     * The last time before then at which it could carry frames, having been unable; -1 for never.
     */
    long lastUpAgain(String name, long beforeNanos) {
        long at = -1;
        boolean wasReady = true;
        for (LinkEvent event : events) {
            if (event.name().equals(name) && event.atNanos() < beforeNanos) {
                at = event.ready() && !wasReady ? event.atNanos() : at;
                wasReady = event.ready();
            }
        }
        return at;
    }

    private void listen() {
        Kernel.measureInRealTime();
        int socket = Kernel.openRouteNetlink(RTMGRP_LINK);
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

    /** struct nlmsghdr (length, type), struct ifinfomsg (family, flags at 8), then attributes. */
    private void read(long atNanos, byte[] bytes) {
        ByteBuffer messages = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int start = 0;
        while (start + HEADER + LINK_MESSAGE <= bytes.length) {
            int length = messages.getInt(start);
            int type = messages.getShort(start + 4);
            boolean isLink = messages.get(start + HEADER) == 0;
            if (isLink && (type == RTM_NEWLINK || type == RTM_DELLINK)) {
                int flags = messages.getInt(start + HEADER + 8);
                boolean up = (flags & IFF_UP) != 0 && (flags & IFF_LOWER_UP) != 0;
                String name = name(messages, start + HEADER + LINK_MESSAGE, start + length);
                events.add(new LinkEvent(atNanos, name, type == RTM_NEWLINK && up));
            }
            start += align(length);
        }
    }

    private static String name(ByteBuffer message, int from, int to) {
        for (int at = from; at + 4 <= to; at += align(message.getShort(at) & 0xffff)) {
            int length = message.getShort(at) & 0xffff;
            if (message.getShort(at + 2) == IFLA_IFNAME) {
                byte[] text = new byte[length - 5];
                message.get(at + 4, text);
                return new String(text, StandardCharsets.US_ASCII);
            }
        }
        return "";
    }

    private static int align(int length) {
        return (length + 3) & ~3;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
