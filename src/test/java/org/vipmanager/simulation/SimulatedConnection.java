package org.vipmanager.simulation;

import org.vipmanager.core.LeaseProof;
import org.vipmanager.dcs.etcd.EtcdConnection;
import org.vipmanager.dcs.etcd.EtcdFailure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A connection of a daemon to a member; questions and answers overtake each other on it. */
final class SimulatedConnection implements EtcdConnection {

    private final World world;
    private final DaemonProcess process;
    private final EtcdMember member;
    private final List<SimulatedConnection> register;
    private final List<Call> calls = new ArrayList<>();
    private final List<SimulatedWatch> watches = new ArrayList<>();
    private boolean closed;
    private boolean broken;

    SimulatedConnection(
            World world,
            DaemonProcess process,
            EtcdMember member,
            List<SimulatedConnection> register) {
        this.world = world;
        this.process = process;
        this.member = member;
        this.register = register;
        member.connected(this);
    }

    @Override
    public void read(
            List<String> keys,
            Duration deadline,
            Consumer<EtcdConnection.Answer> answered,
            Consumer<EtcdFailure> failed) {
        process.pass(FreezePoint.BEFORE_SEND);
        long sent = world.agenda().now();
        Call call = new Call(failed, deadline);
        link().out(
                        () ->
                                member.read(
                                        read -> {
                                            long shown = world.agenda().now();
                                            call.answer(
                                                    () -> {
                                                        process.host().goodRead(sent, shown, read);
                                                        answered.accept(read);
                                                    });
                                        },
                                        call::refuse));
    }

    @Override
    public void timeToLive(
            long leaseId,
            Duration deadline,
            Consumer<LeaseProof.Answer> answered,
            Consumer<EtcdFailure> failed) {
        process.pass(FreezePoint.BEFORE_SEND);
        Call call = new Call(failed, deadline);
        link().out(
                        () ->
                                member.timeToLive(
                                        leaseId,
                                        answer ->
                                                call.answer(
                                                        () -> {
                                                            process.host().leaseAnswered(answer);
                                                            answered.accept(answer);
                                                        }),
                                        call::refuse));
    }

    @Override
    public Watch watch(
            List<String> keys, long startRevision, EtcdConnection.WatchListener listener) {
        process.checkAlive();
        SimulatedWatch watch = new SimulatedWatch(world, this, startRevision, listener);
        watches.add(watch);
        process.host().watchBegun();
        if (broken) {
            link().in(() -> watch.end(failure(EtcdFailure.Kind.UNREACHABLE)));
        } else {
            link().out(
                            () -> {
                                if (!closed && watch.isOpen()) {
                                    member.add(watch);
                                }
                            });
        }
        return watch;
    }

    @Override
    public boolean isOutdated() {
        return false;
    }

    @Override
    public void close() {
        closed = true;
        register.remove(this);
        member.closed(this);
        calls.forEach(Call::forget);
        calls.clear();
        List.copyOf(watches).forEach(SimulatedWatch::close);
    }

    void brokenByServer() {
        broken = true;
        for (Call call : List.copyOf(calls)) {
            call.refuse(EtcdFailure.Kind.UNREACHABLE);
        }
        for (SimulatedWatch watch : List.copyOf(watches)) {
            link().in(() -> watch.end(failure(EtcdFailure.Kind.UNREACHABLE)));
        }
    }

    void silenceWatches() {
        watches.forEach(SimulatedWatch::silence);
    }

    void deafenWatches() {
        watches.forEach(SimulatedWatch::deafen);
    }

    EtcdMember member() {
        return member;
    }

    void watchClosed(SimulatedWatch watch) {
        watches.remove(watch);
        member.remove(watch);
    }

    boolean isClosed() {
        return closed;
    }

    DaemonProcess process() {
        return process;
    }

    private DcsLink link() {
        return process.host().dcsLink();
    }

    private EtcdFailure failure(EtcdFailure.Kind kind) {
        return new EtcdFailure(kind, member.endpoint(), kind.name());
    }

    /** A question that is answered, refused or given up, whichever comes first. */
    private final class Call {

        private final Consumer<EtcdFailure> failed;
        private final Agenda.Entry deadline;
        private boolean over;

        Call(Consumer<EtcdFailure> failed, Duration deadline) {
            this.failed = failed;
            calls.add(this);
            long wait = process.host().clock().trueNanos(deadline.toNanos());
            this.deadline =
                    world.agenda()
                            .after(
                                    wait,
                                    () ->
                                            process.executeTimer(
                                                    () -> fail(EtcdFailure.Kind.SILENT)));
            if (broken) {
                refuse(EtcdFailure.Kind.UNREACHABLE);
            }
        }

        void answer(Runnable task) {
            link().in(() -> process.execute(() -> finish(task)));
        }

        void refuse(EtcdFailure.Kind kind) {
            link().in(() -> process.execute(() -> fail(kind)));
        }

        private void fail(EtcdFailure.Kind kind) {
            finish(() -> failed.accept(failure(kind)));
        }

        private void finish(Runnable task) {
            if (over || closed) {
                return;
            }
            forget();
            calls.remove(this);
            task.run();
        }

        void forget() {
            over = true;
            deadline.cancel();
        }
    }
}
