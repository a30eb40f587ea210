package org.vipmanager.simulation;

import org.vipmanager.control.AddressTable;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** A table that lets something come between it and its user. */
final class ForwardingTable implements AddressTable {

    private final AddressTable table;
    private final UnaryOperator<KernelLifetime> lifetimes;
    private final UnaryOperator<PutResult> results;

    ForwardingTable(
            AddressTable table,
            UnaryOperator<KernelLifetime> lifetimes,
            UnaryOperator<PutResult> results) {
        this.table = table;
        this.lifetimes = lifetimes;
        this.results = results;
    }

    @Override
    public CompletionStage<PutResult> put(VirtualIp vip, KernelLifetime lifetime) {
        return table.put(vip, lifetimes.apply(lifetime)).thenApply(results);
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
