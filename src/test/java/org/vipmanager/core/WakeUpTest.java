package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.OTHER;
import static org.vipmanager.core.MachineUnderTest.TRIGGER;
import static org.vipmanager.core.MachineUnderTest.US;
import static org.vipmanager.core.MachineUnderTest.VIP;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * In whatever state chance leads to: nothing is due before the time at which the decision wants to
 * be asked again, and then something is, or it wants to be asked later.
 */
final class WakeUpTest {

    private static final int WALKS = 600;
    private static final int STEPS = 60;
    private static final int MOST_TICKS_AT_ONCE = 10;
    private static final Duration LONG = Duration.ofMinutes(3);

    private static final Event TICK = new Event.Tick();

    @Test
    void noStateSleepsPastADuty_orIsBusyWithout() {
        for (long seed = 0; seed < WALKS; seed++) {
            new Walk(seed).go();
        }
    }

    private static final class Walk {
        private final long seed;
        private final SplittableRandom chance;
        private final Rules rules;
        private VipState state = VipState.atStart(MachineUnderTest.at(0));
        private Moment now = MachineUnderTest.at(0);
        private Moment wakeUp = now;
        private Event event = TICK;
        private long revision = 1;

        Walk(long seed) {
            this.seed = seed;
            chance = new SplittableRandom(seed);
            rules = chance.nextBoolean() ? Rules.DEFAULT : MachineUnderTest.withoutRefresh();
        }

        void go() {
            next(new Event.Seen(sighting(US, Sighting.Origin.READ)));
            for (int i = 0; i < STEPS; i++) {
                sleep();
                next(rolls(3) ? TICK : happening());
            }
        }

        private void next(Event happens) {
            event = happens;
            Step step = decide(event, now);
            state = step.state();
            wakeUp = step.wakeUp();
            sleepsPastNothing();
            isNotBusy();
        }

        private Step decide(Event about, Moment time) {
            return new Decision(VIP, TRIGGER, rules, state, time).about(about);
        }

        private void sleepsPastNothing() {
            Moment until = Moment.earlier(wakeUp, now.plus(LONG));
            long sleeps = now.until(until).toNanos();
            for (int i = 0; i < 4 && sleeps > 0; i++) {
                long part = i == 0 ? sleeps - 1 : chance.nextLong(sleeps);
                Moment early = now.plus(Duration.ofNanos(part));
                Step tick = decide(TICK, early);
                if (!gainsALittle(tick)) {
                    assertThat(tick.actions()).as("%s: done at %s", this, early).isEmpty();
                    assertThat(tick.reasons()).as("%s: told at %s", this, early).isEmpty();
                }
            }
        }

        /**
         * Without more trust than at the last renewal another gains less than a second, now and
         * then, because the kernel counts whole ones: done when the decision is asked, but nothing
         * to wake up for.
         */
        private boolean gainsALittle(Step tick) {
            return tick.state().phase() instanceof VipState.Phase.Holding after
                    && after.placement() instanceof Placement.Pending pending
                    && pending.before() instanceof Placement.Present present
                    && !now.isBefore(present.renewAt());
        }

        private void isNotBusy() {
            VipState asLeft = state;
            Moment time = Moment.later(now, wakeUp);
            Moment next = wakeUp;
            for (int ticks = 0; !next.equals(Moment.NEVER) && !next.isAfter(time); ticks++) {
                assertThat(ticks).as("%s: ticks", this).isLessThan(MOST_TICKS_AT_ONCE);
                Step tick = decide(TICK, time);
                next = tick.wakeUp();
                boolean acts = !tick.actions().isEmpty() || !tick.reasons().isEmpty();
                assertThat(acts || next.isAfter(time)).as("%s: idle", this).isTrue();
                state = tick.state();
            }
            state = asLeft;
        }

        private void sleep() {
            Moment until = Moment.earlier(wakeUp, now.plus(Duration.ofSeconds(5)));
            long most = Math.max(1, now.until(until).toNanos());
            now =
                    switch (chance.nextInt(4)) {
                        case 0 -> now;
                        case 1 -> now.plus(Duration.ofNanos(chance.nextLong(most)));
                        case 2 -> Moment.later(now, until).plus(upTo(2000));
                        default -> Moment.later(now, until);
                    };
        }

        private Event happening() {
            Moment sentAt = now.minus(upTo(1500));
            return switch (chance.nextInt(24)) {
                case 0, 1, 2, 3 -> new Event.Seen(sighting(US, Sighting.Origin.READ));
                case 4 -> new Event.Seen(sighting(US, Sighting.Origin.EVENT));
                case 5 -> new Event.Seen(sighting(OTHER, origin()));
                case 6, 7 -> new Event.LeaseProved(proof());
                case 8 -> new Event.DcsFailed("refused");
                case 9 -> new Event.PatroniAnswered(answer(sentAt));
                case 10, 11 ->
                        new Event.ClaimHeard(
                                new Claim(new HardwareAddress(2 + chance.nextInt(3)), now));
                case 12, 13, 14 -> new Event.PutEnded(done());
                case 15 -> new Event.PutEnded(new PutResult.Failed("no memory"));
                case 16 -> new Event.PutEnded(new PutResult.TooLate(upTo(500)));
                case 17 -> new Event.AddressGone();
                case 18 -> new Event.AddressGoneWithLink();
                case 19 -> new Event.LinkChanged(new LinkChange.CarrierReturned());
                case 20 -> MachineUnderTest.appeared(upTo(30_000));
                case 21 -> new Event.AnnouncementRefused();
                case 22 -> new Event.RemoveFailed("busy");
                default -> rare();
            };
        }

        private Event rare() {
            return switch (chance.nextInt(6)) {
                case 0 -> new Event.Woke();
                case 1 -> new Event.KernelWasBusy();
                case 2 -> new Event.SourceReplaced();
                case 3 -> new Event.AddressReturned();
                case 4 -> MachineUnderTest.appearedForEver();
                default -> new Event.StopRequested(chance.nextBoolean());
            };
        }

        private Sighting sighting(String leader, Sighting.Origin origin) {
            revision += chance.nextInt(2);
            return new Sighting(
                    TRIGGER.key(),
                    rolls(10) ? Optional.empty() : Optional.of(leader),
                    origin,
                    new Revision(1, rolls(20) ? revision - 1 : revision),
                    revision / 4,
                    lease(),
                    now.minus(upTo(1500)),
                    now);
        }

        private LeaseProof proof() {
            Optional<Sighting> last = state.leadership().last();
            long leaseId = last.map(Sighting::leaseId).orElse(0L);
            long written = last.map(Sighting::modRevision).orElse(0L);
            return new LeaseProof(TRIGGER.key(), written, leaseId, now.plus(upTo(15_000)));
        }

        private PatroniAnswer answer(Moment sentAt) {
            List<PatroniAnswer.Failsafe> modes = List.of(PatroniAnswer.Failsafe.values());
            int status = rolls(4) ? 503 : 200;
            return new PatroniAnswer(sentAt, status, modes.get(chance.nextInt(modes.size())));
        }

        private PutResult done() {
            Moment computedAt = now.minus(rolls(8) ? upTo(900) : upTo(5));
            int seconds = 1 + chance.nextInt(10);
            return new PutResult.Done(computedAt, seconds, now, rolls(3), upTo(600));
        }

        private Sighting.Origin origin() {
            return chance.nextBoolean() ? Sighting.Origin.READ : Sighting.Origin.EVENT;
        }

        /** Seldom another than most of the walk. */
        private long lease() {
            return rolls(10) ? 6 : seed % 2 == 0 ? 5 : 0;
        }

        private boolean rolls(int oneIn) {
            return chance.nextInt(oneIn) == 0;
        }

        private Duration upTo(int millis) {
            return Duration.ofMillis(chance.nextInt(millis));
        }

        @Override
        public String toString() {
            return "walk %d, after %s at %s, asleep until %s, in %s"
                    .formatted(seed, event, now, wakeUp, state);
        }
    }
}
