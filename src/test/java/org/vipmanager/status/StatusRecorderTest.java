package org.vipmanager.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.LinkChange;
import org.vipmanager.core.Reason;
import org.vipmanager.core.VirtualIp;

import java.net.InetAddress;

final class StatusRecorderTest {

    private final FakeLoop loop = new FakeLoop();
    private final StatusRecorder recorder = new StatusRecorder(loop);

    @Test
    void remembersTheLastFifty() {
        for (int i = 0; i < 120; i++) {
            recorder.tell(vip(1), Snapshots.TRIGGER, new Reason.StandingBy("pg" + i));
        }

        assertThat(recorder.events()).hasSize(50);
        assertThat(recorder.events().getFirst().text()).contains("\"pg70\"");
        assertThat(recorder.events().getLast().text()).contains("\"pg119\"");
    }

    @Test
    void whatBecomesOfAnInterface_isOneEventOfAllItsAddresses() {
        for (int i = 1; i < 100; i++) {
            recorder.tell(
                    vip(i), Snapshots.TRIGGER, new Reason.InterfaceLost(new LinkChange.SetDown()));
        }
        recorder.tell(vip(1), Snapshots.TRIGGER, new Reason.InterfaceReady(new LinkChange.SetUp()));

        assertThat(recorder.events())
                .extracting(ToldReason::name)
                .containsExactly("InterfaceLost", "InterfaceReady");
    }

    @Test
    void reasonBehindATrouble_hasItsOwnName() {
        recorder.tell(
                vip(1),
                Snapshots.TRIGGER,
                new Reason.AfterTrouble(new Reason.YieldedTo("02:00:00:00:00:01"), "refused"));

        assertThat(recorder.events().getFirst().name()).isEqualTo("YieldedTo");
    }

    private static VirtualIp vip(int number) {
        return new VirtualIp(InetAddress.ofLiteral("10.0.0." + number), 24, "eth0");
    }
}
