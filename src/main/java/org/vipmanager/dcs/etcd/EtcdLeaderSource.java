package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Follows leader keys in etcd v3.
 *
 * <p>Every interval one round confirms all keys: first the leases that have to be asked about, then
 * the keys, in transactions of {@value EtcdConnection#MOST_KEYS}, on one connection. Between two
 * rounds a watch tells of changes; it is never trusted to be alive. Everything stands on one
 * connection to one endpoint; what fails is closed, and the next endpoint is asked.
 *
 * <pre>
 *            start                     answered: watch, wait for the interval
 *   (closed) ─────> round under way ──────────────────────────────────────────> waiting
 *                     ^  ^  │                                                     │
 *                     │  │  └─ failed: close, next endpoint, wait ──> retrying    │
 *                     │  └──────────────────────────────────────────────┘         │
 *                     └────── interval over, readNow, news about a lease ─────────┘
 * </pre>
 */
public final class EtcdLeaderSource implements LeaderSource {

    private final Loop loop;
    private final EtcdCalls calls;
    private final EtcdPolicy policy;
    private final EndpointRotation rotation;
    private final EtcdJournal journal = new EtcdJournal();
    private Map<String, FollowedKey> keys = new LinkedHashMap<>();
    private @Nullable Listener listener;

    private @Nullable EtcdConnection connection;
    private @Nullable Confirmation round;
    private Loop.@Nullable Alarm nextRound;
    private boolean anotherRoundWanted;

    private @Nullable EtcdWatch watch;
    private List<String> watchedKeys = List.of();
    private Moment watchedSince = Moment.LONG_AGO;

    /** Leases that this user may not ask about; their keys are shown without one. */
    private final Set<Long> secretLeases = new HashSet<>();

    private int unansweredLeases;
    private boolean triedNewToken;

    /**
     * Prepares to follow leader keys.
     *
     * @param calls is closed together with this source
     */
    public EtcdLeaderSource(Loop loop, EtcdCalls calls, EtcdPolicy policy) {
        this.loop = loop;
        this.calls = calls;
        this.policy = policy;
        this.rotation = new EndpointRotation(policy);
    }

    /** Prepares to follow leader keys in a real etcd. */
    public static EtcdLeaderSource connect(Loop loop, EtcdPolicy policy, EtcdAccess access) {
        return new EtcdLeaderSource(loop, new GrpcEtcdCalls(loop, access), policy);
    }

    @Override
    public void start(Collection<Trigger> triggers, Listener listener) {
        rehearse();
        this.listener = listener;
        keys = followed(triggers);
        begin();
    }

    @Override
    public void follow(Collection<Trigger> triggers) {
        keys = followed(triggers);
        readNow();
    }

    @Override
    public void readNow() {
        boolean begins = round == null && !rotation.isFailing() && !anotherRoundWanted;
        anotherRoundWanted = true;
        if (begins) {
            loop.execute(this::beginIfWanted);
        }
    }

    @Override
    public void restart() {
        if (listener == null) {
            return;
        }
        disconnect();
        rotation.succeeded();
        keys.values().forEach(FollowedKey::restart);
        begin();
    }

    @Override
    public void close() {
        listener = null;
        disconnect();
        if (nextRound != null) {
            nextRound.cancel();
        }
        calls.close();
    }

    // ---- a round -----------------------------------------------------------------------------

    private void beginIfWanted() {
        if (anotherRoundWanted && round == null && !rotation.isFailing()) {
            begin();
        }
    }

    private void begin() {
        if (listener == null) {
            return;
        }
        if (nextRound != null) {
            nextRound.cancel();
            nextRound = null;
        }
        anotherRoundWanted = false;
        if (connection != null && connection.isOutdated()) {
            journal.detail(
                    rotation.endpoint(), "certificate files were replaced; connecting again");
            disconnect();
        }
        Moment sentAt = loop.now();
        EtcdConnection asked = connection != null ? connection : calls.connect(rotation.endpoint());
        connection = asked;
        Confirmation begun = new Confirmation(sentAt, List.copyOf(keys.keySet()));
        round = begun;
        if (begun.keys().isEmpty()) {
            completed(begun);
            return;
        }
        askLeases(asked, begun);
        for (int from = 0; from < begun.keys().size(); from += EtcdConnection.MOST_KEYS) {
            int to = Math.min(begun.keys().size(), from + EtcdConnection.MOST_KEYS);
            read(asked, begun, begun.keys().subList(from, to));
        }
    }

    private void read(EtcdConnection asked, Confirmation begun, List<String> some) {
        asked.read(
                some,
                policy.timeout(),
                answer -> {
                    if (round == begun) {
                        answered(begun, answer);
                    }
                },
                failure -> {
                    if (round == begun) {
                        readFailed(asked, begun, some, failure);
                    }
                });
    }

    private void answered(Confirmation begun, EtcdRead answer) {
        journal.answered(rotation.endpoint(), answer);
        Moment receivedAt = loop.now();
        Revision revision = new Revision(answer.clusterId(), answer.revision());
        for (EtcdEntry raw : answer.entries()) {
            EtcdEntry entry = withoutUnwantedLease(raw);
            FollowedKey key = keys.get(entry.key());
            if (key == null) {
                key = new FollowedKey(entry.key(), Set.of()); // no longer followed
            } else if (key.isNewsTo(revision, entry, begun.sentAt())) {
                begun.noteMissedByWatch();
            }
            Sighting seen = key.read(revision, entry, begun.sentAt(), receivedAt);
            Optional<LeaseProof> proof = begun.noteRead(seen, answer.raftTerm());
            tell(seen);
            if (round == begun && proof.isPresent()) {
                tell(proof.get(), begun);
            }
            if (round != begun) {
                return; // the listener has closed or restarted this source
            }
        }
        if (begun.isComplete()) {
            completed(begun);
        }
    }

    /**
     * One key that may not be read refuses a whole transaction: it is divided until it is found.
     */
    private void readFailed(
            EtcdConnection asked, Confirmation begun, List<String> some, EtcdFailure failure) {
        if (failure.kind() != EtcdFailure.Kind.PERMISSION_DENIED) {
            failed(failure, begun);
        } else if (some.size() > 1) {
            read(asked, begun, some.subList(0, some.size() / 2));
            read(asked, begun, some.subList(some.size() / 2, some.size()));
        } else {
            begun.noteDenied(some.getFirst(), failure);
            report(failure);
            if (round == begun && begun.isComplete()) {
                completed(begun);
            }
        }
    }

    private void completed(Confirmation done) {
        if (done.readNothing() && done.denial().isPresent()) {
            failed(done.denial().get(), done);
            return;
        }
        round = null;
        rotation.succeeded();
        triedNewToken = false;
        if (done.denial().isEmpty()) {
            journal.allGood(rotation.endpoint());
        }
        watchFrom(done);
        if (anotherRoundWanted || isLeaseQuestionDue()) {
            begin();
        } else {
            beginAt(done.sentAt().plus(policy.interval()));
        }
    }

    private void beginAt(Moment time) {
        if (nextRound != null) {
            nextRound.cancel();
        }
        nextRound = loop.at(time, this::begin);
    }

    private void failed(EtcdFailure failure, Confirmation begun) {
        if (failure.kind() == EtcdFailure.Kind.TOKEN_EXPIRED && !triedNewToken) {
            triedNewToken = true;
            round = null;
            keys.values().forEach(FollowedKey::restart);
            journal.detail(failure.endpoint(), failure.details() + "; authenticating again");
            begin();
            return;
        }
        triedNewToken = false;
        disconnect();
        Moment next = rotation.failed(failure.kind(), begun.sentAt(), loop.now());
        beginAt(next);
        report(failure);
    }

    private void disconnect() {
        round = null;
        unansweredLeases = 0;
        forgetWatch();
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    // ---- leases ------------------------------------------------------------------------------

    private void askLeases(EtcdConnection asked, Confirmation begun) {
        if (!isLeaseQuestionDue()) {
            return;
        }
        Set<Long> due =
                keys.values().stream()
                        .filter(key -> key.isLeaseQuestionDue(begun.sentAt(), policy.interval()))
                        .flatMap(key -> key.ledByLease().stream())
                        .map(Sighting::leaseId)
                        .collect(Collectors.toSet());
        for (FollowedKey key : keys.values()) {
            key.ledByLease()
                    .filter(seen -> due.contains(seen.leaseId()))
                    .ifPresent(
                            seen -> {
                                key.leaseAsked(begun.sentAt());
                                if (begun.ask(seen)) {
                                    ask(asked, begun, seen.leaseId());
                                }
                            });
        }
    }

    private boolean isLeaseQuestionDue() {
        Moment now = loop.now();
        return keys.values().stream()
                .anyMatch(
                        key ->
                                key.ledByLease().isPresent()
                                        && key.isLeaseQuestionDue(now, policy.interval()));
    }

    /** The answer may come after the round is over: it counts as long as the connection stands. */
    private void ask(EtcdConnection asked, Confirmation begun, long leaseId) {
        asked.timeToLive(
                leaseId,
                policy.timeout(),
                answer -> {
                    if (connection == asked) {
                        unansweredLeases = 0;
                        journal.detail(rotation.endpoint(), "lease " + answer);
                        for (LeaseProof proof : begun.noteLease(answer)) {
                            if (connection == asked) {
                                tell(proof, begun);
                            }
                        }
                    }
                },
                failure -> {
                    if (connection == asked) {
                        leaseFailed(begun, leaseId, failure);
                    }
                });
    }

    private void leaseFailed(Confirmation begun, long leaseId, EtcdFailure failure) {
        if (failure.kind() == EtcdFailure.Kind.PERMISSION_DENIED) {
            secretLeases.add(leaseId);
            journal.warning(
                    failure.sentence()
                            + ". Until then the address is held as by a key without a lease");
            readNow();
            return;
        }
        journal.detail(failure.endpoint(), failure.details());
        unansweredLeases++;
        if (unansweredLeases > 1 && failure.kind() != EtcdFailure.Kind.TOKEN_EXPIRED) {
            failed(failure, begun);
        }
    }

    private EtcdEntry withoutUnwantedLease(EtcdEntry entry) {
        return policy.askLeases() && !secretLeases.contains(entry.leaseId())
                ? entry
                : new EtcdEntry(entry.key(), entry.value(), entry.modRevision(), 0);
    }

    // ---- the watch ---------------------------------------------------------------------------

    private void watchFrom(Confirmation done) {
        EtcdConnection asked = connection;
        List<String> wanted = done.readableKeys();
        boolean good = watch != null && watchedKeys.equals(wanted) && !done.showsMoreThanTheWatch();
        if (asked == null || good) {
            return;
        }
        if (wanted.isEmpty()) {
            forgetWatch();
            return;
        }
        if (watch != null) {
            journal.detail(rotation.endpoint(), "the watch is replaced");
        }
        EtcdWatch before = watch;
        watch = asked.watch(wanted, done.lowestRevision() + 1, new WatchListener());
        watchedKeys = wanted;
        watchedSince = loop.now();
        if (before != null) {
            before.close();
        }
    }

    private final class WatchListener implements EtcdWatch.Listener {

        @Override
        public void changed(long clusterId, List<EtcdEntry> changes) {
            journal.changed(rotation.endpoint(), changes);
            EtcdLeaderSource.this.changed(clusterId, changes);
        }

        @Override
        public void ended(EtcdFailure failure) {
            watchEnded(failure);
        }
    }

    private void changed(long clusterId, List<EtcdEntry> changes) {
        Moment receivedAt = loop.now();
        Moment earliest = receivedAt.minus(policy.interval()).minus(policy.timeout());
        EtcdWatch telling = watch;
        for (EtcdEntry raw : changes) {
            FollowedKey key = keys.get(raw.key());
            if (key == null) {
                continue;
            }
            EtcdEntry entry = withoutUnwantedLease(raw);
            Revision revision = new Revision(clusterId, entry.modRevision());
            switch (key.judge(revision, earliest)) {
                case OLD -> {}
                case TIMELY -> tell(key.changed(revision, entry, receivedAt));
                case READ_FIRST -> readNow();
                case FOREIGN -> {
                    restart();
                    return;
                }
            }
            if (watch != telling) {
                return; // the listener has closed or restarted this source
            }
        }
        if (isLeaseQuestionDue()) {
            if (round == null && !rotation.isFailing()) {
                begin();
            } else {
                anotherRoundWanted = true;
            }
        }
    }

    private void watchEnded(EtcdFailure failure) {
        journal.detail(failure.endpoint(), "watch ended: " + failure.details());
        forgetWatch();
        if (round != null) {
            return; // its answer opens a new one
        }
        switch (failure.kind()) {
            case UNREACHABLE, SILENT, TLS, ENDED -> disconnect();
            case NO_LEADER,
                    COMPACTED,
                    TOKEN_EXPIRED,
                    LOGIN_REFUSED,
                    PERMISSION_DENIED,
                    UNEXPECTED -> {}
        }
        boolean hadLived = !watchedSince.plus(policy.interval()).isAfter(loop.now());
        if (hadLived) {
            readNow();
        }
    }

    private void forgetWatch() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
        watchedKeys = List.of();
    }

    // ---- the listener ------------------------------------------------------------------------

    private void tell(Sighting seen) {
        if (listener != null && keys.containsKey(seen.key())) {
            listener.seen(seen);
        }
    }

    private void tell(LeaseProof proof, Confirmation begun) {
        FollowedKey key = keys.get(proof.key());
        if (listener != null && key != null && !key.wasRestoredSince(begun.sentAt())) {
            key.leaseProved(proof, begun.granted(proof.leaseId()));
            listener.proved(proof);
        }
    }

    private void report(EtcdFailure failure) {
        journal.trouble(failure.sentence());
        if (listener != null) {
            listener.failed(failure.sentence());
        }
    }

    // ---- the keys ----------------------------------------------------------------------------

    /** Several addresses may follow one key. */
    private Map<String, FollowedKey> followed(Collection<Trigger> triggers) {
        Map<String, Set<String>> values = new LinkedHashMap<>();
        for (Trigger trigger : triggers) {
            values.computeIfAbsent(trigger.key(), key -> new HashSet<>()).add(trigger.value());
        }
        Map<String, FollowedKey> followed = new LinkedHashMap<>();
        values.forEach(
                (name, ours) -> {
                    FollowedKey before = keys.get(name);
                    followed.put(
                            name,
                            before == null ? new FollowedKey(name, ours) : before.withValues(ours));
                });
        return followed;
    }

    /**
     * Runs once through what a failover needs and a first read does not, so that no class is loaded
     * then.
     */
    private static void rehearse() {
        String name = "rehearsal";
        Moment then = Moment.LONG_AGO;
        FollowedKey key = new FollowedKey(name, Set.of(name));
        key.read(new Revision(1, 1), EtcdEntry.absent(name), then, then);
        Revision revision = new Revision(1, 2);
        EtcdEntry entry = new EtcdEntry(name, Optional.of(name), 2, 1);
        if (key.judge(revision, then) == FollowedKey.Event.TIMELY) {
            Sighting seen = key.changed(revision, entry, then);
            Confirmation round = new Confirmation(then, List.of(name));
            round.ask(seen);
            round.noteLease(
                    new LeaseProof.Answer(1, Duration.ofSeconds(1), Duration.ofSeconds(1), 1));
            round.noteRead(key.read(revision, entry, then, then), 1);
        }
    }
}
