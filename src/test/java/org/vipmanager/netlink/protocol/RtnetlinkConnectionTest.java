package org.vipmanager.netlink.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.posix.CompliantSockets;
import org.vipmanager.posix.Errno;
import org.vipmanager.posix.NativeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;

/** Answers that come late, in pieces or not at all, from a kernel that a test writes. */
final class RtnetlinkConnectionTest {

    private final FakeLoop loop = new FakeLoop();
    private final Kernel kernel = new Kernel();
    private final List<Duration> waits = new ArrayList<>();
    private RtnetlinkConnection connection;

    /** Each answer is made when it is asked for, from the sequence number of the last request. */
    private static final class Kernel extends CompliantSockets {
        final Queue<Function<Integer, byte[]>> answers = new ArrayDeque<>();
        final List<Integer> sent = new ArrayList<>();
        final Queue<Integer> refusals = new ArrayDeque<>();
        Runnable beforeAnswer = () -> {};

        void answers(Function<Integer, byte[]> answer) {
            answers.add(answer);
        }

        @Override
        public int socket(int domain, int type, int protocol) {
            return 4711;
        }

        @Override
        public int close(int descriptor) {
            return 0;
        }

        @Override
        public int send(int descriptor, NativeBuffer buffer, int length, int flags) {
            if (!refusals.isEmpty()) {
                return -refusals.remove();
            }
            sent.add(buffer.bytes().getInt(8));
            return length;
        }

        @Override
        public int recv(int descriptor, NativeBuffer buffer, int flags) {
            beforeAnswer.run();
            if (answers.isEmpty()) {
                return -Errno.EAGAIN;
            }
            byte[] bytes = answers.remove().apply(sent.getLast());
            buffer.bytes().clear().put(0, bytes, 0, Math.min(bytes.length, buffer.capacity()));
            return bytes.length;
        }
    }

    @BeforeEach
    void open() throws Exception {
        connection = new RtnetlinkConnection(kernel, loop, waits::add);
    }

    private static byte[] message(int type, int flags, int sequence, int... payload) {
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        NetlinkMessage.begin(bytes, type, flags, sequence);
        for (int word : payload) {
            bytes.putInt(word);
        }
        byte[] message = new byte[NetlinkMessage.finish(bytes)];
        bytes.get(0, message);
        return message;
    }

    private static byte[] acknowledgement(int sequence, int errno) {
        return message(NetlinkMessage.ERROR, 0, sequence, -errno, 0, 0, 0, 0);
    }

    private NetlinkMessage.Acknowledgement exchange() throws Exception {
        connection.begin(NetlinkMessage.NEW_ADDRESS, NetlinkMessage.ACKNOWLEDGE);
        return connection.exchange();
    }

    private List<Integer> dump() throws Exception {
        List<Integer> types = new ArrayList<>();
        connection.dump(NetlinkMessage.GET_LINK, question -> {}, m -> types.add(m.type()));
        return types;
    }

    @Test
    void leftoverOfARequestThatWasGivenUp_isThrownAway() throws Exception {
        assertThatThrownBy(this::exchange).hasMessageContaining("ETIMEDOUT");
        kernel.answers(sequence -> acknowledgement(sequence - 1, Errno.EPERM));
        kernel.answers(sequence -> acknowledgement(sequence, 0));
        assertThat(exchange().isSuccess()).isTrue();
    }

    @Test
    void interruptedCalls_areMadeAgain() throws Exception {
        kernel.refusals.add(Errno.EINTR);
        kernel.answers(sequence -> acknowledgement(sequence, Errno.EEXIST));
        assertThat(exchange().errno()).isEqualTo(Errno.EEXIST);
        assertThat(kernel.sent).hasSize(1);
    }

    @Test
    void whatTheKernelDoesNotTakeOrMakesNoSense_isAnError() {
        kernel.refusals.add(Errno.ENOBUFS);
        assertThatThrownBy(this::exchange).hasMessageContaining("ENOBUFS");
        kernel.answers(sequence -> new byte[20]);
        assertThatThrownBy(this::exchange).hasMessageContaining("makes no sense");
        kernel.answers(sequence -> new byte[(64 << 10) + 1]);
        assertThatThrownBy(this::exchange).hasMessageContaining("EMSGSIZE");
    }

    @Test
    void dump_endsWithItsLastMessage() throws Exception {
        kernel.answers(sequence -> message(NetlinkMessage.NEW_LINK, 0, sequence));
        kernel.answers(sequence -> message(NetlinkMessage.NEW_LINK, 0, sequence - 1));
        kernel.answers(sequence -> message(NetlinkMessage.DONE, 0, sequence, 0));
        assertThat(dump()).containsExactly(NetlinkMessage.NEW_LINK);
    }

    @Test
    void dumpThatIsInterrupted_isBegunAgain_fiveTimesInAll() throws Exception {
        for (int i = 0; i < 10; i++) {
            kernel.answers(
                    sequence ->
                            message(
                                    NetlinkMessage.DONE,
                                    NetlinkMessage.DUMP_INTERRUPTED,
                                    sequence,
                                    0));
        }
        dump();
        assertThat(kernel.sent).hasSize(5);
    }

    @Test
    void dumpThatIsRefused_isAnError() {
        kernel.answers(sequence -> acknowledgement(sequence, Errno.EBUSY));
        assertThatThrownBy(this::dump).hasMessageContaining("netlink dump 18: EBUSY");
    }

    @Test
    void waitForTheKernel_isCounted_andToldWhenItIsLong() throws Exception {
        kernel.answers(sequence -> acknowledgement(sequence, 0));
        exchange();
        assertThat(waits).isEmpty();
        kernel.beforeAnswer = () -> loop.pass(Duration.ofSeconds(2));
        kernel.answers(sequence -> acknowledgement(sequence, 0));
        exchange();
        assertThat(waits).containsExactly(Duration.ofSeconds(2));
        assertThat(connection.waited()).isEqualTo(Duration.ofSeconds(2));
    }
}
