package org.vipmanager.simulation;

/** How a host stops being the leader. */
enum LeadershipEnd {
    /** The key's lease ran out. */
    EXPIRED,
    /** The key was deleted: switchover, crash of the database, shutdown, an operator. */
    RELEASED,
    /** The key was written with another value. */
    REWRITTEN,
    /** The store was restored from a backup. */
    RESTORED
}
