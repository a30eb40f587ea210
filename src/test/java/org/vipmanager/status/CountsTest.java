package org.vipmanager.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.DcsAnswer;
import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.Decision;
import org.vipmanager.core.Event;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Step;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

final class CountsTest {

    private static final VirtualIp VIP =
            new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 24, "eth0");

    private final FakeLoop loop = new FakeLoop();
    private final Counts counts = new Counts(loop);
    private VipState state = VipState.atStart(loop.now());

    @Test
    void takeoversAndReleases() {
        for (int i = 0; i < 3; i++) {
            leads("pg1");
            leads("pg2");
        }
        leads("pg1");
        next(new Event.AddressGone());
        next(new Event.PutEnded(new PutResult.Done(now(), 2, now(), true, Duration.ZERO)));
        next(new Event.AnnouncementRefused());

        Counts.OfAddress address = counts.metrics(Map.of()).addresses().getFirst();
        assertThat(address.transitions())
                .isEqualTo(
                        Map.of(
                                new Counts.Transition(Counts.Direction.TAKEOVER, "TookOver"),
                                4L,
                                new Counts.Transition(Counts.Direction.RELEASE, "LeaderIsOther"),
                                3L));
        assertThat(address.restored()).isEqualTo(1);
        assertThat(address.announced()).isBetween(5L, 6L);
        assertThat(address.refused()).isEqualTo(1);
        assertThat(total(counts.metrics(Map.of()).takeovers())).isEqualTo(4);
        assertThat(total(counts.metrics(Map.of()).releases())).isEqualTo(3);
        assertThat(counts.metrics(Map.of()).takeovers().sum()).isBetween(0.02, 0.08);
    }

    @Test
    void addressThatStopped_isForgotten() {
        leads("pg1");
        next(new Event.Unconfigured());

        assertThat(counts.metrics(Map.of()).addresses()).isEmpty();
    }

    @Test
    void buckets() {
        for (int millis : new int[] {0, 1, 3, 20_000}) {
            counts.answered(
                    DcsAnswer.of(
                            URI.create("http://127.0.0.1"),
                            now().minus(Duration.ofMillis(millis)),
                            now()));
        }
        Durations.Histogram reads = counts.metrics(Map.of()).reads();
        assertThat(reads.counts()[0]).isEqualTo(1);
        assertThat(reads.counts()[1]).isEqualTo(1);
        assertThat(reads.counts()[3]).isEqualTo(1);
        assertThat(reads.counts()[reads.bounds().length]).isEqualTo(1);
        assertThat(reads.sum()).isEqualTo(20.004);
    }

    private static long total(Durations.Histogram histogram) {
        return Arrays.stream(histogram.counts()).sum();
    }

    private Moment now() {
        return loop.now();
    }

    private void next(Event event) {
        loop.advance(Duration.ofMillis(10));
        Step step = new Decision(VIP, Snapshots.TRIGGER, Rules.DEFAULT, state, now()).about(event);
        state = step.state();
        step.reasons().forEach(reason -> counts.tell(VIP, Snapshots.TRIGGER, reason));
        counts.changed(VIP, state);
    }

    private void leads(String who) {
        Sighting read =
                new Sighting(
                        Snapshots.TRIGGER.key(),
                        Optional.of(who),
                        Sighting.Origin.READ,
                        new Revision(1, now().nanos()),
                        now().nanos(),
                        0,
                        now(),
                        now());
        next(new Event.Seen(read));
        if (who.equals("pg1")) {
            next(new Event.PutEnded(new PutResult.Done(now(), 2, now(), true, Duration.ZERO)));
        }
    }
}
