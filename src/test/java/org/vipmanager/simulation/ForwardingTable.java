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

    @Override
    public final CompletionStage<PutResult> put(VirtualIp vip, KernelLifetime lifetime) {
        return table.put(vip, asked(lifetime))
                .thenApply(
                        result ->
                                result instanceof PutResult.Done done
                                        ? done(lifetime, done)
                                        : result);
    }

    @Override
    public CompletionStage<Optional<String>> remove(VirtualIp vip) {
        return table.remove(vip);
    }

    @Override
    public CompletionStage<Optional<FoundAddress>> find(VirtualIp vip) {
        return table.find(vip);
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
    public void rehearse(VirtualIp vip) {
        table.rehearse(vip);
    }

    @Override
    public void close() {
        table.close();
    }
}
