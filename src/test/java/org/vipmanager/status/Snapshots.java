package org.vipmanager.status;

import org.vipmanager.control.DcsAnswer;
import org.vipmanager.core.Decision;
import org.vipmanager.core.Event;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.report.Condition;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a daemon could tell. */
public final class Snapshots {

    static final Trigger TRIGGER = new Trigger("/service/db/leader", "pg1");
    private static final Moment NOW = new Moment(Duration.ofHours(1).toNanos());
    public static final StatusDocument.Daemon DAEMON =
            new StatusDocument.Daemon(
                    "1.0.0", "host1", 4711, Instant.parse("2026-11-29T08:00:00Z"));

    private Snapshots() {}

    /** Half a second after the key was read, which had this value. */
    public static StatusSnapshot ofAddresses(int count, String leader) {
        List<AddressStatus> all =
                IntStream.range(0, count).mapToObj(i -> address(i, leader)).toList();
        URI endpoint = URI.create("http://127.0.0.1:2379");
        return new StatusSnapshot(
                Instant.parse("2026-11-29T09:00:00Z"),
                NOW,
                new StatusSnapshot.Dcs("etcd", List.of(endpoint), Duration.ofSeconds(3)),
                Optional.of(DcsAnswer.of(endpoint, NOW.minus(Duration.ofMillis(3)), NOW)),
                all,
                List.of(),
                all.stream().limit(50).flatMap(each -> each.last().stream()).toList(),
                Map.of("notify_failed", 1L),
                Optional.empty());
    }

    /** The same with other endpoints configured. */
    public static StatusSnapshot with(StatusSnapshot snapshot, List<URI> endpoints) {
        StatusSnapshot.Dcs dcs = snapshot.dcs();
        return new StatusSnapshot(
                snapshot.time(),
                snapshot.now(),
                new StatusSnapshot.Dcs(dcs.type(), endpoints, dcs.silentAfter()),
                snapshot.answer(),
                snapshot.addresses(),
                snapshot.routed(),
                snapshot.events(),
                snapshot.counters(),
                snapshot.counts());
    }

    /** The same while nothing has happened for so long. */
    public static StatusSnapshot later(StatusSnapshot snapshot, Duration time) {
        return new StatusSnapshot(
                snapshot.time().plus(time),
                snapshot.now().plus(time.minusMillis(500)),
                snapshot.dcs(),
                snapshot.answer(),
                snapshot.addresses(),
                snapshot.routed(),
                snapshot.events(),
                snapshot.counters(),
                snapshot.counts());
    }

    private static AddressStatus address(int number, String leader) {
        String text = "10.0.%d.%d".formatted(number / 250, 1 + number % 250);
        VirtualIp vip = new VirtualIp(InetAddress.ofLiteral(text), 16, "eth0");
        Moment readAt = NOW.minus(Duration.ofMillis(500));
        Sighting read =
                new Sighting(
                        TRIGGER.key(),
                        Optional.of(leader),
                        Sighting.Origin.READ,
                        new Revision(1, 7),
                        7,
                        0,
                        readAt,
                        readAt);
        VipState seen = after(vip, VipState.atStart(readAt), new Event.Seen(read), readAt);
        boolean leads = leader.equals(TRIGGER.value());
        PutResult done = new PutResult.Done(readAt, 2, readAt, true, Duration.ZERO);
        VipState state = leads ? after(vip, seen, new Event.PutEnded(done), readAt) : seen;
        Reason reason = leads ? new Reason.TookOver(leader) : new Reason.StandingBy(leader);
        return new AddressStatus(
                vip,
                TRIGGER,
                state,
                Condition.of(state),
                readAt,
                Optional.of(
                        new ToldReason(
                                Instant.parse("2026-11-29T08:59:59.5Z"), vip, TRIGGER, reason)));
    }

    private static VipState after(VirtualIp vip, VipState state, Event event, Moment at) {
        return new Decision(vip, TRIGGER, Rules.DEFAULT, state, at).about(event).state();
    }
}
