package org.vipmanager.warmup;

import org.vipmanager.arp.PacketAnnouncer;
import org.vipmanager.control.ConnectionReset;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.control.NoNetwork;
import org.vipmanager.control.PatroniProbe;
import org.vipmanager.control.TimeSource;
import org.vipmanager.control.VipController;
import org.vipmanager.control.VipFleet;
import org.vipmanager.control.Witness;
import org.vipmanager.core.Event;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniMember;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.NetlinkAddressTable;
import org.vipmanager.posix.LibC;
import org.vipmanager.report.ReasonText;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A takeover and a release by the real controller, address table and announcer, over a {@link
 * PracticeKernel}. Used on the loop.
 */
final class PracticeTakeover implements AutoCloseable {

    private static final long LEASE = 1;

    private final VirtualIp vip;
    private final Trigger trigger;
    private final Rules rules;
    private final PracticeLoop loop;
    private final NetlinkAddressTable addresses;
    private final PacketAnnouncer announcer;

    private PracticeTakeover(
            VirtualIp vip, Trigger trigger, Rules rules, PracticeLoop loop, LibC kernel)
            throws IOException {
        this.vip = vip;
        this.trigger = trigger;
        this.rules = rules;
        this.loop = loop;
        announcer = PacketAnnouncer.open(kernel);
        try {
            addresses = NetlinkAddressTable.open(loop, kernel);
        } catch (IOException e) {
            announcer.close();
            throw e;
        }
    }

    /**
     * @param like the address on an interface of its own that there is not
     */
    static PracticeTakeover open(
            TimeSource time, LibC libC, VirtualIp like, Trigger trigger, Rules rules)
            throws IOException {
        VirtualIp vip =
                new VirtualIp(like.address(), like.prefixLength(), PracticeKernel.INTERFACE);
        PracticeLoop loop = new PracticeLoop(time, new ArrayDeque<>());
        return new PracticeTakeover(vip, trigger, rules, loop, new PracticeKernel(libC));
    }

    /** Changes nothing and tells nobody. */
    void play() {
        VipController.Ports ports =
                new VipController.Ports(
                        loop,
                        LeaderSource.SILENT,
                        addresses,
                        announcer,
                        ConnectionReset.NONE,
                        PracticeTakeover::putInWords);
        VipController controller = new VipController(vip, trigger, rules, ports);
        controller.heed(Optional.of(new Witness(new MutePatroni(loop), "", trigger)));
        VipFleet fleet = new VipFleet(LeaderSource.SILENT, new NoNetwork(), List.of(controller));
        Moment now = loop.now();
        Optional<String> ours = Optional.of(trigger.value());
        Sighting confirmed = sighting(ours, Sighting.Origin.READ, 3, now);
        LeaseProof.weigh(
                new LeaseProof.Question(confirmed, now),
                new LeaseProof.Answer(LEASE, rules.addressLifetime(), rules.addressLifetime(), 0),
                now,
                confirmed,
                0);
        fleet.start();
        loop.run();
        fleet.seen(sighting(Optional.of("another"), Sighting.Origin.READ, 1, now));
        fleet.seen(sighting(ours, Sighting.Origin.EVENT, 2, now));
        loop.run();
        fleet.proved(new LeaseProof(trigger.key(), 2, LEASE, now.plus(rules.policyTrust())));
        fleet.seen(confirmed);
        controller.accept(new Event.Tick());
        controller.accept(new Event.AddressGone());
        loop.run();
        fleet.seen(sighting(Optional.empty(), Sighting.Origin.EVENT, 4, now));
        fleet.stop(false);
        loop.run();
    }

    private static void putInWords(VirtualIp vip, Trigger trigger, Reason reason) {
        ReasonText.level(reason);
        new ReasonText(vip, trigger).of(reason);
    }

    private Sighting sighting(
            Optional<String> value, Sighting.Origin origin, long revision, Moment now) {
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

    @Override
    public void close() {
        addresses.close();
        announcer.close();
    }

    /** Runs what is due at once when it is told to, and forgets what is due later. */
    private record PracticeLoop(TimeSource clock, Deque<Runnable> tasks) implements Loop.OnClock {
        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public Alarm at(Moment due, Runnable task) {
            return () -> {};
        }

        @Override
        public double chance() {
            return 0;
        }

        void run() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
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
