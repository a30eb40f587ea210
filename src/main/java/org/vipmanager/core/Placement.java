package org.vipmanager.core;

import java.time.Duration;
import java.util.Optional;

/** Where the address is, while it is held. */
public sealed interface Placement {

    /** Of putting the address: the kernel is asked by nobody else, so no jitter is needed. */
    RetryPolicy RETRIES = RetryPolicy.doubling(Duration.ofMillis(20), Duration.ofSeconds(1));

    /**
     * Until when the kernel was to keep it by the last put at least, so that it was others who
     * removed it before; {@link Moment#LONG_AGO} when there was none.
     */
    Moment givenUntil();

    /**
     * When the kernel removes it by itself, as far as is known; {@link Moment#LONG_AGO} where it is
     * not on the interface.
     */
    default Moment kernelEnd() {
        return switch (this) {
            case Present present -> present.kernelEnd;
            case Pending(Placement before, boolean _) -> before.kernelEnd();
            case Changed changed -> changed.givenUntil;
            case Wanted _, Refused _, WithoutLink _ -> Moment.LONG_AGO;
        };
    }

    /** On the interface, as far as is known; a renewal under way changes nothing about that. */
    default boolean isPlaced() {
        return this instanceof Present
                || this instanceof Pending(Placement _, boolean renewal) && renewal;
    }

    /** To be put, though it may be there: others have changed it, or a renewal failed. */
    sealed interface Missing extends Placement {

        /** When it is to be put; {@link Moment#NEVER} while nothing but an event can bring that. */
        Moment putAt();
    }

    /** Never put yet, or removed by others, or the interface is back. */
    record Wanted(Moment putAt, Moment givenUntil) implements Missing {}

    /** On the interface for as long as others please. */
    record Changed(Moment putAt, Moment givenUntil) implements Missing {

        /** What it was given, as far as that is not over; the kernel counts whole seconds. */
        Duration left(Moment now) {
            return Duration.ofSeconds(Math.max(1, now.until(givenUntil).toSeconds()));
        }
    }

    /**
     * The kernel has refused to put or renew it.
     *
     * @param failures how often in a row
     */
    record Refused(Backoff failures, Moment putAt, Moment givenUntil) implements Missing {

        private static final int PUTS_IN_A_MINUTE = 60;

        /**
         * Told when it fails again, 20 ms later, because who configures an interface anew forbids
         * IPv6 for a few milliseconds; and then once a minute.
         */
        boolean isToBeTold() {
            return failures.failures() % PUTS_IN_A_MINUTE == 2;
        }
    }

    /** Gone with its interface, whose return is an event. */
    record WithoutLink(Moment givenUntil) implements Missing {
        @Override
        public Moment putAt() {
            return Moment.NEVER;
        }
    }

    /**
     * Being put, or renewed.
     *
     * @param before where it was
     * @param renewal whether it was on the interface already, so that nothing has to be announced
     */
    record Pending(Placement before, boolean renewal) implements Placement {

        @Override
        public Moment givenUntil() {
            return before.givenUntil();
        }

        /**
         * Until when the put may create the address: at once, where that is meant; a renewal only
         * while the kernel was to keep it, so that it was others who removed it.
         */
        Moment mayCreateUntil(PutResult.Done done) {
            return switch (before) {
                case Present present -> present.givenUntil();
                case Changed _ when givesBack() -> Moment.LONG_AGO;
                default ->
                        Moment.later(
                                givenUntil(), done.computedAt().plus(KernelLifetime.LONGEST_PUT));
            };
        }

        /**
         * What others have prolonged is given what it had, before a read has confirmed that this
         * host still leads.
         */
        boolean givesBack() {
            return renewal && before instanceof Changed;
        }

        /** The put came too late to be sent, or gives back in vain, and is decided on anew. */
        Placement again(Moment now) {
            Moment soon = now.plus(RETRIES.first());
            return switch (before) {
                case Present(Moment end, Moment _, Moment given) -> new Present(end, soon, given);
                case Changed(Moment _, Moment given) -> new Changed(soon, given);
                default -> new Wanted(soon, givenUntil());
            };
        }

        Refused refused(Moment now) {
            Backoff known =
                    before instanceof Refused again ? again.failures() : new Backoff(RETRIES);
            Backoff failures = known.afterFailure();
            return new Refused(failures, now.plus(failures.pause()), givenUntil());
        }
    }

    /**
     * On the interface.
     *
     * @param kernelEnd when the kernel will remove it by itself
     * @param renewAt when its lifetime should be renewed
     */
    record Present(Moment kernelEnd, Moment renewAt, Moment givenUntil) implements Placement {

        /**
         * Not at once: of a thousand addresses each shall be there first, before one lives longer.
         */
        private static final Duration FIRST_RENEWAL = Duration.ofMillis(50);

        private static final Duration LEAST_SHORTENING = Duration.ofMillis(500);
        private static final Duration NOT_WORTH_A_PUT = Duration.ofMillis(10);

        /**
         * After a put. The kernel counts from when it took the lifetime in, which is at the latest
         * when it acknowledged it: if that makes it too long, it is put again at once.
         */
        static Present after(PutResult.Done done, Rules.Margins margins) {
            Duration given = Duration.ofSeconds(done.seconds());
            long waitMillis = (long) (given.toMillis() * margins.renewAt());
            return new Present(
                    done.acknowledgedAt().plus(given),
                    done.computedAt().plus(Duration.ofMillis(waitMillis)),
                    done.computedAt().plus(given).minus(margins.restoreReserve()));
        }

        /** The first put was short, and trust allows more. */
        Present renewedSoon(Moment now) {
            return new Present(kernelEnd, now.plus(FIRST_RENEWAL), givenUntil);
        }

        /** Whether the kernel may have removed it at the end of its lifetime. */
        boolean mayHaveEnded(Moment now) {
            return !now.isBefore(givenUntil);
        }

        /**
         * Without more trust a renewal would not make the lifetime end later. The kernel counts
         * from when it takes it in: the last second of trust would reach past its end then, and
         * have to be taken back.
         */
        boolean gainsBy(KernelLifetime lifetime, Moment now) {
            int seconds = lifetime.secondsAt(now.plus(NOT_WORTH_A_PUT).nanos());
            return seconds >= 1 && now.plus(Duration.ofSeconds(seconds)).isAfter(kernelEnd);
        }

        /**
         * The lifetime that ends it earlier: by half a second at least, as the kernel counts whole
         * ones, and the same number again would end it later still.
         *
         * @param mayRenew where not, it ends no later than the kernel would do it at the earliest
         * @return empty when there is none
         */
        Optional<Duration> shorter(Moment now, boolean mayRenew) {
            Moment earlier = kernelEnd.minus(LEAST_SHORTENING);
            long seconds =
                    mayRenew
                            ? Math.max(1, now.until(earlier).toSeconds())
                            : now.until(Moment.earlier(earlier, givenUntil)).toSeconds();
            Duration given = Duration.ofSeconds(seconds);
            boolean ends = now.until(kernelEnd).compareTo(given.plus(NOT_WORTH_A_PUT)) > 0;
            return seconds >= 1 && ends ? Optional.of(given) : Optional.empty();
        }
    }
}
