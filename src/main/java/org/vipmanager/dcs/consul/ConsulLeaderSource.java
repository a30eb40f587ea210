package org.vipmanager.dcs.consul;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Sighting.Origin;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.consul.ConsulAnswer.KeyState;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.HttpSender;
import org.vipmanager.http.Poller;
import org.vipmanager.http.Poller.Verdict;
import org.vipmanager.log.TroubleLog;
import org.vipmanager.retry.Endpoints;
import org.vipmanager.retry.Endpoints.Failure;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows leader keys in Consul's key/value store.
 *
 * <p>Every interval one consistent read of each key confirms it; a blocking query for each key
 * brings changes in between. What remains of a Consul session cannot be read, so no sighting of
 * this source names a lease.
 */
public final class ConsulLeaderSource implements LeaderSource {

    /**
     * Each blocking query keeps a connection, and a Consul agent takes 200 from one host ({@code
     * limits.http_max_conns_per_client}). Further keys share one for each way in which many of them
     * begin.
     */
    static final int MOST_WATCHES = 64;

    /** Keys that begin in yet another way are seen at the next read only. */
    private static final int MOST_GROUPS = 16;

    /**
     * So many blocking queries in a row must have failed, though reads succeed, to be worth a line.
     */
    private static final int FAILURES_TO_TELL = 3;

    private static final Logger LOG = System.getLogger("org.vipmanager.consul");

    private final Loop loop;
    private final ConsulSettings settings;
    private final HttpSender sender;
    private final KeyRequests requests;
    private final Endpoints endpoints;
    private final Poller poller;
    private final ReadingLoad load;
    private final TroubleLog troubles = new TroubleLog(LOG);
    private final Map<String, KeyWatch> watches = new HashMap<>();
    private final Map<KeyGroup, PrefixWatch> groups = new HashMap<>();
    private final Map<String, KnownRead> reads = new HashMap<>();
    private @Nullable Listener listener;

    /** The newest read of a key that was answered. */
    private record KnownRead(long index, Moment asOf) {}

    /** The sender is closed with this source. */
    public ConsulLeaderSource(Loop loop, HttpSender sender, ConsulSettings settings) {
        this.loop = loop;
        this.settings = settings;
        this.sender = sender;
        this.requests = new KeyRequests(settings);
        this.endpoints = new Endpoints(settings.endpoints());
        this.load = new ReadingLoad(settings);
        this.poller = new Poller(loop, sender, settings.pace(), new Reading());
    }

    @Override
    public void start(Collection<Trigger> triggers, Listener listener) {
        this.listener = listener;
        follow(triggers);
    }

    @Override
    public void follow(Collection<Trigger> triggers) {
        Set<String> keys = new LinkedHashSet<>();
        triggers.forEach(trigger -> keys.add(trigger.key()));
        watches.forEach(
                (key, watch) -> {
                    if (!keys.contains(key)) {
                        watch.stop();
                    }
                });
        watches.keySet().retainAll(keys);
        reads.keySet().retainAll(keys);
        endpoints.retain(keys);
        for (String key : keys) {
            if (watches.size() < MOST_WATCHES) {
                watches.computeIfAbsent(key, this::watch);
            }
        }
        followTogether(keys);
        poller.follow(keys);
    }

    private void followTogether(Set<String> keys) {
        Map<String, List<String>> byStored = new HashMap<>();
        for (String key : keys) {
            if (!watches.containsKey(key)) {
                byStored.computeIfAbsent(KeyRequests.stored(key), _ -> new ArrayList<>()).add(key);
            }
        }
        List<KeyGroup> wanted = KeyGroup.of(byStored.keySet()).stream().limit(MOST_GROUPS).toList();
        groups.forEach(
                (group, watch) -> {
                    if (!wanted.contains(group)) {
                        watch.stop();
                    }
                });
        groups.keySet().retainAll(wanted);
        for (KeyGroup group : wanted) {
            groups.computeIfAbsent(
                    group,
                    _ ->
                            new PrefixWatch(
                                    loop,
                                    sender,
                                    settings,
                                    endpoints,
                                    group,
                                    new WatchingTogether(group.prefix(), byStored)));
        }
    }

    @Override
    public void readNow() {
        poller.readNow();
    }

    @Override
    public void restart() {
        watches.values().forEach(KeyWatch::stop);
        groups.values().forEach(PrefixWatch::stop);
        reads.clear();
        poller.restart();
    }

    @Override
    public void close() {
        listener = null;
        poller.close();
        watches.values().forEach(KeyWatch::stop);
        watches.clear();
        groups.values().forEach(PrefixWatch::stop);
        groups.clear();
        sender.close();
    }

    private KeyWatch watch(String key) {
        return new KeyWatch(loop, sender, settings, endpoints, key, new Watching(key));
    }

    private void tell(Sighting sighting) {
        LOG.log(Level.DEBUG, () -> "Consul says: " + sighting);
        Listener hearing = listener;
        if (hearing != null) {
            hearing.seen(sighting);
        }
    }

    private static Sighting sighting(
            String key, KeyState state, Origin origin, Moment asOf, Moment receivedAt) {
        return new Sighting(
                key,
                state.value(),
                origin,
                new Revision(0, state.index()),
                state.modifyIndex(),
                0,
                asOf,
                receivedAt);
    }

    /** The confirming reads. */
    private final class Reading implements Poller.Target {

        /** Who was last asked for each key. */
        private final Map<String, URI> asked = new HashMap<>();

        @Override
        public HttpQuestion question(String key) {
            URI endpoint = endpoints.forKey(key);
            asked.put(key, endpoint);
            return requests.read(endpoint, key);
        }

        @Override
        public Verdict judge(String key, HttpOutcome outcome) {
            URI endpoint = asked.getOrDefault(key, endpoints.current());
            boolean hopeless = outcome instanceof HttpFailure failure && failure.needsAPerson();
            if (outcome instanceof HttpAnswer answer) {
                switch (ConsulAnswer.of(answer)) {
                    case KeyState state -> {
                        read(endpoint, key, state, answer);
                        return new Verdict.Read();
                    }
                    case ConsulAnswer.Denied _ -> {
                        String trouble = trouble(endpoint, key, outcome);
                        return endpoints.refused(endpoint, key)
                                ? new Verdict.Refused(trouble)
                                : new Verdict.Failed(trouble, true, false);
                    }
                    case ConsulAnswer.Faulty faulty -> hopeless = faulty.needsAPerson();
                }
            }
            String trouble = trouble(endpoint, key, outcome);
            endpoints.failed(endpoint, hopeless ? Failure.REFUSED : Failure.PASSING);
            return new Verdict.Failed(
                    trouble, !endpoints.haveAllFailed(), endpoints.haveAllRefused());
        }

        @Override
        public void failed(String key, String trouble) {
            Listener hearing = listener;
            if (hearing != null) {
                hearing.failed(key, trouble);
            }
        }

        @Override
        public void roundTook(Duration time, int keys) {
            load.roundTook(time, keys);
        }

        private void read(URI endpoint, String key, KeyState state, HttpAnswer answer) {
            endpoints.succeeded(endpoint, key);
            troubles.over(
                    key, "Consul at " + HttpQuestion.origin(endpoint) + " answers for " + key);
            reads.put(key, new KnownRead(state.index(), answer.sentAt()));
            KeyWatch watch = watches.get(key);
            if (watch != null) {
                watch.readShowed(state);
            }
            groups.values().forEach(PrefixWatch::readSucceeded);
            tell(sighting(key, state, Origin.READ, answer.sentAt(), answer.receivedAt()));
        }

        private String trouble(URI endpoint, String key, HttpOutcome outcome) {
            String sentence = ConsulTrouble.of(endpoint, outcome) + " when asked for " + key;
            troubles.began(key, Level.WARNING, sentence);
            return sentence;
        }
    }

    /** The blocking queries of one key. */
    private final class Watching implements KeyWatch.Listener {

        private final String key;
        private final String subject;

        Watching(String key) {
            this.key = key;
            this.subject = "watch of " + key;
        }

        @Override
        public void changed(KeyState state, Moment sentAt, Moment receivedAt) {
            troubles.over(subject, "the blocking query for " + key + " is answered again");
            tellChange(key, state, sentAt, receivedAt);
        }

        @Override
        public void indexWentBackwards() {
            LOG.log(Level.DEBUG, () -> "Consul's index went backwards: reading " + key);
            poller.readNow();
        }

        @Override
        public void watchFailed(String trouble, int inARow) {
            if (!troubles.isOpen(key)) {
                tellWatchTrouble(subject, trouble + " to the blocking query for " + key, inARow);
                poller.readNow();
            }
        }
    }

    /** The blocking query of keys that begin alike. */
    private final class WatchingTogether implements PrefixWatch.Listener {

        private final String prefix;
        private final Map<String, List<String>> byStored;

        WatchingTogether(String prefix, Map<String, List<String>> byStored) {
            this.prefix = prefix;
            this.byStored = byStored;
        }

        @Override
        public void changed(String stored, KeyState state, HttpAnswer answer) {
            troubles.over(subject(), "the blocking query for " + prefix + "* is answered again");
            for (String key : byStored.getOrDefault(stored, List.of())) {
                tellChange(key, state, answer.sentAt(), answer.receivedAt());
            }
        }

        @Override
        public void missing(String stored) {
            byStored.getOrDefault(stored, List.of()).forEach(poller::readFirst);
        }

        @Override
        public void watchFailed(String trouble, int inARow) {
            tellWatchTrouble(
                    subject(), trouble + " to the blocking query for " + prefix + "*", inARow);
        }

        private String subject() {
            return "watch of " + prefix + "*";
        }
    }

    /**
     * The query was consistent: its answer was true at some moment after it was sent. So was the
     * newest read, of an older state; the later of the two proves the age of the change.
     */
    private void tellChange(String key, KeyState state, Moment sentAt, Moment receivedAt) {
        KnownRead read = reads.get(key);
        if (read == null || read.index() >= state.index()) {
            return;
        }
        Moment asOf = Moment.later(sentAt, read.asOf());
        if (asOf.until(loop.now()).compareTo(settings.longestUnconfirmed()) > 0) {
            LOG.log(Level.DEBUG, () -> "changed, and unconfirmed for long: reading " + key);
            poller.readFirst(key);
        } else {
            tell(sighting(key, state, Origin.EVENT, asOf, receivedAt));
        }
    }

    /** A read finds out whether Consul can be asked at all; only if it can, this is told. */
    private void tellWatchTrouble(String subject, String trouble, int inARow) {
        String sentence = trouble + "; meanwhile only the reads show changes";
        if (inARow >= FAILURES_TO_TELL) {
            troubles.began(subject, Level.WARNING, sentence);
        } else {
            LOG.log(Level.DEBUG, sentence);
        }
    }
}
