package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;

import java.time.Duration;
import java.util.List;

/**
 * The watch of all keys on one connection, begun anew after a read whenever it has ended, has kept
 * something to itself, or watches other keys than those that are followed.
 */
final class EtcdWatch implements EtcdConnection.WatchListener {

    private final EtcdContact contact;
    private final EtcdSession session;
    private EtcdConnection.@Nullable Watch watch;
    private List<String> watched = List.of();
    private Moment since = Moment.LONG_AGO;

    EtcdWatch(EtcdContact contact, EtcdSession session) {
        this.contact = contact;
        this.session = session;
    }

    /** Sees to it that what this round has read is watched from there on. */
    void continueFrom(Confirmation done) {
        List<String> wanted = done.readableKeys();
        if (watch != null && watched.equals(wanted) && !done.showsMoreThanTheWatch()) {
            return;
        }
        EtcdConnection.Watch before = watch;
        if (before != null) {
            contact.tell("the watch is replaced");
        }
        watch =
                wanted.isEmpty()
                        ? null
                        : contact.connection().watch(wanted, done.lowestRevision() + 1, this);
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

    /**
     * A key has changed: who follows it hears so at once, or after a read where the event proves
     * too little.
     */
    @Override
    public void changed(long clusterId, List<EtcdEntry> changes) {
        contact.journal().changed(contact.endpoint(), changes);
        Moment receivedAt = contact.loop().now();
        Duration youngEnough = contact.policy().interval().plus(contact.policy().timeout());
        Moment earliest = receivedAt.minus(youngEnough);
        EtcdConnection.Watch telling = watch;
        for (EtcdEntry change : changes) {
            FollowedKey key = contact.keys().find(change.key()).orElse(null);
            if (key == null) {
                continue;
            }
            EtcdEntry entry = contact.keys().shown(change);
            Revision revision = new Revision(clusterId, entry.modRevision());
            switch (key.judge(revision, entry, earliest)) {
                case OLD -> {}
                case TIMELY -> contact.listener().seen(key.changed(revision, entry, receivedAt));
                case READ_FIRST -> session.roundWanted();
                case FOREIGN -> session.storeChanged();
            }
            if (watch != telling) {
                return; // closed meanwhile
            }
        }
        if (contact.keys().isLeaseQuestionDue(receivedAt)) {
            session.roundWanted();
        }
    }

    @Override
    public void ended(EtcdFailure failure) {
        contact.tell("the watch ended: " + failure.details());
        watch = null;
        Moment livedFor = since.plus(contact.policy().interval());
        session.watchEnded(failure, !livedFor.isAfter(contact.loop().now()));
    }
}
