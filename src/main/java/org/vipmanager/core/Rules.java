package org.vipmanager.core;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * The numbers by which one address is held.
 *
 * <p>The settings come first; the margins, which nobody configures, stand in {@link Margins}.
 *
 * @param interval the time between two confirming reads
 * @param dcsTimeout the deadline of one question to the DCS
 * @param retryNum how often a question is tried, at least 1
 * @param retryAfter the pause between two tries
 * @param addressLifetime the longest lifetime that the kernel is given, whole seconds
 * @param announceCount announcements after a takeover, at least 1
 * @param announceRefresh the time between announcements while holding; zero for none
 * @param yieldInDoubt whether a foreign claim takes the address away while the DCS is silent
 * @param expectFailsafe whether a Patroni is believed that leads and has failsafe mode ahead, where
 *     no lease can be asked
 * @param margins the design's safety margins
 */
public record Rules(
        Duration interval,
        Duration dcsTimeout,
        int retryNum,
        Duration retryAfter,
        Duration addressLifetime,
        int announceCount,
        Duration announceRefresh,
        boolean yieldInDoubt,
        boolean expectFailsafe,
        Margins margins) {

    /** The defaults of the settings. */
    public static final Rules DEFAULT =
            new Rules(
                    Duration.ofMillis(1000),
                    Duration.ofMillis(2000),
                    3,
                    Duration.ofMillis(250),
                    Duration.ofSeconds(10),
                    6,
                    Duration.ofSeconds(60),
                    true,
                    true,
                    Margins.STANDARD);

    /**
     * The margins of the design, each with what breaks without it. Only tests use others, to see
     * that break.
     *
     * @param release the living daemon lets go this long before trust ends
     * @param kernelReserve the kernel is up to 1.3 s (IPv4) or 1.8 s (IPv6) late in removing an
     *     expired address
     * @param unknownLease how long a key counts whose lease has not been asked for its time yet
     * @param failsafe how long one answer of a Patroni in failsafe mode counts
     * @param firstLifetime the lifetime of the first put, so that one that was delayed does little
     *     harm
     * @param renewAt the part of the lifetime after which it is renewed
     * @param restoreReserve an address that is gone closer than this to its kernel lifetime's end
     *     has expired, nobody removed it: the kernel is never early by more than 20 ms
     *     (ADDRCONF_TIMER_FUZZ_MINUS in include/net/addrconf.h)
     * @param claimsToYield one frame may be a reflection or an old one; two are meant
     * @param claimSpacing how far apart they must be
     * @param connectionReset how long ending the address's connections may put off its removal,
     *     which is due so much earlier; zero where they are left alone
     */
    public record Margins(
            Duration release,
            Duration kernelReserve,
            Duration unknownLease,
            Duration failsafe,
            Duration firstLifetime,
            double renewAt,
            Duration restoreReserve,
            int claimsToYield,
            Duration claimSpacing,
            Duration connectionReset) {

        /** The kernel may be so early (ADDRCONF_TIMER_FUZZ_MINUS in include/net/addrconf.h). */
        private static final Duration KERNELS_FUZZ = Duration.ofMillis(20);

        /** However many connections and addresses there are. */
        private static final Duration LONGEST_RESET = Duration.ofMillis(20);

        public static final Margins STANDARD =
                new Margins(
                        Duration.ofMillis(250),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(2),
                        0.4,
                        Duration.ofMillis(200),
                        2,
                        Duration.ofMillis(200),
                        Duration.ZERO);

        private Margins resettingConnections() {
            return new Margins(
                    release,
                    kernelReserve,
                    unknownLease,
                    failsafe,
                    firstLifetime,
                    renewAt,
                    restoreReserve,
                    claimsToYield,
                    claimSpacing,
                    LONGEST_RESET);
        }

        /** How long before the kernel's own end connections must begin to be ended. */
        Duration farewell() {
            return connectionReset.isZero() ? Duration.ZERO : connectionReset.plus(KERNELS_FUZZ);
        }

        /** How long before the end of trust the living daemon begins to let go. */
        Duration letGo() {
            return release.plus(connectionReset);
        }
    }

    /** The same, and the connections of an address that is let go are ended. */
    public Rules resettingConnections() {
        return new Rules(
                interval,
                dcsTimeout,
                retryNum,
                retryAfter,
                addressLifetime,
                announceCount,
                announceRefresh,
                yieldInDoubt,
                expectFailsafe,
                margins.resettingConnections());
    }

    /**
     * How long one good answer counts where no lease can be asked: until every retry has failed.
     * This is policy, not proof.
     */
    public Duration policyTrust() {
        return interval.plus(dcsTimeout.multipliedBy(retryNum))
                .plus(retryAfter.multipliedBy(retryNum - 1L));
    }

    /** How old the read may be that a watch event inherits its age from. */
    public Duration freshness() {
        return interval.plus(dcsTimeout);
    }

    /** After how long without a good read the DCS is in doubt. */
    public Duration doubtAfter() {
        return Collections.max(List.of(freshness(), Duration.ofSeconds(3)));
    }
}
