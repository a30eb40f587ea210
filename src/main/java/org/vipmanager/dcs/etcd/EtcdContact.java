package org.vipmanager.dcs.etcd;

import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;

import java.net.URI;

/**
 * The contact with one endpoint: the connection, and what everything that stands on it shares.
 *
 * @param keys which are followed there
 * @param listener hears of them, as long as the connection stands
 */
record EtcdContact(
        Loop loop,
        EtcdPolicy policy,
        FollowedKeys keys,
        EtcdJournal journal,
        LeaderSource.Listener listener,
        URI endpoint,
        EtcdConnection connection) {

    /** Something for who reads every detail. */
    void tell(String detail) {
        journal.detail(endpoint, detail);
    }
}
