package org.vipmanager.netlink.reset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.BootClock;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.RecordedLog;

import java.net.InetAddress;
import java.time.Duration;

/** What it does on a kernel that cannot do it; {@link ConnectionResetLiveIT} has one that can. */
@Timeout(60)
final class NetlinkConnectionResetTest {

    private static final VirtualIp VIP =
            new VirtualIp(InetAddress.ofLiteral("192.0.2.1"), 24, "eth0");

    private static final Duration LONG = Duration.ofSeconds(40);

    private final BootClock clock = new BootClock(new FfmLibC());

    @ParameterizedTest
    @EnumSource
    void kernelThatCannot_isOneLine_andNoRemovalWaits(KernelWithoutReset.Lack lack) {
        KernelWithoutReset kernel = new KernelWithoutReset(lack);
        try (RecordedLog log = RecordedLog.of("org.vipmanager.netlink")) {
            NetlinkConnectionReset reset = NetlinkConnectionReset.prepare(clock, kernel);
            for (int i = 0; i < 10; i++) {
                reset.begin(VIP, clock.now().plus(LONG)); // also before it is known
            }
            await().until(() -> !log.lines().isEmpty());
            int asked = kernel.sockets.get();
            for (int i = 0; i < 10; i++) {
                reset.begin(VIP, clock.now().plus(LONG));
                reset.spare(VIP);
            }

            assertThat(kernel.sockets).as("asked no more").hasValue(asked);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("reset-connections has no effect", lack.error())
                    .contains("CONFIG_INET_DIAG_DESTROY");
        }
    }
}
