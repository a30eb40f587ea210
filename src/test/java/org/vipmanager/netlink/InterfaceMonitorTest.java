package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.HardwareAddresses;
import org.vipmanager.netlink.protocol.Attributes;
import org.vipmanager.netlink.protocol.NetlinkMessage;
import org.vipmanager.netlink.protocol.RtnetlinkConnection;
import org.vipmanager.posix.CompliantSockets;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.NativeBuffer;
import org.vipmanager.posix.NativeSocket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;

/** What is known of this host's interfaces, from a kernel that a test writes. */
final class InterfaceMonitorTest {

    private final FakeLoop loop = new FakeLoop();
    private final Kernel kernel = new Kernel(loop);

    /** Has interfaces without addresses, and tells of no change; its sockets are eventfds. */
    private static final class Kernel extends CompliantSockets {
        final Set<Integer> interfaces = new TreeSet<>(Set.of(3, 4));
        boolean losesNotification;
        boolean losesOneMeanwhile;
        int lists;
        Duration listTakes = Duration.ZERO;

        private final FakeLoop loop;
        private final Queue<ByteBuffer> answers = new ArrayDeque<>();
        private int notified = -1;

        Kernel(FakeLoop loop) {
            this.loop = loop;
        }

        @Override
        public int socket(int domain, int type, int protocol) {
            int descriptor = eventfd(0, NativeSocket.NONBLOCK | NativeSocket.CLOEXEC);
            if ((type & NativeSocket.NONBLOCK) != 0) {
                notified = descriptor;
            }
            return descriptor;
        }

        @Override
        public int send(int descriptor, NativeBuffer buffer, int length, int flags) {
            int sequence = buffer.bytes().getInt(8);
            if (buffer.bytes().getShort(4) == NetlinkMessage.GET_LINK) {
                lists++;
                losesNotification |= losesOneMeanwhile;
                loop.pass(listTakes);
                interfaces.forEach(index -> answers.add(link(sequence, index)));
            }
            answers.add(message(NetlinkMessage.DONE, sequence));
            return length;
        }

        @Override
        public int recv(int descriptor, NativeBuffer buffer, int flags) {
            if (descriptor == notified) {
                boolean loses = losesNotification;
                losesNotification = false;
                return loses ? -Errno.ENOBUFS : -Errno.EAGAIN;
            }
            ByteBuffer answer = answers.remove();
            int length = NetlinkMessage.finish(answer);
            buffer.bytes().clear().put(answer.flip());
            return length;
        }

        /** struct ifinfomsg, and the attribute of its hardware address: rtnetlink(7). */
        private static ByteBuffer link(int sequence, int index) {
            ByteBuffer link = message(NetlinkMessage.NEW_LINK, sequence);
            link.putInt(0).putInt(index).putInt(0).putInt(0);
            ByteBuffer address = ByteBuffer.allocate(HardwareAddress.LENGTH);
            addressOf(index).encode(address);
            Attributes.put(link, 1, address.array());
            return link;
        }

        private static ByteBuffer message(int type, int sequence) {
            ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
            NetlinkMessage.begin(bytes, type, 0, sequence);
            return bytes;
        }
    }

    private static HardwareAddress addressOf(int index) {
        return HardwareAddresses.of("02:00:00:00:00:0" + index);
    }

    /** Its frames are a stranger's then, who may have taken the address. */
    @Test
    void interfaceWhoseEndWasLost_isForgottenAfterFiveMinutes() throws Exception {
        try (RtnetlinkConnection connection = new RtnetlinkConnection(kernel, loop);
                InterfaceMonitor monitor = monitor(connection)) {
            monitor.start();
            kernel.interfaces.remove(3);
            kernel.losesNotification = true;
            monitor.read();
            assertThat(monitor.isStale()).isFalse();
            assertThat(monitor.isOwn(addressOf(3))).isTrue();
            loop.advance(Duration.ofSeconds(301));

            assertThat(monitor.isOwn(addressOf(3))).isFalse();
            assertThat(monitor.isOwn(addressOf(4))).isTrue();
        }
    }

    /** Each list takes a while, and meanwhile notifications are lost again and again. */
    @Test
    void roundsThatTakeLong_areNotRepeatedAtOnce() throws Exception {
        try (RtnetlinkConnection connection = new RtnetlinkConnection(kernel, loop);
                InterfaceMonitor monitor = monitor(connection)) {
            monitor.start();
            kernel.lists = 0;
            kernel.listTakes = Duration.ofMillis(1100);
            kernel.losesNotification = true;
            kernel.losesOneMeanwhile = true;
            monitor.read();
            assertThat(kernel.lists).isEqualTo(1);
            assertThat(monitor.isStale()).isTrue();

            kernel.losesOneMeanwhile = false;
            loop.advance(Duration.ofSeconds(30));
            monitor.read();
            assertThat(monitor.isStale()).isFalse();
        }
    }

    private InterfaceMonitor monitor(RtnetlinkConnection connection) throws Exception {
        return new InterfaceMonitor(
                loop,
                kernel,
                new LinkService(connection),
                new AddressService(connection),
                new InterfaceTable(),
                change -> {},
                () -> {});
    }
}
