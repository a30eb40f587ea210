package org.vipmanager.provider;

/**
 * Routes an address to one host.
 *
 * <p>Called on threads that may block, one call at a time for each address. Each call must end
 * within a time of its own, whatever the other side does, and says in its {@link Answer} what it
 * has cost.
 */
public interface Provider {

    /** Asks where the address is routed; changes nothing. */
    Answer state(Call call);

    /**
     * Has it routed to this host, and may return before that has happened. Harmless when it is here
     * already. Whoever changes something asks {@link Call#mayChange} just before.
     */
    Answer acquire(Call call);

    /** Tells that this host does not need it any more; only where the rules ask for it. */
    default Answer release(Call call) {
        return Answer.free(new Answer.Elsewhere("released"));
    }

    /**
     * Gives up what it keeps open, as another takes its place; a call that is under way fails soon.
     * Waits for nothing.
     */
    default void close() {}
}
