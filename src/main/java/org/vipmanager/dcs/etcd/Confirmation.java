package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One confirming round: the questions about leases, the reads sent after them, and what has come of
 * both so far. Either may be answered first.
 */
final class Confirmation {

    private final Moment sentAt;
    private final List<String> keys;
    private final Map<Long, List<LeaseProof.Question>> questions = new HashMap<>();
    private final Map<Long, LeaseProof.Answer> answers = new HashMap<>();
    private final Map<Long, Moment> answeredAt = new HashMap<>();
    private final Map<String, Sighting> sightings = new HashMap<>();
    private final Map<String, Long> raftTerms = new HashMap<>();
    private final Set<String> unread = new HashSet<>();
    private long lowestRevision = Long.MAX_VALUE;
    private boolean watchMissedSomething;
    private @Nullable EtcdFailure denial;

    /**
     * Begins a round.
     *
     * @param sentAt taken before anything of it was sent
     */
    Confirmation(Moment sentAt, List<String> keys) {
        this.sentAt = sentAt;
        this.keys = keys;
    }

    Moment sentAt() {
        return sentAt;
    }

    List<String> keys() {
        return keys;
    }

    /**
     * Notes that a lease is asked about on behalf of a key.
     *
     * @return whether this is the first key of that lease
     */
    boolean ask(Sighting key) {
        List<LeaseProof.Question> sameLease =
                questions.computeIfAbsent(key.leaseId(), id -> new ArrayList<>());
        sameLease.add(new LeaseProof.Question(key, sentAt));
        return sameLease.size() == 1;
    }

    /** Notes what a read showed of one key, and what follows from it together with the lease. */
    Optional<LeaseProof> noteRead(Sighting seen, long raftTerm) {
        sightings.put(seen.key(), seen);
        raftTerms.put(seen.key(), raftTerm);
        lowestRevision = Math.min(lowestRevision, seen.revision().number());
        LeaseProof.Answer answer = answers.get(seen.leaseId());
        return answer == null ? Optional.empty() : weigh(seen.key(), answer);
    }

    /** Notes that the key was asked about before its store was another. */
    void voidQuestion(String key) {
        questions.values().forEach(same -> same.removeIf(asked -> asked.key().key().equals(key)));
    }

    /** Notes what is left of a lease, and what follows from it for the keys already read. */
    List<LeaseProof> noteLease(LeaseProof.Answer answer, Moment receivedAt) {
        answers.put(answer.leaseId(), answer);
        answeredAt.put(answer.leaseId(), receivedAt);
        return questions.getOrDefault(answer.leaseId(), List.of()).stream()
                .map(question -> weigh(question.key().key(), answer))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The full time of a lease that was answered about. */
    Duration granted(long leaseId) {
        LeaseProof.Answer answer = answers.get(leaseId);
        return answer == null ? Duration.ZERO : answer.granted();
    }

    void noteDenied(String key, EtcdFailure failure) {
        unread.add(key);
        denial = failure;
    }

    /** Notes that nobody follows a key any more. */
    void noteForgotten(String key) {
        unread.add(key);
    }

    void noteMissedByWatch() {
        watchMissedSomething = true;
    }

    boolean isComplete() {
        return sightings.size() + unread.size() == keys.size();
    }

    /** Why nothing, or not everything, could be read. */
    Optional<EtcdFailure> denial() {
        return Optional.ofNullable(denial);
    }

    /** The keys that were read. */
    List<String> readableKeys() {
        return keys.stream().filter(sightings::containsKey).toList();
    }

    /** The revision at or after which everything was read. */
    long lowestRevision() {
        return lowestRevision;
    }

    boolean showsMoreThanTheWatch() {
        return watchMissedSomething;
    }

    private Optional<LeaseProof> weigh(String key, LeaseProof.Answer answer) {
        Sighting seen = sightings.get(key);
        Long raftTerm = raftTerms.get(key);
        Moment received = answeredAt.get(answer.leaseId());
        if (seen == null || raftTerm == null || received == null) {
            return Optional.empty();
        }
        return questions.getOrDefault(answer.leaseId(), List.of()).stream()
                .filter(question -> question.key().key().equals(key))
                .findFirst()
                .flatMap(question -> LeaseProof.weigh(question, answer, received, seen, raftTerm));
    }
}
