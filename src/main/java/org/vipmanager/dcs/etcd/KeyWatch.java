package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The watch of all keys on one connection, begun anew after a read whenever it has ended, has kept
 * something to itself, or watches other keys than those that are followed.
 */
final class KeyWatch {

    /** Whom the watch serves. */
    interface Owner {

        void seen(Sighting sighting);

        /** An event proves too little, or raises a question: a round is wanted. */
        void roundWanted();

        /** The events come from another store than the reads. */
        void anotherStore();

        /**
         * The watch is over; the next round begins another.
         *
         * @param lived whether it had lived for an interval
         */
        void watchEnded(EtcdFailure failure, boolean lived);
    }

    private final Loop loop;
    private final EtcdPolicy policy;
    private final FollowedKeys keys;
    private final EtcdJournal journal;
    private final URI endpoint;
    private final EtcdConnection connection;
    private final Owner owner;
    private @Nullable EtcdWatch watch;
    private List<String> watched = List.of();
    private Moment since = Moment.LONG_AGO;

    KeyWatch(
            Loop loop,
            EtcdPolicy policy,
            FollowedKeys keys,
            EtcdJournal journal,
            URI endpoint,
            EtcdConnection connection,
            Owner owner) {
        this.loop = loop;
        this.policy = policy;
        this.keys = keys;
        this.journal = journal;
        this.endpoint = endpoint;
        this.connection = connection;
        this.owner = owner;
    }

    /** Sees to it that what this round has read is watched from there on. */
    void continueFrom(Confirmation done) {
        List<String> wanted = done.readableKeys();
        if (watch != null && watched.equals(wanted) && !done.showsMoreThanTheWatch()) {
            return;
        }
        EtcdWatch before = watch;
        if (before != null) {
            journal.detail(endpoint, "the watch is replaced");
        }
        watch =
                wanted.isEmpty()
                        ? null
                        : connection.watch(wanted, done.lowestRevision() + 1, new Listener());
        watched = wanted;
        since = loop.now();
        if (before != null) {
            before.close();
        }
    }

    void close() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    private void changed(long clusterId, List<EtcdEntry> changes) {
        Moment receivedAt = loop.now();
        Duration youngEnough = policy.interval().plus(policy.timeout());
        Moment earliest = receivedAt.minus(youngEnough);
        EtcdWatch telling = watch;
        for (EtcdEntry change : changes) {
            FollowedKey key = keys.find(change.key()).orElse(null);
            if (key == null) {
                continue;
            }
            EtcdEntry entry = keys.shown(change);
            Revision revision = new Revision(clusterId, entry.modRevision());
            switch (key.judge(revision, earliest)) {
                case OLD -> {}
                case TIMELY -> owner.seen(key.changed(revision, entry, receivedAt));
                case READ_FIRST -> owner.roundWanted();
                case FOREIGN -> owner.anotherStore();
            }
            if (watch != telling) {
                return; // closed meanwhile
            }
        }
        if (keys.isLeaseQuestionDue(receivedAt)) {
            owner.roundWanted();
        }
    }

    private final class Listener implements EtcdWatch.Listener {

        @Override
        public void changed(long clusterId, List<EtcdEntry> changes) {
            journal.changed(endpoint, changes);
            KeyWatch.this.changed(clusterId, changes);
        }

        @Override
        public void ended(EtcdFailure failure) {
            journal.detail(endpoint, "the watch ended: " + failure.details());
            watch = null;
            owner.watchEnded(failure, !since.plus(policy.interval()).isAfter(loop.now()));
        }
    }
}
