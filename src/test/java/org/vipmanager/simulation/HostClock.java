package org.vipmanager.simulation;

import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;

/**
 * The clocks of a host: they run a little fast or slow, the boot clock goes on while the host is
 * suspended, and none does while its virtual machine is paused.
 */
final class HostClock implements TimeSource {

    private final Agenda agenda;
    private final long partsPerMillion;
    private final long offset;

    /** True time that passed while this host's clocks stood still. */
    private long paused;

    /** Boot time that passed while the monotonic clock stood still. */
    private long suspended;

    private long pausedAt = -1;
    private long suspendedAtBoot = -1;

    /**
     * @param partsPerMillion how much faster than true time, at most 5000 either way
     * @param offset what the boot clock shows when the world begins
     */
    HostClock(Agenda agenda, long partsPerMillion, long offset) {
        this.agenda = agenda;
        this.partsPerMillion = partsPerMillion;
        this.offset = offset;
    }

    @Override
    public Moment now() {
        return new Moment(nowNanos());
    }

    @Override
    public long nowNanos() {
        long end = pausedAt >= 0 ? pausedAt : agenda.now();
        long passed = end - paused;
        return offset + passed + passed * partsPerMillion / 1_000_000;
    }

    @Override
    public long monotonicNanos() {
        long end = suspendedAtBoot >= 0 ? suspendedAtBoot : nowNanos();
        return end - suspended;
    }

    /** How much true time passes while this clock passes the given one, rounded up. */
    long trueNanos(long localNanos) {
        return localNanos * 1_000_000 / (1_000_000 + partsPerMillion) + 1;
    }

    void pause() {
        pausedAt = agenda.now();
    }

    void resume() {
        paused += agenda.now() - pausedAt;
        pausedAt = -1;
    }

    void suspend() {
        suspendedAtBoot = nowNanos();
    }

    void awake() {
        suspended += nowNanos() - suspendedAtBoot;
        suspendedAtBoot = -1;
    }
}
