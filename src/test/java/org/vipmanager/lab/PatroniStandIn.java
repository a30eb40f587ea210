package org.vipmanager.lab;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What Patroni does with the leader key, and nothing else.
 *
 * <p>It lives in its host, so that it is cut off with it. The leader refreshes its lease once a
 * loop; when etcd cannot be asked the lease runs out, the key goes with it, and the first other
 * stand-in that finds it absent takes it.
 */
final class PatroniStandIn implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration AFTER_RELEASE = Duration.ofSeconds(2);

    private final Host host;
    private final EtcdClient etcd;
    private final String key;

    /** Names who alone may lead next, as Patroni's key of that name does in a switchover. */
    private final String failoverKey;

    private final Duration ttl;
    private final Duration loopWait;
    private final Timeline timeline;
    private final Thread thread;
    private long lease;
    private volatile boolean leading;
    private volatile @Nullable PatroniStandIn successor;
    private volatile boolean frozen;
    private volatile boolean candidate = true;
    private volatile boolean closed;

    PatroniStandIn(
            Host host,
            EtcdClient etcd,
            String key,
            Duration ttl,
            Duration loopWait,
            Timeline timeline) {
        this.host = host;
        this.etcd = etcd;
        this.key = key;
        this.failoverKey = key.replaceFirst("[^/]*$", "failover");
        this.ttl = ttl;
        this.loopWait = loopWait;
        this.timeline = timeline;
        this.thread = host.namespace().start("patroni", this::loop);
    }

    boolean isLeading() {
        return leading;
    }

    Host host() {
        return host;
    }

    /** Releases the key, which the candidate takes at once: a switchover. */
    void switchOverTo(PatroniStandIn successor) {
        this.successor = successor;
        LockSupport.unpark(thread);
    }

    void mayLead(boolean candidate) {
        this.candidate = candidate;
    }

    /** Stands still, as when the whole host is frozen. */
    void freeze(boolean frozen) {
        this.frozen = frozen;
    }

    private void loop() {
        while (!closed) {
            Duration pause = LOOK;
            if (!frozen) {
                try {
                    pause = leading ? lead() : follow();
                } catch (UncheckedIOException e) {
                    // Asked again: the lease decides what that costs.
                }
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private Duration lead() {
        PatroniStandIn next = successor;
        if (next != null) {
            etcd.create(failoverKey, next.host.name(), etcd.grant(AFTER_RELEASE));
            etcd.deleteIf(key, host.name());
            timeline.note(host + " has released the leader key");
            successor = null;
            leading = false;
            LockSupport.unpark(next.thread);
            return AFTER_RELEASE;
        }
        if (!etcd.keepAlive(lease)) {
            leading = false;
            timeline.note(host + " has lost its lease");
            return LOOK;
        }
        return loopWait;
    }

    private Duration follow() {
        if (candidate && etcd.get(key).isEmpty() && mayFollow()) {
            if (lease == 0 || !etcd.keepAlive(lease)) {
                lease = etcd.grant(ttl);
            }
            if (etcd.create(key, host.name(), lease)) {
                leading = true;
                etcd.deleteIf(failoverKey, host.name());
                timeline.note(
                        "leader key is " + host + ", under a lease of " + ttl.toSeconds() + " s");
            }
        }
        return LOOK;
    }

    private boolean mayFollow() {
        return etcd.get(failoverKey).map(named -> named.value().equals(host.name())).orElse(true);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        LockSupport.unpark(thread);
        thread.join();
    }
}
