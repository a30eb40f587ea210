package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;

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

    private final EtcdContact contact;
    private final Owner owner;
    private @Nullable EtcdWatch watch;
    private List<String> watched = List.of();
    private Moment since = Moment.LONG_AGO;

    KeyWatch(EtcdContact contact, Owner owner) {
        this.contact = contact;
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
            contact.tell("the watch is replaced");
        }
        watch =
                wanted.isEmpty()
                        ? null
                        : contact.connection()
                                .watch(wanted, done.lowestRevision() + 1, new Listener());
        watched = wanted;
        since = contact.loop().now();
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
        Moment receivedAt = contact.loop().now();
        Duration youngEnough = contact.policy().interval().plus(contact.policy().timeout());
        Moment earliest = receivedAt.minus(youngEnough);
        EtcdWatch telling = watch;
        for (EtcdEntry change : changes) {
            FollowedKey key = contact.keys().find(change.key()).orElse(null);
            if (key == null) {
                continue;
            }
            EtcdEntry entry = contact.keys().shown(change);
            Revision revision = new Revision(clusterId, entry.modRevision());
            switch (key.judge(revision, entry, earliest)) {
                case OLD -> {}
                case TIMELY -> owner.seen(key.changed(revision, entry, receivedAt));
                case READ_FIRST -> owner.roundWanted();
                case FOREIGN -> owner.anotherStore();
            }
            if (watch != telling) {
                return; // closed meanwhile
            }
        }
        if (contact.keys().isLeaseQuestionDue(receivedAt)) {
            owner.roundWanted();
        }
    }

    private final class Listener implements EtcdWatch.Listener {

        @Override
        public void changed(long clusterId, List<EtcdEntry> changes) {
            contact.journal().changed(contact.endpoint(), changes);
            KeyWatch.this.changed(clusterId, changes);
        }

        @Override
        public void ended(EtcdFailure failure) {
            contact.tell("the watch ended: " + failure.details());
            watch = null;
            owner.watchEnded(
                    failure,
                    !since.plus(contact.policy().interval()).isAfter(contact.loop().now()));
        }
    }
}
