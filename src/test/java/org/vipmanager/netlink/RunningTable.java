package org.vipmanager.netlink;

import org.vipmanager.control.AddressTable;
import org.vipmanager.control.DecisionLoop;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.LinkChange;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.BootClock;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.LibC;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A table on a loop of its own, in the network namespace of the thread that made it. */
final class RunningTable implements AutoCloseable {

    /** A lifetime as {@code ip} tells it, which may look a few seconds later. */
    static final String TEN_SECONDS = "valid_lft ([5-9]|10)sec";

    private static final int MOST_TRIES = 5;

    private static final String NOTHING = "nothing";

    final LibC libC;
    final BootClock clock;
    final DecisionLoop loop;
    final NetlinkAddressTable table;
    private final Thread thread;

    /** To look for it is to read all notifications. */
    private static final VirtualIp NOBODYS =
            new VirtualIp(InetAddress.ofLiteral("192.0.2.1"), 32, "no-such");

    /** What the listener was told, in order. */
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    RunningTable() throws Exception {
        this(new FfmLibC());
    }

    RunningTable(LibC libC) throws Exception {
        this.libC = libC;
        clock = new BootClock(libC);
        loop = new DecisionLoop(clock, Duration.ofSeconds(1));
        table = NetlinkAddressTable.open(loop, libC);
        thread = new Thread(loop::run, "loop");
        thread.start();
    }

    <T> T onLoop(Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(
                () -> {
                    try {
                        result.complete(task.get());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                });
        return result.orTimeout(60, TimeUnit.SECONDS).join();
    }

    PutResult put(VirtualIp vip, int seconds) {
        return onLoop(() -> putNow(vip, seconds));
    }

    /**
     * On the loop. What is too late because the machine let this thread wait is put again, as the
     * daemon would.
     */
    PutResult putNow(VirtualIp vip, int seconds) {
        PutResult result;
        int tries = 0;
        do {
            result = table.put(vip, lifetime(seconds)).toCompletableFuture().join();
        } while (result instanceof PutResult.TooLate && ++tries < MOST_TRIES);
        return result;
    }

    Optional<String> remove(VirtualIp vip) {
        return onLoop(() -> table.remove(vip).toCompletableFuture().join());
    }

    Optional<FoundAddress> find(VirtualIp vip) {
        return onLoop(() -> table.find(vip).toCompletableFuture().join());
    }

    /** So that the kernel is given that many seconds; decided on now, as the daemon does. */
    KernelLifetime lifetime(int seconds) {
        Moment now = clock.now();
        Moment end = now.plus(Duration.ofMinutes(2));
        Duration cap = Duration.ofSeconds(seconds);
        return new KernelLifetime(end, end, cap, now).decidedAt(now);
    }

    /** Until what was decided before counts for no put any more. Nothing else shows this. */
    static void letDecisionsGrowOld() throws InterruptedException {
        Thread.sleep(KernelLifetime.LONGEST_PUT.plusMillis(100));
    }

    void watch(VirtualIp vip) {
        watch(vip, recorder(""));
    }

    void watch(VirtualIp vip, AddressTable.Listener listener) {
        onLoop(
                () -> {
                    table.watch(vip, listener);
                    return true;
                });
    }

    /** As often as it takes to have every class loaded and every call site linked. */
    void warmUp(VirtualIp vip) {
        for (int i = 0; i < 30; i++) {
            table.put(vip, lifetime(10));
            table.remove(vip);
        }
    }

    AddressTable.Listener recorder(String prefix) {
        return new AddressTable.Listener() {
            @Override
            public void addressGone() {
                events.add(prefix + "gone");
            }

            @Override
            public void addressGoneWithLink() {
                events.add(prefix + "gone with its interface");
            }

            @Override
            public void addressReturned() {
                events.add(prefix + "returned");
            }

            @Override
            public void addressAppeared(FoundAddress found) {
                events.add(
                        prefix + "appeared " + (found.isPermanent() ? "for ever" : "for a time"));
            }

            @Override
            public void linkChanged(LinkChange change) {
                events.add(prefix + WatchedInterfaceTest.told(change));
            }
        };
    }

    /** All that was told until that was among it, which is waited for. */
    List<String> eventsUntil(String last) throws InterruptedException {
        List<String> told = new ArrayList<>();
        do {
            told.add(nextEvent());
        } while (!told.getLast().startsWith(last) && !told.getLast().equals(NOTHING));
        return told;
    }

    String nextEvent() throws InterruptedException {
        String event = events.poll(10, TimeUnit.SECONDS);
        return event == null ? NOTHING : event;
    }

    /** What was told besides, after all has been read that the kernel has said until now. */
    List<String> otherEvents() throws InterruptedException {
        Thread.sleep(100);
        find(NOBODYS);
        onLoop(() -> true);
        List<String> rest = new ArrayList<>();
        events.drainTo(rest);
        return rest;
    }

    @Override
    public void close() throws InterruptedException {
        onLoop(
                () -> {
                    table.close();
                    return true;
                });
        loop.stop();
        thread.join();
    }
}
