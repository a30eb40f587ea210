package org.vipmanager.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Decision;
import org.vipmanager.core.Event;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

final class StatusLineTest {

    private static final Trigger TRIGGER = new Trigger("/service/db/leader", "pg1");
    private static final Moment START = new Moment(0);

    private final StatusLine status = new StatusLine();
    private final One first = new One("10.0.0.9");
    private final One second = new One("10.0.0.10");

    @Test
    void beforeTheFirstAnswer() {
        assertThat(status).hasToString("the DCS has not answered yet");
        first.next(new Event.Tick(), 0);
        assertThat(status).hasToString("the DCS has not answered yet");
    }

    @Test
    void oneAddress() {
        first.leads("pg2", 0);
        assertThat(status).hasToString("standing by");
        first.leads("pg1", 1);
        assertThat(status)
                .hasToString("leading, but 10.0.0.9/24 on eth0 cannot be added: see the log");
        first.next(new Event.PutEnded(put(1, 2)), 1);
        assertThat(status).hasToString("holding 10.0.0.9/24 on eth0");
    }

    @Test
    void silentDcs() {
        first.leads("pg1", 0);
        first.next(new Event.PutEnded(put(0, 7)), 0);
        assertThat(first.next(new Event.Tick(), 3000)).isTrue();
        assertThat(status).hasToString("holding 10.0.0.9/24 on eth0; the DCS does not answer");
    }

    @Test
    void severalAddresses() {
        first.leads("pg1", 0);
        first.next(new Event.PutEnded(put(0, 7)), 0);
        second.leads("pg1", 0);
        assertThat(status)
                .hasToString(
                        "holding 1 of 2 addresses; leading, but 1 of 2 addresses cannot be added:"
                                + " see the log");
        assertThat(second.next(new Event.Tick(), 1)).as("nothing new").isFalse();
        second.next(new Event.Unconfigured(), 2);
        assertThat(status).hasToString("holding 10.0.0.9/24 on eth0");
        second.next(new Event.Tick(), 3);
        assertThat(status).as("no more").hasToString("holding 10.0.0.9/24 on eth0");
    }

    private static Moment at(long millis) {
        return START.plus(Duration.ofMillis(millis));
    }

    private final class One {
        private final VirtualIp vip;
        private VipState state = VipState.atStart(START);

        One(String address) {
            vip = new VirtualIp(InetAddress.ofLiteral(address), 24, "eth0");
        }

        boolean next(Event event, long millis) {
            state =
                    new Decision(vip, TRIGGER, Rules.DEFAULT, state, at(millis))
                            .about(event)
                            .state();
            return status.note(vip, state);
        }

        void leads(String who, long millis) {
            Sighting read =
                    new Sighting(
                            TRIGGER.key(),
                            Optional.of(who),
                            Sighting.Origin.READ,
                            new Revision(1, 1 + millis),
                            1 + millis,
                            0,
                            at(millis),
                            at(millis));
            next(new Event.Seen(read), millis);
        }
    }

    private static PutResult put(long millis, int seconds) {
        return new PutResult.Done(at(millis), seconds, at(millis), true, Duration.ZERO);
    }
}
