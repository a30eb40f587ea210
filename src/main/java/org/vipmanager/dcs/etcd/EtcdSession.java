package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that stands on one connection: the confirming rounds, one at a time, and the {@link
 * SessionWatch} of all keys.
 *
 * <p>Once it is closed nothing of it is heard any more. A session that has failed is of no further
 * use.
 */
final class EtcdSession {

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

        /**
         * There was nothing to be read: the watch is alive, and is relied on.
         *
         * @param at when a round was due
         */
        void rested(Moment at);

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
    private final SessionWatch watch;
    private Owner owner;
    private @Nullable Round round;
    private boolean roundIsOfAll;
    private Moment allDueAt = Moment.LONG_AGO;
    private int unansweredLeases;
    private boolean triedNewToken;
    private boolean readsAll;
    private boolean closed;

    EtcdSession(Contact contact, Owner owner) {
        this.contact = contact;
        this.owner = owner;
        watch = new SessionWatch(contact, this);
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
        watch.end();
        contact.connection().close();
    }

    // ---- rounds ------------------------------------------------------------------------------

    /**
     * Begins a round, or asks the watch alone whether it is alive.
     *
     * @param everything whether also what may rely on the watch is read
     */
    void confirm(boolean everything) {
        Moment now = contact.loop().now();
        boolean all = everything || !mayRelyOnWatch(now);
        List<String> names = contact.keys().names();
        List<String> unsettled = contact.keys().unsettled();
        if (unsettled.size() < names.size()) {
            watch.askWhetherAlive();
        }
        if (!all && unsettled.isEmpty()) {
            owner.rested(now);
            return;
        }
        Round begun = new Round(contact, this, all ? names : unsettled);
        round = begun;
        roundIsOfAll = all;
        begun.ask();
    }

    private boolean mayRelyOnWatch(Moment now) {
        return readsAll && watch.isAlive() && now.isBefore(allDueAt);
    }

    boolean isUnderWay(Round asking) {
        return !closed && round == asking;
    }

    void completed(Round done) {
        Optional<EtcdFailure> denial = done.denial();
        if (roundIsOfAll && denial.isPresent() && done.readableKeys().isEmpty()) {
            failed(denial.get(), done.sentAt());
            return;
        }
        round = null;
        triedNewToken = false;
        readsAll = denial.isEmpty();
        if (roundIsOfAll) {
            watch.beginFrom(done);
            Duration reliance = contact.policy().reliance(contact.loop().chance());
            allDueAt = done.sentAt().plus(reliance);
        } else if (!watch.isUnderWay() || !readsAll || done.showsMoreThanTheWatch()) {
            watch.giveUp();
            return;
        }
        owner.confirmed(done.sentAt(), readsAll);
    }

    void failed(EtcdFailure failure, Moment sentAt) {
        if (failure.kind() == EtcdFailure.Kind.TOKEN_EXPIRED && !triedNewToken) {
            triedNewToken = true;
            contact.detail(failure.details() + "; authenticating again");
            contact.keys().restart();
            confirm(true);
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
}
