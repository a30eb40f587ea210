package org.vipmanager.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The C library itself, without rights. */
final class PosixTest {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;

    private final LibC libC = new FfmLibC();

    @Test
    void clocks_runInNanoseconds() {
        BootClock clock = new BootClock(libC);
        long before = clock.nowNanos();
        long after = clock.now().nanos();
        assertThat(after).isBetween(before, before + TimeUnit.SECONDS.toNanos(10));
        assertThat(clock.monotonicNanos()).isLessThanOrEqualTo(clock.nowNanos());
        assertThatThrownBy(() -> libC.clockGettime(4711)).hasMessageContaining("EINVAL");
    }

    /** Only what is a file's; the first refusal is told, and ends nothing. */
    @Test
    void mappedFiles_areKeptInMemory() {
        List<String> asked = new ArrayList<>();
        LibC few =
                new ForwardingLibC(libC) {
                    @Override
                    public int mlock2(long address, long length, int flags) {
                        asked.add("%x %x %d".formatted(address, length, flags));
                        return address == 0x2000 ? -Errno.ENOMEM : 0;
                    }
                };
        MappedFiles.Outcome outcome =
                MappedFiles.keep(
                        few,
                        List.of(
                                "1000-2000 r--p 00000000 fe:00 4711   /usr/lib/a file.so",
                                "2000-4000 r-xp 00001000 fe:00 4711   /usr/lib/a file.so",
                                "5000-6000 rw-p 00000000 00:00 0 ",
                                "7000-8000 rw-p 00000000 00:00 0      [heap]",
                                "7fffffffe000-7ffffffff000 r--p 00000000 fe:00 12 /b",
                                "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]"));
        assertThat(asked).containsExactly("1000 1000 1", "2000 2000 1", "7fffffffe000 1000 1");
        assertThat(outcome.bytes()).isEqualTo(0x2000);
        assertThat(outcome.failure()).contains(Errno.of(Errno.ENOMEM));
    }

    /** Of this JVM, within the limit that anybody has, or none of it. */
    @Test
    void mappedFiles_ofThisProcess() throws IOException {
        MappedFiles.Outcome outcome = MappedFiles.keep(libC);
        assertThat(outcome.bytes() > 0 || outcome.failure().isPresent()).isTrue();
        Set<Integer> refusals = Set.of(Errno.ENOMEM, Errno.EPERM, Errno.EAGAIN);
        assertThat(outcome.failure().map(Errno::number))
                .matches(number -> number.isEmpty() || refusals.contains(number.get()));
    }

    @Test
    void errors_areNegativeErrnos_onEveryThread() {
        for (int i = 0; i < 4; i++) {
            int closed = CompletableFuture.supplyAsync(() -> libC.close(-1)).join();
            assertThat(closed).isEqualTo(-Errno.EBADF);
        }
    }

    @Test
    void failedCall_saysWhatWasCalledAndWhy() {
        assertThatThrownBy(() -> NativeSocket.open(libC, 4711, 1, 0))
                .isInstanceOf(ErrnoException.class)
                .hasMessage(
                        "socket(4711, 0x1, 0): EAFNOSUPPORT (Address family not supported by"
                                + " protocol)");
    }

    @Test
    void socketWithNothingToRead_saysSo() throws Exception {
        try (NativeSocket socket =
                NativeSocket.open(libC, AF_UNIX, SOCK_DGRAM | NativeSocket.NONBLOCK, 0)) {
            assertThat(socket.receive(libC.allocate(16), 0)).isEqualTo(-Errno.EAGAIN);
        }
    }

    @Test
    void poll_endsWhenWoken() throws Exception {
        try (NativeSocket socket = NativeSocket.open(libC, AF_UNIX, SOCK_DGRAM, 0);
                WakeablePoll poll = new WakeablePoll(libC, socket.descriptor())) {
            CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(poll::awaitReadable);
            assertThat(waiting).isNotDone();
            poll.wake();
            assertThat(waiting.get(5, TimeUnit.SECONDS)).isFalse();
            assertThat(poll.awaitReadable()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "19, ENODEV (No such device)",
        "11, EAGAIN (Resource temporarily unavailable)",
        "35, EDEADLK (Resource deadlock avoided)",
        "95, EOPNOTSUPP (Operation not supported)",
        "133, EHWPOISON (Memory page has hardware error)",
        "41, errno 41",
        "4711, errno 4711",
        "0, errno 0"
    })
    void errno_hasNameAndText(int number, String text) {
        assertThat(Errno.of(number)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "000001ffffffffff | '' | ''",
                "0000000000003000 | '' | ''",
                "0000000000001000 | CAP_NET_RAW | announce addresses and hear who else claims them",
                "0000000000002000 | CAP_NET_ADMIN | change addresses",
                "0000000000000000 | CAP_NET_ADMIN and CAP_NET_RAW"
                        + " | change addresses, nor announce addresses and hear who else claims them"
            })
    void missingCapabilities_areNamedInOneSentence(
            String effective, String missing, String forbidden) {
        List<String> status = List.of("Name:\tjava", "CapPrm:\tffff", "CapEff:\t" + effective);
        String expected =
                "this process may not "
                        + forbidden
                        + ": it lacks "
                        + missing
                        + "; run it as root, or give it both with AmbientCapabilities= in its"
                        + " systemd unit";
        assertThat(Capability.missing(status).orElse(""))
                .isEqualTo(missing.isEmpty() ? "" : expected);
    }
}
