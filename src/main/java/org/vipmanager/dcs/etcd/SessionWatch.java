package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.DcsAnswer;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;

import java.time.Duration;
import java.util.List;

/**
 * The watch of all keys on one connection. It is begun anew after a round that has read all of
 * them, whenever it has ended, has kept something to itself, does not answer any more, or watches
 * other keys than those that are followed.
 */
final class SessionWatch implements EtcdConnection.WatchListener {

    private final EtcdSession.Contact contact;
    private final EtcdSession session;
    private EtcdConnection.@Nullable Watch watch;
    private @Nullable WatchCheck check;
    private boolean givenUp;
    private List<String> watched = List.of();
    private Moment watchedSince = Moment.LONG_AGO;

    SessionWatch(EtcdSession.Contact contact, EtcdSession session) {
        this.contact = contact;
        this.session = session;
    }

    boolean isUnderWay() {
        return watch != null;
    }

    /** Whether it has answered lately, so that it may be relied on. */
    boolean isAlive() {
        return check != null && check.isAlive();
    }

    void askWhetherAlive() {
        if (check != null) {
            check.ask();
        }
    }

    /** Sees to it that what this round has read is watched from there on. */
    void beginFrom(Round done) {
        List<String> wanted = done.readableKeys();
        boolean isDead = givenUp || check != null && check.isOverdue();
        boolean isGood = watch != null && !isDead && !done.showsMoreThanTheWatch();
        if (isGood && watched.equals(wanted)) {
            return;
        }
        if (watch != null) {
            contact.detail("the watch is replaced");
        }
        EtcdConnection.Watch begun =
                wanted.isEmpty()
                        ? null
                        : contact.connection().watch(wanted, done.lowestRevision() + 1, this);
        end();
        watch = begun;
        watched = wanted;
        watchedSince = contact.loop().now();
        if (begun != null) {
            check = new WatchCheck(contact.loop(), contact.policy(), begun, this::doesNotAnswer);
        }
    }

    void end() {
        givenUp = false;
        if (check != null) {
            check.stop();
            check = null;
        }
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    /** It, the connection, or etcd itself may be dead, or only slow: a read tells. */
    private void doesNotAnswer() {
        contact.detail("the watch does not answer");
        session.owner().roundWanted();
    }

    /** It is heard until all was read, and another one begins there. */
    void giveUp() {
        givenUp = true;
        if (check != null) {
            check.stop();
            check = null;
        }
        session.owner().roundWanted();
    }

    @Override
    public void alive() {
        Moment asked = check == null ? null : check.answered();
        if (asked != null) {
            Moment now = contact.loop().now();
            contact.listener().answered(DcsAnswer.of(contact.endpoint(), asked, now));
        }
    }

    /** Who follows the keys hears so at once, or after a read where an event proves too little. */
    @Override
    public void changed(long clusterId, List<EtcdEntry> changes) {
        contact.log().changed(contact.endpoint(), changes);
        Moment receivedAt = contact.loop().now();
        EtcdConnection.Watch telling = watch;
        for (EtcdEntry change : changes) {
            FollowedKey key = contact.keys().find(change.key()).orElse(null);
            if (key == null) {
                continue;
            }
            EtcdEntry entry = contact.keys().shown(change);
            Revision revision = new Revision(clusterId, entry.modRevision());
            switch (key.judge(revision, entry, receivedAt, contact.policy())) {
                case OLD -> {}
                case TIMELY -> tell(key, key.changed(revision, entry, receivedAt));
                case READ_FIRST -> session.owner().roundWanted();
                case FOREIGN -> session.owner().lost(true);
            }
            if (watch != telling) {
                return; // closed meanwhile
            }
        }
        if (contact.keys().isLeaseQuestionDue(receivedAt)) {
            session.owner().roundWanted();
        }
    }

    private void tell(FollowedKey key, Sighting event) {
        contact.listener().seen(event);
        if (!session.isClosed() && key.isReadWanted(event.receivedAt(), contact.policy())) {
            session.owner().roundWanted();
        }
    }

    /** The next round begins another. */
    @Override
    public void ended(EtcdFailure failure) {
        contact.detail("the watch ended: " + failure.details());
        end();
        if (session.isConfirming()) {
            return; // its answer begins another, or it fails too
        }
        Duration lived = watchedSince.until(contact.loop().now());
        boolean livedLong = lived.compareTo(contact.policy().interval()) >= 0;
        switch (failure.kind()) {
            case UNREACHABLE, SILENT, TLS, ENDED -> session.owner().lost(livedLong);
            case NO_LEADER,
                    COMPACTED,
                    TOKEN_EXPIRED,
                    LOGIN_REFUSED,
                    PERMISSION_DENIED,
                    UNEXPECTED -> {
                if (livedLong) {
                    session.owner().roundWanted();
                }
            }
        }
    }
}
