package org.vipmanager.core;

import java.time.Duration;

/**
 * Until when no other node can lead, and on what grounds.
 *
 * <pre>
 *   now ... the kernel's lifetime ends ... kernelUntil ... holdUntil ... end
 *           (whole seconds, so up to one    (it may be up   (whatever is   (another
 *           second before the next)         to 1.8 s late)  left goes)     node may lead)
 * </pre>
 *
 * @param basis the grounds
 * @param leaseId the lease that was proved or is waited for; 0 without one
 * @param end until when no other node can lead, or until when that is taken for granted
 * @param holdUntil when the living daemon removes the address, whoever is silent
 * @param kernelUntil when the kernel's lifetime must be over; behind {@code end} where that is no
 *     proof and so short that no whole second would be left
 * @param cap the longest lifetime in the kernel
 */
public record Trust(
        Basis basis, long leaseId, Moment end, Moment holdUntil, Moment kernelUntil, Duration cap) {

    /** The kernel counts whole seconds. */
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    /** The grounds of trust. */
    public enum Basis {
        /** None: the address must not be held. */
        NONE,
        /** The DCS told how long the key's lease runs. */
        LEASE,
        /** The key has a lease whose time is being asked. */
        UNKNOWN_LEASE,
        /** No lease can be asked; a good answer counts until the retries are used up. */
        POLICY,
        /** The DCS is lost, and the local Patroni leads in failsafe mode. */
        FAILSAFE,
        /**
         * No lease can be asked, and the local Patroni, which renews it, leads and has failsafe
         * mode, but has not found out yet that the DCS is lost.
         */
        FAILSAFE_EXPECTED
    }

    public static final Trust NONE =
            new Trust(
                    Basis.NONE,
                    0,
                    Moment.LONG_AGO,
                    Moment.LONG_AGO,
                    Moment.LONG_AGO,
                    Duration.ZERO);

    static Trust lease(LeaseProof proof, Rules rules) {
        Rules.Margins margins = rules.margins();
        return new Trust(
                Basis.LEASE,
                proof.leaseId(),
                proof.end(),
                proof.end().minus(margins.letGo()),
                proof.end().minus(margins.kernelReserve()),
                rules.addressLifetime());
    }

    static Trust unknownLease(Sighting sighting, Rules rules) {
        Moment end = sighting.asOf().plus(rules.margins().unknownLease());
        return new Trust(
                Basis.UNKNOWN_LEASE,
                sighting.leaseId(),
                end,
                end,
                end.plus(ONE_SECOND),
                ONE_SECOND);
    }

    static Trust policy(Sighting sighting, Rules rules) {
        Moment end = sighting.asOf().plus(rules.policyTrust());
        return new Trust(
                Basis.POLICY,
                0,
                end,
                end.minus(rules.margins().letGo()),
                end,
                rules.addressLifetime());
    }

    static Trust failsafe(PatroniAnswer answer, Rules rules) {
        Duration counts = rules.margins().failsafe();
        Moment end = answer.sentAt().plus(counts);
        Basis basis =
                answer.failsafe() == PatroniAnswer.Failsafe.ACTIVE
                        ? Basis.FAILSAFE
                        : Basis.FAILSAFE_EXPECTED;
        return new Trust(basis, 0, end, end, end.plus(ONE_SECOND), counts);
    }

    /**
     * Whether what a Patroni that leads says may prolong this trust.
     *
     * <p>Where the DCS tells of a lease, its end is known and only failsafe mode reaches beyond it.
     * Where it tells of none, as Consul, policy ends this trust long before Patroni's own retries
     * are used up, and so before its failsafe mode can be active: there it counts that it is on the
     * way. No other host can lead before the lease's end, which Patroni's {@code ttl} puts behind
     * the end of those retries.
     */
    boolean isProlongedBy(PatroniAnswer.Failsafe failsafe, Rules rules) {
        return switch (failsafe) {
            case NONE -> false;
            case EXPECTED -> basis == Basis.POLICY && rules.expectFailsafe();
            case ACTIVE -> true;
        };
    }

    /**
     * The one by which the address can be held for longer, the kernel's lifetimes included. Those
     * of a lease end two seconds before the rest: what Patroni says counts from there on.
     */
    Trust orLonger(Trust other) {
        return other.heldUntil().isAfter(heldUntil()) ? other : this;
    }

    /** The same grounds, reaching no further than the other. */
    Trust atMost(Trust other) {
        return new Trust(
                basis,
                leaseId,
                Moment.earlier(end, other.end),
                Moment.earlier(holdUntil, other.holdUntil),
                Moment.earlier(kernelUntil, other.kernelUntil),
                cap);
    }

    /** How long the address can be held if nothing more is heard, to within a second. */
    public Moment heldUntil() {
        return Moment.earlier(holdUntil, kernelUntil);
    }

    /** What a put that is decided on now gives the kernel. */
    KernelLifetime lifetime(Moment now) {
        return new KernelLifetime(
                kernelUntil, holdUntil, cap, now.plus(KernelLifetime.LONGEST_PUT));
    }
}
