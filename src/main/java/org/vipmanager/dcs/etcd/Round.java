package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.DcsAnswer;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One confirming round: asks first about leases, then for the keys, and weighs both together.
 * Either may be answered first.
 *
 * <p>An answer about a key counts while its round is under way, one about a lease as long as the
 * session stands.
 */
final class Round {

    private final EtcdSession.Contact contact;
    private final EtcdSession session;

    /** Taken before anything of it was sent. */
    private final Moment sentAt;

    private final List<String> keys;
    private final Map<Long, List<LeaseProof.Question>> questions = new HashMap<>();
    private final Map<Long, LeaseHeard> leases = new HashMap<>();
    private final Map<String, KeyRead> read = new HashMap<>();
    private final Set<String> unread = new HashSet<>();
    private long lowestRevision = Long.MAX_VALUE;
    private boolean showsMoreThanTheWatch;
    private @Nullable EtcdFailure denial;

    private record LeaseHeard(LeaseProof.Answer answer, Moment receivedAt) {}

    private record KeyRead(Sighting seen, long raftTerm) {}

    /**
     * A round that is to be asked.
     *
     * @param keys which are read
     */
    Round(EtcdSession.Contact contact, EtcdSession session, List<String> keys) {
        this.contact = contact;
        this.session = session;
        this.keys = keys;
        sentAt = contact.loop().now();
    }

    void ask() {
        if (isComplete()) {
            session.completed(this); // there is nothing to follow
            return;
        }
        for (Sighting led : contact.keys().takeLeaseQuestions(sentAt)) {
            List<LeaseProof.Question> sameLease =
                    questions.computeIfAbsent(led.leaseId(), _ -> new ArrayList<>());
            sameLease.add(new LeaseProof.Question(led, sentAt));
            if (sameLease.size() == 1) {
                askAbout(led.leaseId());
            }
        }
        contact.keys().takeHiddenLeases(sentAt).forEach(this::askAbout);
        for (int from = 0; from < keys.size(); from += EtcdConnection.MOST_KEYS) {
            int to = Math.min(keys.size(), from + EtcdConnection.MOST_KEYS);
            read(keys.subList(from, to));
        }
    }

    // ---- what has come of it -----------------------------------------------------------------

    Moment sentAt() {
        return sentAt;
    }

    private boolean isComplete() {
        return read.size() + unread.size() == keys.size();
    }

    /** Why nothing, or not everything, could be read. */
    Optional<EtcdFailure> denial() {
        return Optional.ofNullable(denial);
    }

    /** The keys that were read. */
    List<String> readableKeys() {
        return keys.stream().filter(read::containsKey).toList();
    }

    /** The revision at or after which everything was read. */
    long lowestRevision() {
        return lowestRevision;
    }

    /** Whether the watch has missed something. */
    boolean showsMoreThanTheWatch() {
        return showsMoreThanTheWatch;
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
        contact.listener().answered(DcsAnswer.of(contact.endpoint(), sentAt, receivedAt));
        Revision revision = new Revision(answer.clusterId(), answer.revision());
        for (EtcdEntry found : answer.entries()) {
            EtcdEntry entry = contact.keys().shown(found);
            FollowedKey key = contact.keys().find(entry.key()).orElse(null);
            if (key == null) {
                unread.add(entry.key()); // nobody follows it any more
                continue;
            }
            FollowedKey.Reading reading = key.read(revision, entry, sentAt, receivedAt);
            showsMoreThanTheWatch |= reading.missedByWatch();
            if (reading.overtaken()) {
                session.owner().roundWanted();
            }
            if (reading.restored()) {
                forgetQuestion(entry.key());
            }
            read.put(entry.key(), new KeyRead(reading.seen(), answer.raftTerm()));
            lowestRevision = Math.min(lowestRevision, revision.number());
            Optional<LeaseProof> proof = weigh(entry.key(), reading.seen().leaseId());
            Optional<Sighting> toldMeanwhile = key.toldMeanwhile(reading, contact.policy());
            contact.listener().seen(reading.seen());
            proof.ifPresent(this::proved);
            if (!session.isClosed()) {
                toldMeanwhile.ifPresent(contact.listener()::seen);
            }
            if (session.isClosed()) {
                return;
            }
        }
        if (isComplete()) {
            session.completed(this);
        }
    }

    /** It was asked before the key's store was another. */
    private void forgetQuestion(String key) {
        questions.values().forEach(same -> same.removeIf(asked -> asked.key().key().equals(key)));
    }

    /**
     * One key that may not be read refuses a whole transaction: it is divided until it is found.
     */
    private void readFailed(List<String> some, EtcdFailure failure) {
        if (failure.kind() != EtcdFailure.Kind.PERMISSION_DENIED) {
            session.failed(failure, sentAt);
        } else if (some.size() > 1) {
            int half = some.size() / 2;
            read(some.subList(0, half));
            read(some.subList(half, some.size()));
        } else {
            unread.add(some.getFirst());
            denial = failure;
            session.owner().denied(some.getFirst(), failure);
            if (session.isUnderWay(this) && isComplete()) {
                session.completed(this);
            }
        }
    }

    // ---- leases ------------------------------------------------------------------------------

    private void askAbout(long leaseId) {
        contact.connection()
                .timeToLive(
                        leaseId,
                        contact.policy().timeout(),
                        this::leaseAnswered,
                        failure -> leaseFailed(leaseId, failure));
    }

    private void leaseAnswered(LeaseProof.Answer answer) {
        session.leaseAnswered();
        contact.detail("lease " + answer);
        if (contact.keys().showLease(answer.leaseId())) {
            session.owner().roundWanted();
        }
        leases.put(answer.leaseId(), new LeaseHeard(answer, contact.loop().now()));
        questionsAbout(answer.leaseId()).stream()
                .map(question -> weigh(question.key().key(), answer.leaseId()))
                .flatMap(Optional::stream)
                .toList()
                .forEach(this::proved);
    }

    private void leaseFailed(long leaseId, EtcdFailure failure) {
        if (session.isClosed()) {
            return; // they fail together where a login does, and the first has said so
        }
        if (failure.kind() != EtcdFailure.Kind.PERMISSION_DENIED) {
            session.leaseUnanswered(failure, sentAt);
        } else if (contact.keys().hideLease(leaseId, contact.loop().now())) {
            contact.log()
                    .warning(
                            failure.sentence()
                                    + ". Until then the address is held as by a key without a"
                                    + " lease");
            session.owner().roundWanted();
        }
    }

    private List<LeaseProof.Question> questionsAbout(long leaseId) {
        return questions.getOrDefault(leaseId, List.of());
    }

    /** What follows from the key and what is left of the lease, when both are known. */
    private Optional<LeaseProof> weigh(String key, long leaseId) {
        KeyRead known = read.get(key);
        LeaseHeard lease = leases.get(leaseId);
        if (known == null || lease == null) {
            return Optional.empty();
        }
        return questionsAbout(leaseId).stream()
                .filter(question -> question.key().key().equals(key))
                .findFirst()
                .flatMap(
                        question ->
                                LeaseProof.weigh(
                                        question,
                                        lease.answer(),
                                        lease.receivedAt(),
                                        known.seen(),
                                        known.raftTerm()));
    }

    private void proved(LeaseProof proof) {
        FollowedKey key = contact.keys().find(proof.key()).orElse(null);
        if (session.isClosed() || (key != null && key.isOvertaken(proof, sentAt))) {
            return;
        }
        LeaseHeard lease = leases.get(proof.leaseId());
        if (key != null && lease != null) {
            key.leaseProved(proof, lease.answer().granted(), sentAt);
        }
        contact.listener().proved(proof);
    }
}
