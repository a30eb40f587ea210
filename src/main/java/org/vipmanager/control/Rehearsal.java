package org.vipmanager.control;

import org.vipmanager.core.Claim;
import org.vipmanager.core.Event;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniMember;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * Plays a takeover and a release through the real controller and decision, with ports that do
 * nothing.
 *
 * <p>The first failover is the one that counts, and the JVM loads a class and links a switch when
 * it is first used: 20 to 80 ms of them lie on this way. So it is gone once before the DCS is
 * asked.
 */
public final class Rehearsal {

    private static final long LEASE = 1;

    private Rehearsal() {}

    /**
     * Changes nothing.
     *
     * @param words makes a sentence of each reason, and tells nobody
     */
    public static void play(
            VirtualIp vip, Trigger trigger, Rules rules, TimeSource time, Journal words) {
        VipController.Ports ports =
                new VipController.Ports(
                        new StillLoop(time),
                        new SilentSource(),
                        new EmptyTable(time),
                        new MuteAnnouncer(),
                        words);
        VipController controller = new VipController(vip, trigger, rules, ports);
        controller.heed(Optional.of(new Witness(new MutePatroni(time), "", trigger)));
        Moment now = time.now();
        Optional<String> ours = Optional.of(trigger.value());
        Sighting other = sighting(trigger, Optional.of("another"), Sighting.Origin.READ, 1, now);
        Sighting leader = sighting(trigger, ours, Sighting.Origin.EVENT, 2, now);
        Sighting confirmed = sighting(trigger, ours, Sighting.Origin.READ, 3, now);
        Sighting gone = sighting(trigger, Optional.empty(), Sighting.Origin.EVENT, 4, now);
        LeaseProof.weigh(
                new LeaseProof.Question(confirmed, now),
                new LeaseProof.Answer(LEASE, rules.addressLifetime(), rules.addressLifetime(), 0),
                now,
                confirmed,
                0);
        VipFleet fleet = new VipFleet(new SilentSource(), new DeafClaims(), List.of(controller));
        fleet.start();
        fleet.seen(other);
        fleet.seen(leader);
        fleet.proved(new LeaseProof(trigger.key(), 2, LEASE, now.plus(rules.policyTrust())));
        fleet.seen(confirmed);
        controller.accept(new Event.Tick());
        controller.accept(new Event.AddressGone());
        fleet.seen(gone);
        fleet.stop(false);
        words.tell(vip, trigger, new Reason.LeaderIsOther("another"));
    }

    private static Sighting sighting(
            Trigger trigger,
            Optional<String> value,
            Sighting.Origin origin,
            long revision,
            Moment now) {
        long lease = value.isPresent() ? LEASE : 0;
        return new Sighting(
                trigger.key(),
                value,
                origin,
                new Revision(0, revision),
                Math.min(revision, 2),
                lease,
                now,
                now);
    }

    /** Nothing waits on it and nothing runs on it. */
    private record StillLoop(TimeSource time) implements Loop {
        @Override
        public Moment now() {
            return time.now();
        }

        @Override
        public long monotonicNanos() {
            return time.monotonicNanos();
        }

        @Override
        public void execute(Runnable task) {}

        @Override
        public Alarm at(Moment due, Runnable task) {
            return () -> {};
        }

        @Override
        public double chance() {
            return 0;
        }
    }

    private record SilentSource() implements LeaderSource {
        @Override
        public void start(Collection<Trigger> triggers, Listener listener) {}

        @Override
        public void follow(Collection<Trigger> triggers) {}

        @Override
        public void readNow() {}

        @Override
        public void restart() {}

        @Override
        public void close() {}
    }

    /** Says that everything worked. */
    private record EmptyTable(TimeSource time) implements AddressTable {
        @Override
        public CompletionStage<PutResult> put(VirtualIp vip, KernelLifetime lifetime) {
            Moment now = time.now();
            int seconds = lifetime.secondsAt(now.nanos());
            return CompletableFuture.completedFuture(
                    seconds < 1
                            ? new PutResult.TooLate(Duration.ZERO)
                            : new PutResult.Done(now, seconds, now, true, Duration.ZERO));
        }

        @Override
        public CompletionStage<Optional<String>> remove(VirtualIp vip) {
            return CompletableFuture.completedFuture(Optional.empty());
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
        public void rehearse(VirtualIp vip) {}

        @Override
        public void close() {}
    }

    private record MuteAnnouncer() implements Announcer {
        @Override
        public void announce(VirtualIp vip) {}

        @Override
        public void probe(VirtualIp vip) {}

        @Override
        public void rehearse(VirtualIp vip) {}

        @Override
        public void close() {}
    }

    private record DeafClaims() implements ClaimSource {
        @Override
        public void listen(Collection<VirtualIp> vips, BiConsumer<VirtualIp, Claim> listener) {}

        @Override
        public void discardBacklog() {}

        @Override
        public void close() {}
    }

    private record MutePatroni(TimeSource time) implements PatroniProbe {
        @Override
        public CompletionStage<Reply> ask() {
            return CompletableFuture.completedFuture(
                    new Reply(
                            PatroniMember.UNKNOWN,
                            new PatroniAnswer(time.now(), 0, PatroniAnswer.Failsafe.NONE)));
        }

        @Override
        public void close() {}
    }
}
