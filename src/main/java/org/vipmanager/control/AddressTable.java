package org.vipmanager.control;

import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.LinkChange;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.VirtualIp;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where the address is put and taken away: the kernel, or a provider's API.
 *
 * <p>All methods are called on the {@link Loop}; stages complete there, the kernel's already when
 * the method returns. A provider may take a minute. Failures are results, not exceptions.
 */
public interface AddressTable extends AutoCloseable {

    /**
     * Puts the address, or renews it.
     *
     * <p>The lifetime is computed from the rule as the last thing before the request is sent.
     */
    CompletionStage<PutResult> put(VirtualIp vip, KernelLifetime lifetime);

    /**
     * Takes the address away; one that is not there is no error.
     *
     * @return empty, or one sentence about what went wrong
     */
    CompletionStage<Optional<String>> remove(VirtualIp vip);

    /** Looks whether the address is there now. */
    CompletionStage<Optional<FoundAddress>> find(VirtualIp vip);

    /**
     * Reports what happens to the address and its interface from now on; replaces the listener
     * before it.
     */
    void watch(VirtualIp vip, Listener listener);

    /** Reports nothing about this address any more. */
    void unwatch(VirtualIp vip);

    @Override
    void close();

    /** Receives what others do to the address. Called on the loop. */
    interface Listener {

        /**
         * The address is no longer on the interface; not called for our own {@link
         * AddressTable#remove}.
         */
        void addressGone();

        /** The same, because its interface was deleted, renamed or set down. */
        void addressGoneWithLink();

        /**
         * The address was gone for a moment, or may have been, as the kernel's messages were lost;
         * it is there again, and this table did not put it there.
         */
        void addressReturned();

        /**
         * The address is on the interface and this table did not put it there, or not for so long.
         */
        void addressAppeared(FoundAddress found);

        /** The interface can carry the address (again), or cannot now. */
        void linkChanged(LinkChange change);
    }
}
