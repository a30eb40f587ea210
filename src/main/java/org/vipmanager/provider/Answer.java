package org.vipmanager.provider;

import java.time.Duration;

/**
 * What a call to a provider has led to.
 *
 * @param reads how many requests that only read it has sent
 * @param changes how many requests that change something it has sent
 */
public record Answer(Outcome outcome, int reads, int changes) {

    /** What became of it. */
    public sealed interface Outcome {}

    /** The address is routed to this host. */
    public record Here() implements Outcome {}

    /**
     * It is routed to another host, or to none.
     *
     * @param where for people
     */
    public record Elsewhere(String where) implements Outcome {}

    /**
     * A switch is under way.
     *
     * @param what for people
     * @param patience how long it may last before it is to be asked for again
     */
    public record Switching(String what, Duration patience) implements Outcome {}

    /**
     * It cannot be said, or cannot be done now.
     *
     * @param trouble one sentence without a full stop and without secrets; the same words whenever
     *     the same happens
     * @param pause ask no sooner than this
     * @param needsAPerson whether it will be so until somebody mends something
     */
    public record Failed(String trouble, Duration pause, boolean needsAPerson) implements Outcome {}

    static Answer free(Outcome outcome) {
        return new Answer(outcome, 0, 0);
    }
}
