package org.vipmanager.simulation;

import org.vipmanager.control.AddressTable;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.LinkChange;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A daemon's way to its kernel, as the one through netlink behaves. */
final class KernelAddressTable implements AddressTable {

    private static final int MOST_PUTS_AT_ONCE = 100;

    /** The kernel may be early, and clocks are read in between. */
    private static final Duration RESERVE = Duration.ofMillis(210);

    private final DaemonProcess process;
    private final Host host;
    private final Dice dice;
    private Listener listener = NOBODY;
    private int prefixLength;
    private boolean knownPresent;
    private int lastSeconds;

    /** Whether the next put is one of an address that was put, as far as the daemon knows. */
    private boolean renewing;

    /** Until when the kernel has what it was given last, whenever it took that in. */
    private Moment givenUntil = Moment.LONG_AGO;

    /** Whether the kernel has created the address by the put it took in last. */
    private boolean created;

    /** Whether it has done the removal it was asked for last. */
    private boolean removed;

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
            renewing = false;
            return new PutResult.Failed("simulated: no such device");
        }
        Moment computedAt = host.clock().now();
        int seconds = lifetime.secondsAt(computedAt.nanos());
        if (seconds < 1) {
            return new PutResult.TooLate(Duration.ZERO);
        }
        host.kernel().aboutToPut(seconds);
        List<Impairment> meanwhile =
                List.of(
                        Impairment.FROZEN_IN_PUT,
                        host.kernel().isPresent()
                                ? Impairment.FROZEN_BEFORE_PUT
                                : Impairment.FROZEN_BEFORE_FIRST_PUT);
        process.pass(FreezePoint.BEFORE_PUT);
        host.beforePut(process);
        created = false;
        Duration waited = process.askKernel(meanwhile, () -> takeIn(lifetime, computedAt, seconds));
        process.checkAlive();
        process.pass(FreezePoint.AFTER_PUT);
        Duration systemCall = Duration.ofNanos(dice.between(30_000, 400_000));
        return new PutResult.Done(
                computedAt, seconds, host.clock().now().plus(systemCall), created, waited);
    }

    private void takeIn(KernelLifetime lifetime, Moment computedAt, int seconds) {
        created = !host.kernel().isPresent();
        Optional<Host.Creation> creation = created ? creation(lifetime, computedAt) : none();
        putFor(seconds);
        if (!process.isDead()) {
            creation.ifPresent(host::created);
        }
        renewing = !isLimiting(lifetime);
        givenUntil = computedAt.plus(Duration.ofSeconds(seconds)).minus(RESERVE);
    }

    /** Empty where it was to be created. */
    private Optional<Host.Creation> creation(KernelLifetime lifetime, Moment computedAt) {
        boolean late = computedAt.until(host.clock().now()).compareTo(Duration.ofMillis(500)) > 0;
        if (isLimiting(lifetime)) {
            return Optional.of(Host.Creation.BY_LIMITING_IT);
        } else if (renewing && knownPresent && host.kernel().hasExpired()) {
            return Optional.of(Host.Creation.AGAIN_AFTER_ITS_END);
        } else if ((late || knownPresent) && !host.clock().now().isBefore(givenUntil)) {
            return Optional.of(Host.Creation.TOO_LATE);
        }
        return none();
    }

    /** What was found is not this daemon's yet: only its lifetime is made shorter. */
    private static boolean isLimiting(KernelLifetime lifetime) {
        return lifetime.computeBy().equals(Moment.NEVER);
    }

    private static Optional<Host.Creation> none() {
        return Optional.empty();
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
        removed = false;
        process.askKernel(List.of(), this::takeRemovalIn);
        process.checkAlive();
        return CompletableFuture.completedFuture(
                removed ? Optional.empty() : Optional.of("simulated: out of memory"));
    }

    private void takeRemovalIn() {
        if (host.removalsFail()) {
            process.tookEffect(Fault.REMOVALS_FAIL);
            return;
        }
        knownPresent = false;
        lastSeconds = 0;
        renewing = false;
        givenUntil = Moment.LONG_AGO;
        removed = true;
        host.kernel().remove(Kernel.Removal.OURS);
    }

    @Override
    public CompletionStage<Optional<FoundAddress>> find(VirtualIp vip) {
        process.checkAlive();
        return CompletableFuture.completedFuture(found());
    }

    private Optional<FoundAddress> found() {
        return host.kernel().isPresent()
                ? Optional.of(new FoundAddress(host.kernel().lifetime(), prefixLength))
                : Optional.empty();
    }

    @Override
    public void watch(VirtualIp vip, Listener newListener) {
        listener = newListener;
        prefixLength = vip.prefixLength();
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
                        found().filter(there -> !known || isProlonged(there))
                                .ifPresent(listener::addressAppeared);
                    }
                });
    }

    private boolean isProlonged(FoundAddress there) {
        return there.validFor()
                .map(
                        left ->
                                process.seesLengthenedLives()
                                        && left.compareTo(Duration.ofSeconds(lastSeconds)) > 0)
                .orElse(true);
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
                        listener.linkChanged(new LinkChange.CarrierReturned());
                    } else {
                        listener.linkChanged(new LinkChange.NoCarrier());
                    }
                });
    }

    @Override
    public void close() {}

    private static final Listener NOBODY =
            new Listener() {
                @Override
                public void addressGone() {}

                @Override
                public void addressGoneWithLink() {}

                @Override
                public void addressReturned() {}

                @Override
                public void addressAppeared(FoundAddress found) {}

                @Override
                public void linkChanged(LinkChange change) {}
            };
}
