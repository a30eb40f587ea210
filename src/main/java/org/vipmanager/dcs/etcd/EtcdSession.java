package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that stands on one connection: the confirming rounds, one at a time, and the watch of
 * all keys, which is begun anew after a round whenever it has ended, has kept something to itself,
 * or watches other keys than those that are followed.
 *
 * <p>Once it is closed nothing of it is heard any more. A session that has failed is of no further
 * use.
 */
final class EtcdSession implements EtcdConnection.WatchListener {

    /** Whom the session serves; what the keys say goes to their listener. */
    interface Owner {

        /** A round is wanted soon, as a watch or a lease needs it. */
        void roundWanted();

        /**
         * A round is over.
         *
         * @param sentAt when it was begun
         * @param completely whether every key could be read
         */
        void confirmed(Moment sentAt, boolean completely);

        /** A key may not be read; the others are followed. */
        void denied(String key, EtcdFailure failure);

        /**
         * The endpoint does not do what it should.
         *
         * @param sentAt when the last round was begun
         */
        void failed(EtcdFailure failure, Moment sentAt);

        /** The connection broke between two rounds, or the store is another: begin afresh. */
        void lost(boolean atOnce);
    }

    /**
     * The contact with one endpoint: the connection, and what everything that stands on it shares.
     *
     * @param keys which are followed there
     * @param listener hears of them, as long as the connection stands
     */
    record Contact(
            Loop loop,
            EtcdPolicy policy,
            FollowedKeys keys,
            EtcdLog log,
            LeaderSource.Listener listener,
            URI endpoint,
            EtcdConnection connection) {

        /** Something for who reads every detail. */
        void detail(String detail) {
            log.detail(endpoint, detail);
        }
    }

    private final Contact contact;
    private Owner owner;
    private @Nullable Round round;
    private int unansweredLeases;
    private boolean triedNewToken;
    private boolean readsAll;
    private boolean closed;

    private EtcdConnection.@Nullable Watch watch;
    private List<String> watched = List.of();
    private Moment watchedSince = Moment.LONG_AGO;

    EtcdSession(Contact contact, Owner owner) {
        this.contact = contact;
        this.owner = owner;
    }

    /** Serves another owner from now on. */
    void serve(Owner next) {
        owner = next;
    }

    Owner owner() {
        return owner;
    }

    URI endpoint() {
        return contact.endpoint();
    }

    /** Whether the last round could read every key. */
    boolean readsAll() {
        return readsAll;
    }

    boolean isConfirming() {
        return round != null;
    }

    boolean isOutdated() {
        return contact.connection().isOutdated();
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        if (watch != null) {
            watch.close();
            watch = null;
        }
        contact.connection().close();
    }

    // ---- rounds ------------------------------------------------------------------------------

    /** Begins a round. */
    void confirm() {
        Round begun = new Round(contact, this);
        round = begun;
        begun.ask();
    }

    boolean isUnderWay(Round asking) {
        return !closed && round == asking;
    }

    void completed(Round done) {
        Optional<EtcdFailure> denial = done.denial();
        if (denial.isPresent() && done.readableKeys().isEmpty()) {
            failed(denial.get(), done.sentAt());
            return;
        }
        round = null;
        triedNewToken = false;
        readsAll = denial.isEmpty();
        watchFrom(done);
        owner.confirmed(done.sentAt(), readsAll);
    }

    void failed(EtcdFailure failure, Moment sentAt) {
        if (failure.kind() == EtcdFailure.Kind.TOKEN_EXPIRED && !triedNewToken) {
            triedNewToken = true;
            contact.detail(failure.details() + "; authenticating again");
            contact.keys().restart();
            confirm();
            return;
        }
        owner.failed(failure, sentAt);
    }

    void leaseAnswered() {
        unansweredLeases = 0;
    }

    /** One answer may be lost. */
    void leaseUnanswered(EtcdFailure failure, Moment sentAt) {
        contact.detail(failure.details());
        unansweredLeases++;
        if (unansweredLeases > 1 && failure.kind() != EtcdFailure.Kind.TOKEN_EXPIRED) {
            owner.failed(failure, sentAt);
        }
    }

    // ---- the watch ---------------------------------------------------------------------------

    /** Sees to it that what this round has read is watched from there on. */
    private void watchFrom(Round done) {
        List<String> wanted = done.readableKeys();
        if (watch != null && watched.equals(wanted) && !done.showsMoreThanTheWatch()) {
            return;
        }
        EtcdConnection.Watch before = watch;
        if (before != null) {
            contact.detail("the watch is replaced");
        }
        watch =
                wanted.isEmpty()
                        ? null
                        : contact.connection().watch(wanted, done.lowestRevision() + 1, this);
        watched = wanted;
        watchedSince = contact.loop().now();
        if (before != null) {
            before.close();
        }
    }

    /** Who follows the keys hears so at once, or after a read where an event proves too little. */
    @Override
    public void changed(long clusterId, List<EtcdEntry> changes) {
        contact.log().changed(contact.endpoint(), changes);
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
                case READ_FIRST -> owner.roundWanted();
                case FOREIGN -> owner.lost(true);
            }
            if (watch != telling) {
                return; // closed meanwhile
            }
        }
        if (contact.keys().isLeaseQuestionDue(receivedAt)) {
            owner.roundWanted();
        }
    }

    /** The next round begins another. */
    @Override
    public void ended(EtcdFailure failure) {
        contact.detail("the watch ended: " + failure.details());
        watch = null;
        if (round != null) {
            return; // its answer begins another, or it fails too
        }
        Duration lived = watchedSince.until(contact.loop().now());
        boolean livedLong = lived.compareTo(contact.policy().interval()) >= 0;
        switch (failure.kind()) {
            case UNREACHABLE, SILENT, TLS, ENDED -> owner.lost(livedLong);
            case NO_LEADER,
                    COMPACTED,
                    TOKEN_EXPIRED,
                    LOGIN_REFUSED,
                    PERMISSION_DENIED,
                    UNEXPECTED -> {
                if (livedLong) {
                    owner.roundWanted();
                }
            }
        }
    }
}
