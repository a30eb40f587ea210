package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Trigger;
import org.vipmanager.retry.Endpoints;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;

/**
 * Follows leader keys in etcd v3.
 *
 * <p>Every interval one round confirms the keys: first the leases that have to be asked about, then
 * the keys, in transactions of {@value EtcdConnection#MOST_KEYS}. Between two rounds a watch tells
 * of changes. What has nothing to prove, because another host leads, is read in each round only
 * while it is not known that the watch is alive, see {@link WatchCheck}; else in one of fifteen, as
 * a server may be alive and tell nothing. Both stand on one connection to one endpoint, an {@link
 * EtcdSession}; what fails is closed, and the next endpoint is asked. Only where the certificates
 * were replaced there are two for a moment, see {@link SessionReplacement}.
 *
 * <pre>
 *    start                     confirmed: watch, wait for the interval
 *   ───────> round under way ──────────────────────────────────────────> waiting
 *              ^  ^  │                                                     │
 *              │  │  └── failed: close, next endpoint ──> waiting to retry │
 *              │  └─────────────────────────────────────────────┘          │
 *              └──────── interval over, readNow, event, lost watch ────────┘
 * </pre>
 */
public final class EtcdLeaderSource implements LeaderSource {

    /** Whoever has etcd asked as rarely as that has a reason. */
    private static final Duration RARE = Duration.ofSeconds(10);

    private final Loop loop;
    private final EtcdCalls calls;
    private final EtcdPolicy policy;
    private final Endpoints endpoints;
    private final FollowedKeys keys;
    private final EtcdLog log = new EtcdLog();
    private final SessionOwner sessionOwner = new SessionOwner();
    private final SessionReplacement replacement;
    private @Nullable Listener listener;
    private @Nullable EtcdSession session;
    private Loop.@Nullable Alarm nextRound;
    private boolean anotherRoundWanted;
    private boolean wasInTrouble;

    /**
     * Prepares to follow leader keys.
     *
     * @param calls is closed together with this source
     */
    public EtcdLeaderSource(Loop loop, EtcdCalls calls, EtcdPolicy policy) {
        this.loop = loop;
        this.calls = calls;
        this.policy = policy;
        this.endpoints = new Endpoints(policy.endpoints(), policy.pace(), loop::chance);
        this.keys = new FollowedKeys(policy);
        this.replacement =
                new SessionReplacement(
                        loop, policy, log, sessionOwner, this::opened, this::replaceSession);
    }

    @Override
    public void start(Collection<Trigger> triggers, Listener listener) {
        this.listener = listener;
        keys.follow(triggers);
        begin();
    }

    @Override
    public void follow(Collection<Trigger> triggers) {
        keys.follow(triggers);
        readNow();
    }

    @Override
    public void readNow() {
        boolean begins = !isConfirming() && !endpoints.isFailing() && !anotherRoundWanted;
        anotherRoundWanted = true;
        if (begins) {
            loop.execute(this::beginIfWanted);
        }
    }

    @Override
    public boolean practise() {
        boolean isRare = policy.interval().compareTo(RARE) >= 0;
        if (wasInTrouble || isRare || keys.names().size() > EtcdConnection.MOST_KEYS) {
            return false;
        }
        readNow();
        return true;
    }

    @Override
    public void restart() {
        disconnect();
        endpoints.succeeded();
        keys.restart();
        begin();
    }

    @Override
    public void close() {
        listener = null;
        disconnect();
        cancelNextRound();
        calls.close();
    }

    private void beginIfWanted() {
        if (anotherRoundWanted && !isConfirming() && !endpoints.isFailing()) {
            begin();
        }
    }

    private void begin() {
        if (listener == null) {
            return;
        }
        cancelNextRound();
        boolean everything = anotherRoundWanted;
        anotherRoundWanted = false;
        EtcdSession current = session != null ? session : opened(sessionOwner);
        session = current;
        current.confirm(everything);
    }

    private EtcdSession opened(EtcdSession.Owner owner) {
        URI endpoint = endpoints.current();
        EtcdSession.Contact contact =
                new EtcdSession.Contact(
                        loop,
                        policy,
                        keys,
                        log,
                        Objects.requireNonNull(listener),
                        endpoint,
                        calls.connect(endpoint));
        return new EtcdSession(contact, owner);
    }

    /** Changes to a session that works; whatever the one before was asked is asked anew. */
    private void replaceSession(EtcdSession proven) {
        if (session != null) {
            session.close();
        }
        session = proven;
        keys.restart();
        begin();
    }

    private boolean isConfirming() {
        return session != null && session.isConfirming();
    }

    private void beginAt(Moment time) {
        cancelNextRound();
        nextRound = loop.at(time, this::begin);
    }

    private void cancelNextRound() {
        if (nextRound != null) {
            nextRound.cancel();
            nextRound = null;
        }
    }

    private void disconnect() {
        replacement.abandon();
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private void report(EtcdFailure failure) {
        log.trouble(failure);
        if (listener != null) {
            listener.failed(failure.sentence());
        }
    }

    private final class SessionOwner implements EtcdSession.Owner {

        /** Begins it in this very task where it can: a takeover waits for it. */
        @Override
        public void roundWanted() {
            anotherRoundWanted = true;
            beginIfWanted();
        }

        @Override
        public void confirmed(Moment sentAt, boolean completely) {
            endpoints.succeeded();
            if (completely) {
                endpoints.deniedNothing();
                log.allGood(endpoints.current());
            } else if (endpoints.turnFromDenial()) {
                disconnect();
                begin();
                return;
            }
            if (anotherRoundWanted || keys.isLeaseQuestionDue(loop.now())) {
                begin();
            } else {
                beginAt(sentAt.plus(keys.pace(loop.now())));
            }
            if (session != null) {
                replacement.consider(session);
            }
        }

        @Override
        public void rested(Moment at) {
            beginAt(at.plus(keys.pace(at)));
            if (session != null) {
                replacement.consider(session);
            }
        }

        @Override
        public void denied(String key, EtcdFailure failure) {
            wasInTrouble = true;
            log.trouble(failure);
            if (listener != null) {
                listener.failed(key, failure.sentence());
            }
        }

        @Override
        public void failed(EtcdFailure failure, Moment sentAt) {
            wasInTrouble = true;
            disconnect();
            Endpoints.Failure sort =
                    failure.kind().needsAPerson()
                            ? Endpoints.Failure.REFUSED
                            : Endpoints.Failure.PASSING;
            beginAt(endpoints.failed(sort, sentAt, loop.now()));
            report(failure);
        }

        @Override
        public void lost(boolean atOnce) {
            wasInTrouble = true;
            disconnect();
            if (atOnce) {
                begin();
            }
        }
    }
}
