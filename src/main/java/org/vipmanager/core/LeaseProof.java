package org.vipmanager.core;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Proof that a leader key's lease runs at least until a certain moment.
 *
 * <p>etcd's LeaseTimeToLive is not linearizable: a deposed member answers it too. It counts only
 * beside a linearizable read that was sent after it, shows the key as it was when the question was
 * sent, and was answered in the same raft term.
 *
 * @param key the leader key that the read showed
 * @param modRevision the revision in which that key was written
 * @param leaseId the lease
 * @param end until when no other node can become leader
 * @param latestEnd when the lease has ended for certain, unless it is renewed after the answer
 */
public record LeaseProof(String key, long modRevision, long leaseId, Moment end, Moment latestEnd) {

    /** A proof that says nothing of the latest end. */
    public LeaseProof(String key, long modRevision, long leaseId, Moment end) {
        this(key, modRevision, leaseId, end, Moment.NEVER);
    }

    /** Room for a difference in the rates of two hosts' clocks: one in a hundred. */
    private static final double CLOCK_RATE_ALLOWANCE = 0.99;

    /**
     * A new etcd leader gives a lease its granted time and an election timeout more; what is more
     * than this many times the granted time is the nonsense of a member that is being demoted.
     */
    private static final long MOST_GRANTS = 2;

    /** No lease of a leader key is meant to last so long. */
    private static final Duration FOR_EVER = Duration.ofDays(365);

    /**
     * A question for the time that a lease has left.
     *
     * @param key the key as it was seen before asking
     * @param sentAt taken before the question was sent
     */
    public record Question(Sighting key, Moment sentAt) {}

    /**
     * The answer to it.
     *
     * @param leaseId the lease that the answer is about
     * @param remaining whole seconds left, rounded down by etcd; negative when the lease is gone
     * @param granted the lease's full time; etcd can answer nonsense as {@code remaining} while a
     *     member is demoted
     * @param raftTerm from the response header
     */
    public record Answer(long leaseId, Duration remaining, Duration granted, long raftTerm) {}

    /**
     * Weighs an answer together with the read that was sent after the question.
     *
     * @param answeredAt when the answer came
     * @param read what that read showed of the key
     * @param readRaftTerm from that read's response header
     * @return the proof; empty when the answer proves nothing
     */
    public static Optional<LeaseProof> weigh(
            Question question, Answer answer, Moment answeredAt, Sighting read, long readRaftTerm) {
        Sighting asked = question.key();
        boolean proves =
                read.origin() == Sighting.Origin.READ
                        && read.value().isPresent()
                        && read.sameKeyAs(asked)
                        && answer.leaseId() == read.leaseId()
                        && answer.raftTerm() == readRaftTerm
                        && !read.asOf().isBefore(question.sentAt())
                        && !answer.remaining().isNegative()
                        && answer.remaining().compareTo(answer.granted().multipliedBy(MOST_GRANTS))
                                <= 0;
        if (!proves) {
            return Optional.empty();
        }
        Duration left = Collections.min(List.of(answer.remaining(), answer.granted()));
        Duration counted = Duration.ofNanos((long) (left.toNanos() * CLOCK_RATE_ALLOWANCE));
        Moment end = question.sentAt().plus(counted);
        return Optional.of(
                new LeaseProof(
                        read.key(),
                        read.modRevision(),
                        read.leaseId(),
                        end,
                        latestEnd(answeredAt, answer.remaining())));
    }

    /** What is told was rounded down by up to a second. */
    private static Moment latestEnd(Moment answeredAt, Duration remaining) {
        if (remaining.compareTo(FOR_EVER) > 0) {
            return Moment.NEVER;
        }
        long atMost = remaining.plusSeconds(1).toNanos();
        return answeredAt.plus(Duration.ofNanos((long) (atMost / CLOCK_RATE_ALLOWANCE)));
    }

    /**
     * Whether this disproves what an earlier answer about the same lease seemed to prove. A lease
     * is never shortened: so this host's clocks have stood still since, as those of a virtual
     * machine do while it is paused.
     *
     * @param earlierEnd until when no other node could become leader by that answer
     */
    public boolean disproves(Moment earlierEnd) {
        return earlierEnd.isAfter(latestEnd);
    }
}
