package org.vipmanager.simulation;

import org.vipmanager.core.Rules;

import java.time.Duration;
import java.util.List;

/**
 * What one seed's world looks like.
 *
 * @param keys how leadership is kept in etcd, and how far that is used
 * @param ttlSeconds Patroni's ttl
 * @param loopSeconds Patroni's loop_wait
 * @param latency the longest time that a message takes from a host to etcd, or back, in calm times
 */
record Scenario(
        int hosts,
        int members,
        boolean ipv6,
        Keys keys,
        int ttlSeconds,
        int loopSeconds,
        boolean failsafe,
        boolean askPatroni,
        long latency,
        Rules rules) {

    /** How leadership is kept in etcd, and how far that is used. */
    enum Keys {
        /** A key with a lease, and {@code on-dcs-loss: hold}. */
        LEASED,
        /**
         * A key with a lease of which nothing is told: Consul, or {@code on-dcs-loss: release},
         * which believes no Patroni that has failsafe mode only ahead.
         */
        LEASED_RELEASE,
        /** A key without a lease. */
        PLAIN
    }

    private record Timing(int ttl, int loop) {}

    private static final List<Timing> TIMINGS =
            List.of(
                    new Timing(30, 10),
                    new Timing(30, 10),
                    new Timing(20, 5),
                    new Timing(20, 8),
                    new Timing(40, 10),
                    new Timing(15, 3));

    /** The longest latency of all scenarios. */
    static final long LONGEST_LATENCY = 40_000_000;

    static Scenario roll(Dice dice) {
        Timing timing = dice.oneOf(TIMINGS);
        Keys keys =
                dice.rolls(0.65) ? Keys.LEASED : dice.rolls(0.6) ? Keys.PLAIN : Keys.LEASED_RELEASE;
        boolean askPatroni = dice.rolls(0.3);
        Scenario rolled =
                new Scenario(
                        dice.rolls(0.6) ? 2 : 3,
                        dice.rolls(0.5) ? 3 : 1,
                        dice.rolls(0.3),
                        keys,
                        timing.ttl(),
                        timing.loop(),
                        askPatroni && dice.rolls(0.5),
                        askPatroni,
                        dice.rolls(0.5) ? 2_000_000 : LONGEST_LATENCY,
                        rules(dice));
        return dice.rolls(0.5) ? rolled.with(rolled.rules().resettingConnections()) : rolled;
    }

    private static Rules rules(Dice dice) {
        Rules usual = Rules.DEFAULT;
        if (dice.rolls(0.5)) {
            return usual;
        }
        return new Rules(
                dice.oneOf(
                        List.of(
                                Duration.ofMillis(500),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(5))),
                dice.oneOf(List.of(Duration.ofSeconds(1), Duration.ofSeconds(2))),
                usual.retryNum(),
                usual.retryAfter(),
                Duration.ofSeconds(dice.oneOf(List.of(5, 10, 20))),
                usual.announceCount(),
                dice.rolls(0.5) ? usual.announceRefresh() : Duration.ofSeconds(10),
                dice.rolls(0.8),
                usual.expectFailsafe(),
                usual.margins());
    }

    Scenario with(Rules others) {
        return new Scenario(
                hosts,
                members,
                ipv6,
                keys,
                ttlSeconds,
                loopSeconds,
                failsafe,
                askPatroni,
                latency,
                others);
    }

    /** Leadership ends by proof rather than by policy. */
    boolean provesLeases() {
        return keys == Keys.LEASED;
    }

    /** A Patroni that has failsafe mode ahead is believed: as with Consul. */
    boolean expectsFailsafe() {
        return !provesLeases() && failsafe && rules.expectFailsafe();
    }

    /** The kernel's lateness in removing an address, at most. */
    long longestLateness() {
        return ipv6 ? 1_800_000_000L : 1_300_000_000L;
    }

    @Override
    public String toString() {
        return hosts
                + " hosts, "
                + members
                + " etcd members, "
                + (ipv6 ? "IPv6, " : "IPv4, ")
                + keys
                + ", ttl "
                + ttlSeconds
                + " s, loop_wait "
                + loopSeconds
                + " s, interval "
                + rules.interval().toMillis()
                + " ms, dcs-timeout "
                + rules.dcsTimeout().toMillis()
                + " ms, address-lifetime "
                + rules.addressLifetime().toSeconds()
                + " s, yield-in-doubt "
                + rules.yieldInDoubt()
                + (rules.margins().connectionReset().isZero() ? "" : ", reset-connections")
                + (askPatroni ? ", patroni-url" : "")
                + (failsafe ? ", failsafe_mode" : "");
    }
}
