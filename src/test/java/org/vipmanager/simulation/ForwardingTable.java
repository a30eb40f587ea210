package org.vipmanager.simulation;

import org.vipmanager.control.AddressTable;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A table whose puts can be looked at, and changed, on their way there and back. */
class ForwardingTable implements AddressTable {

    private final AddressTable table;

    ForwardingTable(AddressTable table) {
        this.table = table;
    }

    /** What is put instead. */
    KernelLifetime asked(KernelLifetime lifetime) {
        return lifetime;
    }

    /**
     * What is told instead.
     *
     * @param lifetime as it was asked for
     */
    PutResult.Done done(KernelLifetime lifetime, PutResult.Done done) {
        return done;
    }

    /**
     * The same.
     *
     * @param lifetime as it was asked for
     */
    PutResult failed(KernelLifetime lifetime, PutResult.Failed failed) {
        return failed;
    }

    /** What is told to be there instead. */
    FoundAddress found(FoundAddress there) {
        return there;
    }

    @Override
    public final CompletionStage<PutResult> put(VirtualIp vip, KernelLifetime lifetime) {
        return table.put(vip, asked(lifetime))
                .thenApply(
                        result ->
                                switch (result) {
                                    case PutResult.Done done -> done(lifetime, done);
                                    case PutResult.Failed failed -> failed(lifetime, failed);
                                    case PutResult.TooLate late -> late;
                                });
    }

    @Override
    public CompletionStage<Optional<String>> remove(VirtualIp vip) {
        return table.remove(vip);
    }

    @Override
    public CompletionStage<Optional<FoundAddress>> find(VirtualIp vip) {
        return table.find(vip).thenApply(there -> there.map(this::found));
    }

    @Override
    public void watch(VirtualIp vip, Listener listener) {
        table.watch(vip, listener);
    }

    @Override
    public void unwatch(VirtualIp vip) {
        table.unwatch(vip);
    }

    @Override
    public void close() {
        table.close();
    }
}
