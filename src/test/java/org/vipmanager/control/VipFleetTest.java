package org.vipmanager.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a kernel that refuses to remove an address leaves behind is known and told. */
final class VipFleetTest {

    private static final Trigger TRIGGER = new Trigger("/db/leader", "pg1");
    private static final VirtualIp VIP =
            new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 24, "eth0");

    private final FakeLoop loop = new FakeLoop();
    private final StubbornTable table = new StubbornTable();
    private final List<Reason> told = new ArrayList<>();
    private final VipController controller =
            new VipController(
                    VIP,
                    TRIGGER,
                    Rules.DEFAULT,
                    new VipController.Ports(
                            loop,
                            LeaderSource.SILENT,
                            table,
                            new NoNetwork(),
                            ConnectionReset.NONE,
                            (_, _, reason) -> told.add(reason)));
    private final VipFleet fleet =
            new VipFleet(LeaderSource.SILENT, new NoNetwork(), List.of(controller));

    @BeforeEach
    void lead() {
        fleet.start();
        loop.runReady();
        Moment now = loop.now();
        fleet.seen(
                new Sighting(
                        TRIGGER.key(),
                        Optional.of(TRIGGER.value()),
                        Sighting.Origin.READ,
                        new Revision(7, 1),
                        1,
                        0,
                        now,
                        now));
        loop.runReady();
        assertThat(table.isThere).isTrue();
    }

    @Test
    void stop_leavesNothing() {
        fleet.stop(false);
        loop.runReady();

        assertThat(table.isThere).isFalse();
        assertThat(fleet.leftBehind()).isEmpty();
    }

    @Test
    void stopThatCannotRemove_tellsSo_andNamesTheAddress() {
        table.refusals = 1000;
        fleet.stop(false);
        loop.runReady();

        assertThat(fleet.leftBehind()).containsExactly(VIP);
        assertThat(told.getLast()).isEqualTo(new Reason.LeftBehind("EBUSY"));
    }

    @Test
    void reloadThatCannotRemove_leavesItToTheStop() {
        table.refusals = 2;
        fleet.replace(List.of(controller), List.of());
        loop.runReady();
        assertThat(fleet.leftBehind()).containsExactly(VIP);

        fleet.stop(false);
        loop.runReady();
        assertThat(table.isThere).isFalse();
        assertThat(fleet.leftBehind()).isEmpty();
    }

    private final class StubbornTable implements AddressTable {
        private boolean isThere;
        private int refusals;

        @Override
        public CompletionStage<PutResult> put(VirtualIp vip, KernelLifetime lifetime) {
            isThere = true;
            return CompletableFuture.completedFuture(
                    new PutResult.Done(loop.now(), 5, loop.now(), true, Duration.ZERO));
        }

        @Override
        public CompletionStage<Optional<String>> remove(VirtualIp vip) {
            refusals--;
            isThere &= refusals >= 0;
            return CompletableFuture.completedFuture(
                    isThere ? Optional.of("EBUSY") : Optional.empty());
        }

        @Override
        public CompletionStage<Optional<FoundAddress>> find(VirtualIp vip) {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public void watch(VirtualIp vip, Listener listener) {}

        @Override
        public void unwatch(VirtualIp vip) {}

        @Override
        public void close() {}
    }
}
