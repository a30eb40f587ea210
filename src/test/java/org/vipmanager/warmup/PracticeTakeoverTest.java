package org.vipmanager.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.BootClock;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.ForwardingLibC;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.RecordedLog;

import java.io.IOException;
import java.net.InetAddress;

/** A takeover that changes nothing, by the parts that do the real ones. */
final class PracticeTakeoverTest {

    private static final Trigger TRIGGER = new Trigger("/service/db/leader", "pg1");

    /** No socket, nothing to send through. */
    private static final class NoSockets extends ForwardingLibC {
        NoSockets(LibC libC) {
            super(libC);
        }

        @Override
        public int socket(int domain, int type, int protocol) {
            throw new AssertionError("a socket is opened");
        }
    }

    /** A log of every event tells it like a real one, and another log nothing. */
    @ParameterizedTest
    @CsvSource({"10.0.0.99, 24", "fd00::99, 64"})
    void addsAnnouncesAndRemoves_withoutASocket(String literal, int prefixLength)
            throws IOException {
        LibC libC = new NoSockets(new FfmLibC());
        VirtualIp vip = new VirtualIp(InetAddress.ofLiteral(literal), prefixLength, "eth0");
        String address = literal + "/" + prefixLength + " on practice";
        try (PracticeTakeover takeover =
                PracticeTakeover.open(new BootClock(libC), libC, vip, TRIGGER, Rules.DEFAULT)) {
            for (int i = 0; i < 3; i++) {
                try (RecordedLog log = RecordedLog.verbose("org.vipmanager")) {
                    takeover.play();
                    assertThat(log.lines())
                            .containsSubsequence(
                                    "kernel: " + address + " appeared, valid for 1 s",
                                    "announced " + address + " at 02:00:00:00:00:00",
                                    "kernel: " + address + " is gone");
                }
                try (RecordedLog log = RecordedLog.of("org.vipmanager")) {
                    takeover.play();
                    assertThat(log.lines()).isEmpty();
                }
            }
        }
    }
}
