package org.vipmanager.lab;

/** The leader key, written by hand: without a lease, at once, whoever leads. */
final class LeaderKey {

    private final EtcdServer etcd;
    private final String path;
    private final Timeline timeline;

    LeaderKey(EtcdServer etcd, String path, Timeline timeline) {
        this.etcd = etcd;
        this.path = path;
        this.timeline = timeline;
    }

    String path() {
        return path;
    }

    /** Writes that the host leads; returns the time at which the write had returned. */
    long name(Host leader) {
        return write(() -> etcd.local().put(path, leader.name()), "leader key is " + leader.name());
    }

    /** Returns the time at which the deletion had returned. */
    long delete() {
        return write(() -> etcd.local().delete(path), "leader key deleted");
    }

    /** The value, or "nobody". */
    String value() {
        return etcd.host()
                .namespace()
                .call(() -> etcd.local().get(path).map(EtcdClient.Entry::value).orElse("nobody"));
    }

    private long write(Runnable request, String what) {
        return etcd.host()
                .namespace()
                .call(
                        () -> {
                            request.run();
                            return timeline.note(what);
                        });
    }
}
