package org.vipmanager.dcs.consul;

import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Sighting.Origin;
import org.vipmanager.dcs.consul.ConsulAnswer.KeyState;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpSender;
import org.vipmanager.http.Poller;
import org.vipmanager.log.TroubleLog;
import org.vipmanager.retry.Endpoints;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The watches of all keys: one for each, and for keys beyond those that an agent takes connections
 * for one for all that begin alike.
 */
final class ConsulWatches {

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
    private final HttpSender sender;
    private final ConsulSettings settings;
    private final Endpoints endpoints;
    private final Poller poller;
    private final TroubleLog troubles;
    private final Consumer<Sighting> changes;
    private final Map<String, KeyWatch> watches = new HashMap<>();
    private final Map<KeyGroup, PrefixWatch> groups = new HashMap<>();
    private final Map<String, KnownRead> reads = new HashMap<>();

    /** What names this host, of each key. */
    private Map<String, Set<String>> ourValues = Map.of();

    /** The newest read of a key that was answered. */
    private record KnownRead(long index, Moment asOf) {}

    /**
     * Watches nothing yet.
     *
     * @param poller reads what a watch leaves in doubt
     * @param changes hears what the watches show
     */
    ConsulWatches(
            Loop loop,
            HttpSender sender,
            ConsulSettings settings,
            Endpoints endpoints,
            Poller poller,
            TroubleLog troubles,
            Consumer<Sighting> changes) {
        this.loop = loop;
        this.sender = sender;
        this.settings = settings;
        this.endpoints = endpoints;
        this.poller = poller;
        this.troubles = troubles;
        this.changes = changes;
    }

    /**
     * @param values what names this host, of each key that is followed
     */
    void follow(Map<String, Set<String>> values) {
        ourValues = Map.copyOf(values);
        Set<String> keys = values.keySet();
        keepOnly(keys, watches);
        reads.keySet().retainAll(keys);
        for (String key : keys) {
            if (watches.size() < MOST_WATCHES) {
                watches.computeIfAbsent(key, this::watch);
            }
        }
        followTogether(keys);
    }

    private void followTogether(Set<String> keys) {
        Map<String, List<String>> byStored = new HashMap<>();
        for (String key : keys) {
            if (!watches.containsKey(key)) {
                byStored.computeIfAbsent(KeyRequests.stored(key), _ -> new ArrayList<>()).add(key);
            }
        }
        List<KeyGroup> wanted = KeyGroup.of(byStored.keySet()).stream().limit(MOST_GROUPS).toList();
        keepOnly(wanted, groups);
        for (KeyGroup group : wanted) {
            groups.computeIfAbsent(group, _ -> watch(group, byStored));
        }
    }

    private static <K> void keepOnly(
            Collection<K> wanted, Map<K, ? extends BlockingQuery> watches) {
        watches.forEach(
                (key, watch) -> {
                    if (!wanted.contains(key)) {
                        watch.stop();
                    }
                });
        watches.keySet().retainAll(wanted);
    }

    private KeyWatch watch(String key) {
        return new KeyWatch(loop, sender, settings, endpoints, key, this);
    }

    private PrefixWatch watch(KeyGroup group, Map<String, List<String>> byStored) {
        return new PrefixWatch(loop, sender, settings, endpoints, group, byStored, this);
    }

    /** A read has shown a key: the endpoint that answered it can be asked. */
    void readShowed(String key, KeyState state, HttpAnswer answer) {
        reads.put(key, new KnownRead(state.index(), answer.sentAt()));
        KeyWatch watch = watches.get(key);
        if (watch != null) {
            watch.readShowed(state);
        }
        groups.values().forEach(PrefixWatch::readSucceeded);
    }

    /** Ends all queries; the next reads begin them anew. */
    void restart() {
        watches.values().forEach(KeyWatch::stop);
        groups.values().forEach(PrefixWatch::stop);
        reads.clear();
    }

    void close() {
        restart();
        watches.clear();
        groups.clear();
    }

    // ---- what they tell ----------------------------------------------------------------------

    /**
     * A key has changed.
     *
     * <p>The query was consistent: its answer was true at some moment after it was sent. So was the
     * newest read, of an older state; the later of the two proves the age of the change. That
     * another host leads is told however old that is: it prolongs nothing, and a read may hang.
     */
    void changed(String key, KeyState state, HttpAnswer answer) {
        KnownRead read = reads.get(key);
        if (read == null || read.index() >= state.index()) {
            return;
        }
        Moment asOf = Moment.later(answer.sentAt(), read.asOf());
        boolean isOld = asOf.until(loop.now()).compareTo(settings.longestUnconfirmed()) > 0;
        if (isOld && namesUs(key, state)) {
            LOG.log(Level.DEBUG, () -> "changed, and unconfirmed for long: reading " + key);
            poller.readFirst(key);
        } else {
            changes.accept(state.sighting(key, Origin.EVENT, asOf, answer.receivedAt()));
        }
    }

    private boolean namesUs(String key, KeyState state) {
        Set<String> ours = ourValues.getOrDefault(key, Set.of());
        return state.value().filter(ours::contains).isPresent();
    }

    /** A key that was there is absent, or may not be read. */
    void missing(String key) {
        poller.readFirst(key);
    }

    /** Consul's index went backwards: what is known of the key may be no longer so. */
    void indexWentBackwards(String key) {
        LOG.log(Level.DEBUG, () -> "Consul's index went backwards: reading " + key);
        poller.readNow();
    }

    /**
     * A query was answered.
     *
     * @param what its key, or how its keys begin and a star
     */
    void answeredAgain(String what) {
        troubles.over(subject(what), "the blocking query for " + what + " is answered again");
    }

    /** As {@link BlockingQuery#failed}. */
    void watchFailed(String key, String trouble, int inARow) {
        if (!troubles.isOpen(key)) {
            groupFailed(key, trouble, inARow);
            poller.readNow();
        }
    }

    /** A read finds out whether Consul can be asked at all; only if it can, this is told. */
    void groupFailed(String what, String trouble, int inARow) {
        String sentence =
                trouble
                        + " to the blocking query for "
                        + what
                        + "; meanwhile only the reads show changes";
        if (inARow >= FAILURES_TO_TELL) {
            troubles.began(subject(what), Level.WARNING, sentence);
        } else {
            LOG.log(Level.DEBUG, sentence);
        }
    }

    private static String subject(String what) {
        return "watch of " + what;
    }
}
