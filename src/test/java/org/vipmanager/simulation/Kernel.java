package org.vipmanager.simulation;

import java.time.Duration;
import java.util.Optional;

/**
 * The address on a host's interface, with the lifetime that the kernel gives it.
 *
 * <p>The kernel removes an expired address up to 1.3 s (IPv4) or 1.8 s (IPv6) late and up to 0.02 s
 * early, and counts no time while the host stands still.
 */
final class Kernel {

    /** Who took the address away. */
    enum Removal {
        OURS,
        EXPIRED,
        FOREIGN
    }

    private static final long EARLIEST = -20_000_000;

    /** As others put it: longer than any run. */
    private static final long LONG = 3_600_000_000_000L;

    private final World world;
    private final Host host;
    private final Dice dice;
    private boolean present;
    private boolean permanent;
    private boolean ofOthers;
    private int removals;
    private Removal lastRemoval = Removal.OURS;

    /** On the monotonic clock, on which the kernel counts. */
    private long endsAt;

    private long goneAt;
    private Agenda.Entry expiry;

    Kernel(World world, Host host, Dice dice) {
        this.world = world;
        this.host = host;
        this.dice = dice;
        expiry = world.agenda().after(0, () -> {});
    }

    boolean isPresent() {
        return present;
    }

    Optional<Duration> lifetime() {
        return permanent
                ? Optional.empty()
                : Optional.of(
                        Duration.ofNanos(Math.max(0, endsAt - host.clock().monotonicNanos())));
    }

    /** When the kernel has removed it at the latest, should nobody put it again. */
    long latestEnd() {
        long left = endsAt + world.scenario().longestLateness() - host.clock().monotonicNanos();
        return world.agenda().now() + host.clock().trueNanos(left);
    }

    /** The daemon has decided to put the address for so long. */
    void aboutToPut(int seconds) {
        long end = host.clock().monotonicNanos() + seconds * 1_000_000_000L;
        if (present && !permanent && end > endsAt) {
            world.referee().prolonged(host);
        }
    }

    void put(int seconds) {
        endsAt = host.clock().monotonicNanos() + seconds * 1_000_000_000L;
        long late = world.scenario().longestLateness();
        goneAt = endsAt + (dice.rolls(0.3) ? late : dice.between(EARLIEST, late));
        if (ofOthers) {
            host.foreignLimited();
        } else {
            host.nothingForeign();
        }
        permanent = false;
        ofOthers = false;
        host.addressPut();
        if (!present) {
            world.referee().promptness().holds(host);
        }
        appear();
        timePassesAgain();
    }

    /** As the Go program does it. */
    void putForEver() {
        permanent = true;
        ofOthers = true;
        expiry.cancel();
        appear();
    }

    /** By others, for an hour. */
    void putForLong() {
        permanent = false;
        ofOthers = true;
        endsAt = host.clock().monotonicNanos() + LONG;
        goneAt = endsAt;
        appear();
        timePassesAgain();
    }

    /** How often it has gone. */
    int removals() {
        return removals;
    }

    boolean isOfOthers() {
        return ofOthers;
    }

    /** Whether the address ended by itself, and was not put since. */
    boolean hasExpired() {
        return !present && lastRemoval == Removal.EXPIRED;
    }

    private void appear() {
        if (!present) {
            present = true;
            world.story().tell(host.name(), "has the address");
            world.referee().holdersOrLeaderChanged();
        }
    }

    void remove(Removal how) {
        expiry.cancel();
        if (present) {
            present = false;
            removals++;
            lastRemoval = how;
            world.story().tell(host.name(), "has lost the address: " + how);
            world.referee().dropped(host, how);
            world.referee().holdersOrLeaderChanged();
            host.nothingForeign();
        }
    }

    void timeStandsStill() {
        expiry.cancel();
    }

    void timePassesAgain() {
        expiry.cancel();
        if (present && !permanent) {
            long left = goneAt - host.clock().monotonicNanos();
            expiry = world.agenda().after(host.clock().trueNanos(Math.max(0, left)), this::expire);
        }
    }

    private void expire() {
        remove(Removal.EXPIRED);
        host.addressTaken();
    }
}
