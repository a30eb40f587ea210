package org.vipmanager.status;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Journal;
import org.vipmanager.control.TimeSource;
import org.vipmanager.control.VipController;
import org.vipmanager.control.VipFleet;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.report.Condition;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers what the state of an address does not tell: since when it is so, and what was decided
 * last. Lives on the loop, and costs it nothing that grows.
 */
public final class StatusRecorder implements Journal {

    private static final int MOST_EVENTS = 50;

    private final TimeSource time;
    private final Deque<ToldReason> events = new ArrayDeque<>(MOST_EVENTS);
    private final Map<VirtualIp, Known> known = new HashMap<>();

    public StatusRecorder(TimeSource time) {
        this.time = time;
    }

    @Override
    public void tell(VirtualIp vip, Trigger trigger, Reason reason) {
        ToldReason told = new ToldReason(Instant.now(), vip, trigger, reason);
        known(vip).last = told;
        if (ToldReason.concernsInterface(reason)
                && events.stream().anyMatch(event -> isTheSame(event, told))) {
            return;
        }
        if (events.size() == MOST_EVENTS) {
            events.removeFirst();
        }
        events.addLast(told);
    }

    /** Told by each of a thousand addresses it would leave no room for anything else. */
    private static boolean isTheSame(ToldReason event, ToldReason told) {
        return event.isTheSameOfItsInterface(told.vip(), told.reason())
                && !event.vip().equals(told.vip())
                && event.time().isAfter(told.time().minusSeconds(1));
    }

    @Override
    public void changed(VirtualIp vip, VipState state) {
        Condition now = Condition.of(state);
        if (now == Condition.STOPPED) {
            known.remove(vip);
            return;
        }
        Known about = known(vip);
        if (about.condition != now) {
            about.condition = now;
            about.since = time.now();
        }
    }

    /**
     * What there is to be told of all this now. Called on the loop.
     *
     * @param counters what others have counted, by name
     */
    public StatusSnapshot snapshot(
            StatusSnapshot.Dcs dcs,
            VipFleet fleet,
            List<RoutedStatus> routed,
            Map<String, Long> counters,
            Optional<MetricCounts> counts) {
        List<AddressStatus> addresses = fleet.controllers().stream().map(this::status).toList();
        return new StatusSnapshot(
                Instant.now(),
                time.now(),
                dcs,
                fleet.lastAnswer(),
                addresses,
                routed,
                events(),
                counters,
                counts);
    }

    List<ToldReason> events() {
        return List.copyOf(events);
    }

    private AddressStatus status(VipController controller) {
        Known about = known(controller.vip());
        return new AddressStatus(
                controller.vip(),
                controller.trigger(),
                controller.state(),
                Condition.of(controller.state()),
                about.since,
                Optional.ofNullable(about.last));
    }

    private Known known(VirtualIp vip) {
        return known.computeIfAbsent(vip, _ -> new Known(time.now()));
    }

    private static final class Known {
        private @Nullable Condition condition;
        private Moment since;
        private @Nullable ToldReason last;

        Known(Moment since) {
            this.since = since;
        }
    }
}
