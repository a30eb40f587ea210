package org.vipmanager.lab;

import java.time.Duration;

/** The leader key, written by hand: without a lease, at once, whoever leads. */
final class LeaderKey {

    private final Namespace operator;
    private final EtcdClient etcd;
    private final String path;
    private final Timeline timeline;

    /**
     * @param operator where whoever writes it sits
     */
    LeaderKey(Namespace operator, EtcdClient etcd, String path, Timeline timeline) {
        this.operator = operator;
        this.etcd = etcd;
        this.path = path;
        this.timeline = timeline;
    }

    /**
     * Writes that the host leads; returns the time at which the write had returned. The address may
     * have moved a little before that.
     */
    long name(Host leader) {
        return write(() -> etcd.put(path, leader.name()), "leader key is " + leader.name());
    }

    /** Writes that the host leads, many times, and lets etcd forget all but the last. */
    void nameAndCompact(Host leader) {
        operator.call(
                () -> {
                    for (int i = 0; i < 20; i++) {
                        etcd.put(path, "nobody" + i);
                    }
                    etcd.compact(etcd.put(path, leader.name()));
                    return timeline.note("leader key is " + leader.name() + ", the past forgotten");
                });
    }

    /**
     * A switchover of Patroni: the key is deleted, and created by the host that leads next, under a
     * lease that was granted before. Returns the time at which the creation had returned.
     */
    long handOver(Host leader, Duration ttl) {
        return operator.call(
                () -> {
                    long lease = etcd.grant(ttl);
                    etcd.delete(path);
                    timeline.note("leader key deleted");
                    if (!etcd.create(path, leader.name(), lease)) {
                        throw new IllegalStateException(path + " was created by somebody else");
                    }
                    return timeline.note("leader key is " + leader.name() + ", created");
                });
    }

    /** From now on etcd talks only to that user, who may do everything. */
    void demandPassword(String user, String password) {
        operator.call(
                () -> {
                    etcd.demandPassword(user, password);
                    return timeline.note("etcd demands a password");
                });
    }

    /** Returns the time at which the deletion had returned. */
    long delete() {
        return write(() -> etcd.delete(path), "leader key deleted");
    }

    /** The value, or "nobody". */
    String value() {
        return operator.call(() -> etcd.get(path).map(EtcdClient.Entry::value).orElse("nobody"));
    }

    private long write(Runnable request, String what) {
        return operator.call(
                () -> {
                    request.run();
                    return timeline.note(what);
                });
    }
}
