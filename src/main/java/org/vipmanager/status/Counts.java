package org.vipmanager.status;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.DcsAnswer;
import org.vipmanager.control.Journal;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.provider.RequestCounts;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts for the metrics what happens to each address, since they were first wanted. Lives on the
 * loop. There are no more of them than addresses are configured and kinds of reasons.
 */
public final class Counts implements Journal {

    /** To and from this host. */
    public enum Direction {
        TAKEOVER,
        RELEASE
    }

    /**
     * Of one address.
     *
     * @param transitions how often it came or went, by the kind of reason
     */
    public record OfAddress(
            VirtualIp vip,
            Map<Transition, Long> transitions,
            long announced,
            long refused,
            long conflicts,
            long restored) {}

    /** A kind of coming or going. */
    public record Transition(Direction direction, String reason) {}

    private final TimeSource time;
    private final Map<VirtualIp, Running> byAddress = new LinkedHashMap<>();
    private final Durations takeovers = new Durations();
    private final Durations releases = new Durations();
    private final Durations reads = new Durations();
    private long failedReads;

    /** They are wanted from when a configuration was read that wants them. */
    private MetricCounts.Reload lastReload = new MetricCounts.Reload(true, Instant.now());

    public Counts(TimeSource time) {
        this.time = time;
    }

    @Override
    public void tell(VirtualIp vip, Trigger trigger, Reason reason) {
        Running running = running(vip);
        switch (reason) {
            case Reason.Release release -> running.release = release;
            case Reason.Defended _ -> running.conflict();
            case Reason.Restored(int times) -> running.restored(times);
            default -> {}
        }
    }

    @Override
    public void changed(VirtualIp vip, VipState state) {
        if (state.phase() instanceof Phase.Stopped) {
            byAddress.remove(vip);
            return;
        }
        Running running = running(vip);
        boolean wasHeld = running.isHeld;
        switch (state.phase()) {
            case Phase.Holding holding -> {
                running.countAnnouncements(holding);
                if (!wasHeld && holding.isPlaced()) {
                    running.isHeld = true;
                    running.count(Direction.TAKEOVER, "TookOver");
                    note(takeovers, state);
                }
            }
            default -> {
                if (wasHeld) {
                    running.isHeld = false;
                    Reason why = running.release;
                    running.count(
                            Direction.RELEASE, why == null ? "StoppingKept" : ToldReason.name(why));
                    noteRelease(running.release, state);
                }
                running.announced(0, 0, Moment.LONG_AGO);
            }
        }
    }

    /** Only what an answer of the DCS has led to has a beginning. */
    private void noteRelease(@Nullable Reason release, VipState state) {
        if (release instanceof Reason.LeaderIsOther || release instanceof Reason.LeaderKeyGone) {
            note(releases, state);
        }
    }

    /** From the answer that said who leads until the kernel had done what followed from it. */
    private void note(Durations durations, VipState state) {
        state.leadership()
                .last()
                .map(Sighting::receivedAt)
                .ifPresent(since -> durations.add(since.until(time.now())));
    }

    /** An endpoint of the DCS has answered. Called on the loop. */
    public void answered(DcsAnswer answer) {
        reads.add(answer.took());
    }

    /** The DCS could not be read. Called on the loop. */
    public void failed() {
        failedReads++;
    }

    /** The configuration was read again, or could not be used. Called on the loop. */
    public void reloaded(boolean successful) {
        Instant lastSuccess = successful ? Instant.now() : lastReload.lastSuccess();
        lastReload = new MetricCounts.Reload(successful, lastSuccess);
    }

    /**
     * All of it. Called on the loop.
     *
     * @param requests to providers
     */
    public MetricCounts metrics(Map<RequestCounts.Kind, Long> requests) {
        return new MetricCounts(
                ofAddresses(),
                takeovers.histogram(),
                releases.histogram(),
                reads.histogram(),
                failedReads,
                lastReload,
                requests);
    }

    private List<OfAddress> ofAddresses() {
        return byAddress.entrySet().stream()
                .map(entry -> entry.getValue().counted(entry.getKey()))
                .toList();
    }

    private Running running(VirtualIp vip) {
        return byAddress.computeIfAbsent(vip, _ -> new Running());
    }

    private static final class Running {
        private final Map<Transition, Long> transitions = new HashMap<>();
        private @Nullable Reason release;
        private boolean isHeld;
        private long announced;
        private long refused;
        private long conflicts;
        private long restored;
        private Moment lastAnnouncedAt = Moment.LONG_AGO;
        private int refusals;
        private @Nullable OfAddress counted;

        void count(Direction direction, String reason) {
            counted = null;
            transitions.merge(new Transition(direction, reason), 1L, Long::sum);
        }

        void conflict() {
            counted = null;
            conflicts++;
        }

        void restored(int times) {
            counted = null;
            restored += times;
        }

        void countAnnouncements(Phase.Holding holding) {
            var schedule = holding.announcements();
            boolean isAnother = schedule.sent() > 0 && !schedule.lastAt().equals(lastAnnouncedAt);
            int failures = schedule.refusals().failures();
            if (isAnother || failures > refusals) {
                counted = null;
            }
            announced += isAnother ? 1 : 0;
            refused += Math.max(0, failures - refusals);
            announced(schedule.sent(), failures, schedule.lastAt());
        }

        void announced(int sent, int failures, Moment at) {
            refusals = failures;
            lastAnnouncedAt = sent == 0 ? Moment.LONG_AGO : at;
        }

        /** Made anew when something has changed, which is rare: the loop shall not copy much. */
        OfAddress counted(VirtualIp vip) {
            OfAddress known = counted;
            if (known == null) {
                known =
                        new OfAddress(
                                vip,
                                Map.copyOf(transitions),
                                announced,
                                refused,
                                conflicts,
                                restored);
                counted = known;
            }
            return known;
        }
    }
}
