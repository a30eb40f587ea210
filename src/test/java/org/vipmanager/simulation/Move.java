package org.vipmanager.simulation;

/** How leadership is moved on purpose. */
enum Move {
    /** The leader gives the key back and another takes it. */
    SWITCHOVER,
    /** The database of the leader crashes: its Patroni gives the key back, and may win it again. */
    CRASH,
    /** Patroni is shut down: the key is given back, nothing keeps the lease alive. */
    SHUTDOWN,
    OPERATOR_DELETES,
    OPERATOR_REWRITES,
    RECREATED,
    RECREATED_WITH_OTHER_LEASE,
    LEASE_CHANGED
}
