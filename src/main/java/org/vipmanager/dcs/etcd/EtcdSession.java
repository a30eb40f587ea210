package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Everything that stands on one connection: the confirming rounds, one at a time, and the watch.
 *
 * <p>Once it is closed nothing of it is heard any more. A session that has failed is of no further
 * use.
 */
final class EtcdSession {

    /** Whom the session serves. */
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

    private final EtcdContact contact;
    private Owner owner;
    private final EtcdWatch watch;
    private @Nullable Confirmation round;

    private int unansweredLeases;
    private boolean triedNewToken;
    private boolean readsAll;
    private boolean closed;

    EtcdSession(EtcdContact contact, Owner owner) {
        this.contact = contact;
        this.owner = owner;
        this.watch = new EtcdWatch(contact, this);
    }

    /** Serves another owner from now on. */
    void serve(Owner next) {
        owner = next;
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

    void close() {
        closed = true;
        watch.close();
        contact.connection().close();
    }

    /** Begins a round: first the questions about leases, then the reads. */
    void confirm() {
        Confirmation begun = new Confirmation(contact.loop().now(), contact.keys().names());
        round = begun;
        if (begun.isComplete()) {
            completed(begun); // there is nothing to follow
            return;
        }
        for (Sighting led : contact.keys().takeLeaseQuestions(begun.sentAt())) {
            if (begun.ask(led)) {
                ask(begun, led.leaseId());
            }
        }
        for (long hidden : contact.keys().takeHiddenLeases(begun.sentAt())) {
            ask(begun, hidden);
        }
        int count = begun.keys().size();
        for (int from = 0; from < count; from += EtcdConnection.MOST_KEYS) {
            int to = Math.min(count, from + EtcdConnection.MOST_KEYS);
            read(begun, begun.keys().subList(from, to));
        }
    }

    // ---- reads -------------------------------------------------------------------------------

    private void read(Confirmation begun, List<String> some) {
        contact.connection()
                .read(
                        some,
                        contact.policy().timeout(),
                        answer -> {
                            if (isUnderWay(begun)) {
                                answered(begun, answer);
                            }
                        },
                        failure -> {
                            if (isUnderWay(begun)) {
                                readFailed(begun, some, failure);
                            }
                        });
    }

    private void answered(Confirmation begun, EtcdRead answer) {
        contact.journal().answered(contact.endpoint(), answer);
        Moment receivedAt = contact.loop().now();
        Revision revision = new Revision(answer.clusterId(), answer.revision());
        for (EtcdEntry found : answer.entries()) {
            EtcdEntry entry = contact.keys().shown(found);
            FollowedKey key = contact.keys().find(entry.key()).orElse(null);
            if (key == null) {
                begun.noteForgotten(entry.key());
                continue;
            }
            if (key.isNewsTo(revision, entry, begun.sentAt())) {
                begun.noteMissedByWatch();
            }
            if (key.isOvertaken(revision, begun.sentAt())) {
                owner.roundWanted();
            }
            if (key.isRestored(revision, begun.sentAt())) {
                begun.voidQuestion(entry.key());
            }
            Sighting seen = key.read(revision, entry, begun.sentAt(), receivedAt);
            Optional<LeaseProof> proof = begun.noteRead(seen, answer.raftTerm());
            contact.listener().seen(seen);
            if (!closed && proof.isPresent()) {
                tell(proof.get(), begun);
            }
            if (closed) {
                return;
            }
        }
        if (begun.isComplete()) {
            completed(begun);
        }
    }

    /**
     * One key that may not be read refuses a whole transaction: it is divided until it is found.
     */
    private void readFailed(Confirmation begun, List<String> some, EtcdFailure failure) {
        if (failure.kind() != EtcdFailure.Kind.PERMISSION_DENIED) {
            failed(begun, failure);
        } else if (some.size() > 1) {
            int half = some.size() / 2;
            read(begun, some.subList(0, half));
            read(begun, some.subList(half, some.size()));
        } else {
            begun.noteDenied(some.getFirst(), failure);
            owner.denied(some.getFirst(), failure);
            if (isUnderWay(begun) && begun.isComplete()) {
                completed(begun);
            }
        }
    }

    private void completed(Confirmation done) {
        Optional<EtcdFailure> denial = done.denial();
        if (denial.isPresent() && done.readableKeys().isEmpty()) {
            failed(done, denial.get());
            return;
        }
        round = null;
        triedNewToken = false;
        readsAll = denial.isEmpty();
        watch.continueFrom(done);
        owner.confirmed(done.sentAt(), readsAll);
    }

    private void failed(Confirmation begun, EtcdFailure failure) {
        if (failure.kind() == EtcdFailure.Kind.TOKEN_EXPIRED && !triedNewToken) {
            triedNewToken = true;
            contact.tell(failure.details() + "; authenticating again");
            contact.keys().restart();
            confirm();
            return;
        }
        owner.failed(failure, begun.sentAt());
    }

    private boolean isUnderWay(Confirmation begun) {
        return !closed && round == begun;
    }

    // ---- leases ------------------------------------------------------------------------------

    /** The answer may come after the round is over: it counts as long as the session stands. */
    private void ask(Confirmation begun, long leaseId) {
        contact.connection()
                .timeToLive(
                        leaseId,
                        contact.policy().timeout(),
                        answer -> {
                            unansweredLeases = 0;
                            contact.tell("lease " + answer);
                            if (contact.keys().showLease(leaseId)) {
                                owner.roundWanted();
                            }
                            Moment receivedAt = contact.loop().now();
                            for (LeaseProof proof : begun.noteLease(answer, receivedAt)) {
                                tell(proof, begun);
                            }
                        },
                        failure -> leaseFailed(begun, leaseId, failure));
    }

    private void leaseFailed(Confirmation begun, long leaseId, EtcdFailure failure) {
        if (closed) {
            return; // they fail together where a login does, and the first has said so
        }
        if (failure.kind() == EtcdFailure.Kind.PERMISSION_DENIED) {
            if (contact.keys().hideLease(leaseId, contact.loop().now())) {
                contact.journal()
                        .warning(
                                failure.sentence()
                                        + ". Until then the address is held as by a key without a"
                                        + " lease");
                owner.roundWanted();
            }
            return;
        }
        contact.tell(failure.details());
        unansweredLeases++;
        if (unansweredLeases > 1 && failure.kind() != EtcdFailure.Kind.TOKEN_EXPIRED) {
            owner.failed(failure, begun.sentAt());
        }
    }

    private void tell(LeaseProof proof, Confirmation begun) {
        FollowedKey key = contact.keys().find(proof.key()).orElse(null);
        if (closed || (key != null && key.isOvertaken(proof, begun.sentAt()))) {
            return;
        }
        if (key != null) {
            key.leaseProved(proof, begun.granted(proof.leaseId()), begun.sentAt());
        }
        contact.listener().proved(proof);
    }

    // ---- the watch ---------------------------------------------------------------------------

    /** A round is wanted soon, as an event proves too little or raises a question. */
    void roundWanted() {
        owner.roundWanted();
    }

    /** The events come from another store than the reads. */
    void storeChanged() {
        owner.lost(true);
    }

    /**
     * The watch is over; the next round begins another.
     *
     * @param lived whether it had lived for an interval
     */
    void watchEnded(EtcdFailure failure, boolean lived) {
        if (round != null) {
            return; // its answer begins another, or it fails too
        }
        switch (failure.kind()) {
            case UNREACHABLE, SILENT, TLS, ENDED -> owner.lost(lived);
            case NO_LEADER,
                    COMPACTED,
                    TOKEN_EXPIRED,
                    LOGIN_REFUSED,
                    PERMISSION_DENIED,
                    UNEXPECTED -> {
                if (lived) {
                    owner.roundWanted();
                }
            }
        }
    }
}
