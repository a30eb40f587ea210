package org.vipmanager.simulation;

import org.vipmanager.control.AddressTable;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A daemon's way to its kernel, as the one through netlink behaves. */
final class KernelAddressTable implements AddressTable {

    private static final int MOST_PUTS_AT_ONCE = 100;

    private final DaemonProcess process;
    private final Host host;
    private final Dice dice;
    private Listener listener = NOBODY;
    private boolean knownPresent;
    private int lastSeconds;
    private Moment lastPutAt = Moment.LONG_AGO;
    private int putsInThisMoment;

    KernelAddressTable(DaemonProcess process, Dice dice) {
        this.process = process;
        this.host = process.host();
        this.dice = dice;
    }

    @Override
    public CompletionStage<PutResult> put(VirtualIp vip, KernelLifetime lifetime) {
        process.checkAlive();
        return CompletableFuture.completedFuture(putNow(lifetime));
    }

    private PutResult putNow(KernelLifetime lifetime) {
        restIsNeeded();
        if (host.putsFail()) {
            process.tookEffect(Fault.PUTS_FAIL);
            return new PutResult.Failed("simulated: no such device");
        }
        Moment computedAt = host.clock().now();
        int seconds = lifetime.secondsAt(computedAt.nanos());
        if (seconds < 1) {
            return new PutResult.TooLate();
        }
        host.kernel().aboutToPut(seconds);
        process.pass(FreezePoint.BEFORE_PUT);
        putFor(seconds);
        process.pass(FreezePoint.AFTER_PUT);
        Duration systemCall = Duration.ofNanos(dice.between(30_000, 400_000));
        return new PutResult.Done(computedAt, seconds, host.clock().now().plus(systemCall));
    }

    /** No time passes while a task runs: who puts again and again then does so without end. */
    private void restIsNeeded() {
        Moment now = host.clock().now();
        putsInThisMoment = now.equals(lastPutAt) ? putsInThisMoment + 1 : 1;
        lastPutAt = now;
        if (putsInThisMoment > MOST_PUTS_AT_ONCE) {
            process.runsWild("puts the address");
        }
    }

    private void putFor(int seconds) {
        host.kernel().put(seconds);
        knownPresent = true;
        lastSeconds = seconds;
    }

    @Override
    public CompletionStage<Optional<String>> remove(VirtualIp vip) {
        process.pass(FreezePoint.BEFORE_REMOVE);
        if (host.removalsFail()) {
            process.tookEffect(Fault.REMOVALS_FAIL);
            return CompletableFuture.completedFuture(Optional.of("simulated: out of memory"));
        }
        knownPresent = false;
        host.kernel().remove(Kernel.Removal.OURS);
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public CompletionStage<Optional<FoundAddress>> find(VirtualIp vip) {
        process.checkAlive();
        return CompletableFuture.completedFuture(found());
    }

    private Optional<FoundAddress> found() {
        return host.kernel().isPresent()
                ? Optional.of(new FoundAddress(host.kernel().lifetime()))
                : Optional.empty();
    }

    @Override
    public void watch(VirtualIp vip, Listener newListener) {
        listener = newListener;
        knownPresent = host.kernel().isPresent();
    }

    @Override
    public void unwatch(VirtualIp vip) {
        listener = NOBODY;
    }

    /** The kernel has notified: compare what is with what was known. */
    void changed() {
        process.execute(
                () -> {
                    boolean present = host.kernel().isPresent();
                    boolean known = knownPresent;
                    knownPresent = present;
                    if (known && !present) {
                        listener.addressGone();
                    } else if (present) {
                        found().filter(there -> !known || there.isPermanent())
                                .ifPresent(listener::addressAppeared);
                    }
                });
    }

    /** The kernel has notified that the interface is down, and of what that took along. */
    void goneWithLink() {
        process.execute(
                () -> {
                    boolean known = knownPresent;
                    knownPresent = host.kernel().isPresent();
                    if (known && !knownPresent) {
                        listener.addressGoneWithLink();
                    }
                });
    }

    /** The kernel has notified of a removal that this daemon did not ask for. */
    void taken() {
        if (process.restoresWhateverVanishes()) {
            process.execute(
                    () -> {
                        if (lastSeconds > 0 && !host.kernel().isPresent()) {
                            putFor(lastSeconds);
                        }
                    });
        }
    }

    void linkChanged(boolean ready) {
        process.execute(
                () -> {
                    if (ready) {
                        listener.linkReady("carrier returned");
                    } else {
                        listener.linkLost("no carrier");
                    }
                });
    }

    @Override
    public void rehearse(VirtualIp vip) {}

    @Override
    public void close() {}

    private static final Listener NOBODY =
            new Listener() {
                @Override
                public void addressGone() {}

                @Override
                public void addressGoneWithLink() {}

                @Override
                public void addressAppeared(FoundAddress found) {}

                @Override
                public void linkReady(String change) {}

                @Override
                public void linkLost(String change) {}
            };
}
