package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What is known of one leader key, and what that says about the next answer. */
final class FollowedKey {

    private final String name;
    private Set<String> ourValues = Set.of();
    private @Nullable Sighting latest;

    /** When the revision of the latest sighting was first told, as the decision reckons too. */
    private Moment latestSince = Moment.LONG_AGO;

    /** The newest completed read; events inherit its time. */
    private @Nullable Moment readAsOf;

    /** The greatest revision that a watch has told of, whether it was passed on or not. */
    private Revision heard = new Revision(0, 0);

    /** When the read was sent that showed a store restored from a backup. */
    private Moment restoredAsOf = Moment.LONG_AGO;

    /** What a watch has told, and when, that has to wait for a read as it names this host. */
    private @Nullable Sighting awaited;

    private KnownLease lease = new KnownLease();

    FollowedKey(String name) {
        this.name = name;
    }

    /**
     * Follows the key from now on by these values that name this host. Its lease has to be asked
     * about anew: who follows the key from now on has not heard the answers.
     */
    void follow(Set<String> values) {
        ourValues = Set.copyOf(values);
        awaited = null;
        lease = new KnownLease();
    }

    /**
     * What is known of the key, or is about to be confirmed, if this host leads by it and it lives
     * by a lease.
     */
    Optional<Sighting> ledByLease() {
        return Optional.ofNullable(heardLast())
                .filter(seen -> seen.leaseId() != 0 && namesUs(seen.value()));
    }

    private @Nullable Sighting heardLast() {
        return awaited != null ? awaited : latest;
    }

    private boolean namesUs(Optional<String> value) {
        return value.filter(ourValues::contains).isPresent();
    }

    /**
     * Whether another host leads, so that nothing is to be proved. While nobody leads, what is told
     * next may name this host, and counts at once if the newest read is young enough.
     */
    boolean isSettled() {
        return awaited == null
                && latest != null
                && latest.value().isPresent()
                && !namesUs(latest.value());
    }

    /** Whether nobody leads any more, and the newest read would lend its time for long no more. */
    boolean isReadWanted(Moment now, EtcdPolicy policy) {
        return latest != null
                && latest.value().isEmpty()
                && readAsOf != null
                && readAsOf.plus(policy.interval()).isBefore(now);
    }

    /**
     * What a read has shown.
     *
     * @param missedByWatch whether a live watch would have told of it
     * @param overtaken whether an event had told of something newer, of which the read proves
     *     nothing
     * @param restored whether the store is another, or was brought back from a backup: what was
     *     known before counts no more
     */
    record Reading(Sighting seen, boolean missedByWatch, boolean overtaken, boolean restored) {}

    /**
     * Takes in what a read shows. Answers overtake each other; only a store that was restored from
     * a backup goes back.
     *
     * @param asOf when the read was sent
     */
    Reading read(Revision revision, EtcdEntry entry, Moment asOf, Moment receivedAt) {
        Sighting known = latest;
        boolean follows = known == null || follows(revision, known.revision());
        boolean overtaken = !follows && !asOf.isAfter(latestSince);
        boolean restored = !follows && !overtaken;
        boolean missedByWatch = !overtaken && known != null && isMissed(entry, known) || restored;
        Sighting seen = entry.seen(Sighting.Origin.READ, revision, asOf, receivedAt);
        if (!overtaken) {
            remember(seen);
        }
        readAsOf = asOf;
        return new Reading(seen, missedByWatch, overtaken, restored);
    }

    private boolean isMissed(EtcdEntry entry, Sighting known) {
        boolean watchToldMore =
                heard.cluster() == known.revision().cluster()
                        && heard.number() > known.revision().number();
        boolean changed =
                entry.modRevision() != known.modRevision()
                        || entry.value().isPresent() != known.value().isPresent();
        return changed && !watchToldMore;
    }

    /** How an event of the watch is to be taken. */
    enum Event {
        /** Nothing new. */
        OLD,
        /**
         * It may be passed on: it ends trust, or the newest read is young enough to lend its time.
         */
        TIMELY,
        /** It proves too little: a read must tell it. */
        READ_FIRST,
        /** It comes from another store. */
        FOREIGN
    }

    /**
     * Judges an event of the watch. That another host leads, or none, is told however old the
     * newest read is: it prolongs nothing, and to wait for a read then costs what reads cost that
     * do not come.
     *
     * <p>An event inherits from a read of the last interval.
     */
    Event judge(Revision revision, EtcdEntry entry, Moment receivedAt, EtcdPolicy policy) {
        Sighting known = latest;
        if (known == null || readAsOf == null) {
            return Event.READ_FIRST;
        }
        if (revision.cluster() != known.revision().cluster()) {
            return Event.FOREIGN;
        }
        if (heard.cluster() != revision.cluster() || heard.number() < revision.number()) {
            heard = revision;
        }
        if (revision.number() <= known.revision().number()) {
            return Event.OLD;
        }
        boolean isReadYoung = !readAsOf.plus(policy.interval()).isBefore(receivedAt);
        if (!namesUs(entry.value()) || isReadYoung) {
            return Event.TIMELY;
        }
        await(entry.seen(Sighting.Origin.EVENT, revision, readAsOf, receivedAt));
        return Event.READ_FIRST;
    }

    /** Its lease is asked about together with the read that is to confirm it. */
    private void await(Sighting told) {
        awaited = told;
        lease = new KnownLease();
    }

    /** Turns a {@linkplain Event#TIMELY timely} event into a sighting. */
    Sighting changed(Revision revision, EtcdEntry entry, Moment receivedAt) {
        Moment asOf = readAsOf;
        if (asOf == null) {
            throw new IllegalStateException(name + " was never read");
        }
        Sighting seen = entry.seen(Sighting.Origin.EVENT, revision, asOf, receivedAt);
        remember(seen);
        return seen;
    }

    /**
     * What an event had told before this answer came, though it is newer. It would have been
     * {@linkplain Event#TIMELY timely} after the answer, and which of the two arrives first proves
     * nothing. To be called before anything else is taken in.
     *
     * <p>Not so if the read was sent when the event was here: then it should have shown as much.
     * Nor if it was slow: what the lease's question proves would come late too, and the address
     * would be let go meanwhile.
     */
    Optional<Sighting> toldMeanwhile(Reading reading, EtcdPolicy policy) {
        Sighting told = awaited;
        Sighting read = reading.seen();
        boolean wasSlow = read.asOf().plus(policy.watchPatience()).isBefore(read.receivedAt());
        if (told == null
                || wasSlow
                || reading.overtaken()
                || !read.asOf().isBefore(told.receivedAt())) {
            return Optional.empty();
        }
        Sighting timely = told.after(read);
        remember(timely);
        return Optional.of(timely);
    }

    /** The time from one round to the next; more often where this host leads by a lease. */
    Duration pace(Moment now, EtcdPolicy policy) {
        return ledByLease().isPresent() ? lease.pace(now, policy) : policy.interval();
    }

    /** Whether its lease has to be asked about. */
    boolean isLeaseQuestionDue(Moment now, EtcdPolicy policy) {
        return lease.isQuestionDue(now, pace(now, policy));
    }

    void leaseAsked(Moment now) {
        lease.asked(now);
    }

    void leaseProved(LeaseProof proof, Duration granted, Moment sentAt) {
        if (isAbout(proof)) {
            lease.proved(proof, granted, sentAt);
        }
    }

    /**
     * Whether what follows from a question counts no more: it was sent before the read that showed
     * that the store was restored from a backup, so that it may have been answered before that; or
     * before another one that was answered first, so that the lease may have been renewed since.
     */
    boolean isOvertaken(LeaseProof proof, Moment sentAt) {
        return sentAt.isBefore(restoredAsOf) || (isAbout(proof) && lease.wasProvedAfter(sentAt));
    }

    /** Whether it is about the lease that is asked about, which may be that of what is awaited. */
    private boolean isAbout(LeaseProof proof) {
        Sighting known = heardLast();
        return known != null
                && known.modRevision() == proof.modRevision()
                && known.leaseId() == proof.leaseId();
    }

    /** What was under way is void: the lease may be asked about at once. */
    void restart() {
        lease.restart();
    }

    private static boolean follows(Revision later, Revision earlier) {
        return later.cluster() == earlier.cluster() && later.number() >= earlier.number();
    }

    private void remember(Sighting seen) {
        boolean wentBack =
                latest != null && !follows(seen.revision(), latest.revision())
                        || awaited != null && isForgotten(awaited, seen);
        if (wentBack) {
            restoredAsOf = seen.asOf();
            heard = seen.revision();
        }
        Sighting known = heardLast();
        if (known == null || wentBack || !seen.sameKeyAs(known)) {
            lease = new KnownLease();
        }
        if (awaited != null && (wentBack || follows(seen.revision(), awaited.revision()))) {
            awaited = null;
        }
        if (latest == null || !seen.revision().equals(latest.revision())) {
            latestSince = seen.receivedAt();
        }
        latest = seen;
    }

    /** A read that was sent when an event was here shows as much, or the store has gone back. */
    private static boolean isForgotten(Sighting told, Sighting seen) {
        return seen.origin() == Sighting.Origin.READ
                && !seen.asOf().isBefore(told.receivedAt())
                && !follows(seen.revision(), told.revision());
    }
}
