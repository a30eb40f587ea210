package org.vipmanager.core;

/** What was decided on. Actions of one step are carried out in their order. */
public sealed interface Action {

    /** Put the address or renew it; the lifetime is computed from the rule at the last moment. */
    record Put(KernelLifetime lifetime) implements Action {}

    /** Take the address away. */
    record Remove() implements Action {}

    /**
     * End the connections that the address has here, so that its clients learn that it moves.
     *
     * @param until when what comes next is done at the latest, whether that has ended or not
     */
    record ResetConnections(Moment until) implements Action {}

    /** Send one round of announcements. */
    record Announce() implements Action {}

    /** Ask the network whether somebody else holds the address. */
    record Probe() implements Action {}

    /** Ask the local Patroni. */
    record AskPatroni() implements Action {}

    /** Read the leader key at once. */
    record ReadNow() implements Action {}
}
