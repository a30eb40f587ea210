package org.vipmanager.dcs.etcd;

import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;

import java.util.List;
import java.util.Optional;

/**
 * Asks what one confirming round asks: first about leases, then for the keys; the {@link
 * Confirmation} keeps what is answered.
 *
 * <p>An answer about a key counts while its round is under way, one about a lease as long as the
 * session stands.
 */
final class Round {

    private final EtcdSession.Contact contact;
    private final EtcdSession session;
    private final Confirmation begun;

    Round(EtcdSession.Contact contact, EtcdSession session) {
        this.contact = contact;
        this.session = session;
        this.begun = new Confirmation(contact.loop().now(), contact.keys().names());
    }

    void ask() {
        if (begun.isComplete()) {
            session.completed(begun); // there is nothing to follow
            return;
        }
        for (Sighting led : contact.keys().takeLeaseQuestions(begun.sentAt())) {
            if (begun.ask(led)) {
                askAbout(led.leaseId());
            }
        }
        contact.keys().takeHiddenLeases(begun.sentAt()).forEach(this::askAbout);
        int count = begun.keys().size();
        for (int from = 0; from < count; from += EtcdConnection.MOST_KEYS) {
            int to = Math.min(count, from + EtcdConnection.MOST_KEYS);
            read(begun.keys().subList(from, to));
        }
    }

    // ---- reads -------------------------------------------------------------------------------

    private void read(List<String> some) {
        contact.connection()
                .read(
                        some,
                        contact.policy().timeout(),
                        answer -> {
                            if (session.isUnderWay(this)) {
                                answered(answer);
                            }
                        },
                        failure -> {
                            if (session.isUnderWay(this)) {
                                readFailed(some, failure);
                            }
                        });
    }

    private void answered(EtcdConnection.Answer answer) {
        contact.log().answered(contact.endpoint(), answer);
        Moment receivedAt = contact.loop().now();
        Revision revision = new Revision(answer.clusterId(), answer.revision());
        for (EtcdEntry found : answer.entries()) {
            EtcdEntry entry = contact.keys().shown(found);
            FollowedKey key = contact.keys().find(entry.key()).orElse(null);
            if (key == null) {
                begun.noteForgotten(entry.key());
                continue;
            }
            FollowedKey.Reading reading = key.read(revision, entry, begun.sentAt(), receivedAt);
            if (reading.missedByWatch()) {
                begun.noteMissedByWatch();
            }
            if (reading.overtaken()) {
                session.owner().roundWanted();
            }
            if (reading.restored()) {
                begun.voidQuestion(entry.key());
            }
            Optional<LeaseProof> proof = begun.noteRead(reading.seen(), answer.raftTerm());
            contact.listener().seen(reading.seen());
            proof.ifPresent(this::proved);
            if (session.isClosed()) {
                return;
            }
        }
        if (begun.isComplete()) {
            session.completed(begun);
        }
    }

    /**
     * One key that may not be read refuses a whole transaction: it is divided until it is found.
     */
    private void readFailed(List<String> some, EtcdFailure failure) {
        if (failure.kind() != EtcdFailure.Kind.PERMISSION_DENIED) {
            session.failed(failure, begun.sentAt());
        } else if (some.size() > 1) {
            int half = some.size() / 2;
            read(some.subList(0, half));
            read(some.subList(half, some.size()));
        } else {
            begun.noteDenied(some.getFirst(), failure);
            session.owner().denied(some.getFirst(), failure);
            if (session.isUnderWay(this) && begun.isComplete()) {
                session.completed(begun);
            }
        }
    }

    // ---- leases ------------------------------------------------------------------------------

    private void askAbout(long leaseId) {
        contact.connection()
                .timeToLive(
                        leaseId,
                        contact.policy().timeout(),
                        answer -> leaseAnswered(leaseId, answer),
                        failure -> leaseFailed(leaseId, failure));
    }

    private void leaseAnswered(long leaseId, LeaseProof.Answer answer) {
        session.leaseAnswered();
        contact.detail("lease " + answer);
        if (contact.keys().showLease(leaseId)) {
            session.owner().roundWanted();
        }
        begun.noteLease(answer, contact.loop().now()).forEach(this::proved);
    }

    private void leaseFailed(long leaseId, EtcdFailure failure) {
        if (session.isClosed()) {
            return; // they fail together where a login does, and the first has said so
        }
        if (failure.kind() != EtcdFailure.Kind.PERMISSION_DENIED) {
            session.leaseUnanswered(failure, begun.sentAt());
        } else if (contact.keys().hideLease(leaseId, contact.loop().now())) {
            contact.log()
                    .warning(
                            failure.sentence()
                                    + ". Until then the address is held as by a key without a"
                                    + " lease");
            session.owner().roundWanted();
        }
    }

    private void proved(LeaseProof proof) {
        FollowedKey key = contact.keys().find(proof.key()).orElse(null);
        if (session.isClosed() || (key != null && key.isOvertaken(proof, begun.sentAt()))) {
            return;
        }
        if (key != null) {
            key.leaseProved(proof, begun.granted(proof.leaseId()), begun.sentAt());
        }
        contact.listener().proved(proof);
    }
}
