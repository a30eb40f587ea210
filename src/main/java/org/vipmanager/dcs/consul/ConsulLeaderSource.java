package org.vipmanager.dcs.consul;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.DcsAnswer;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
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
import java.util.Collection;
import java.util.HashMap;
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

    private static final Logger LOG = System.getLogger("org.vipmanager.consul");

    private final HttpSender sender;
    private final KeyRequests requests;
    private final Endpoints endpoints;
    private final Poller poller;
    private final ReadingLoad load;
    private final TroubleLog troubles = new TroubleLog(LOG);
    private final ConsulWatches watches;
    private @Nullable Listener listener;

    /** The sender is closed with this source. */
    public ConsulLeaderSource(Loop loop, HttpSender sender, ConsulSettings settings) {
        this.sender = sender;
        this.requests = new KeyRequests(settings);
        this.endpoints = new Endpoints(settings.endpoints());
        this.load = new ReadingLoad(settings);
        this.poller = new Poller(loop, sender, settings.pace(), new Reading());
        this.watches =
                new ConsulWatches(loop, sender, settings, endpoints, poller, troubles, this::tell);
    }

    @Override
    public void start(Collection<Trigger> triggers, Listener hearing) {
        listener = hearing;
        follow(triggers);
    }

    @Override
    public void follow(Collection<Trigger> triggers) {
        Map<String, Set<String>> values = Trigger.valuesByKey(triggers);
        Set<String> keys = values.keySet();
        endpoints.retain(keys);
        watches.follow(values);
        poller.follow(keys);
    }

    @Override
    public void readNow() {
        poller.readNow();
    }

    @Override
    public void restart() {
        watches.restart();
        poller.restart();
    }

    @Override
    public void close() {
        listener = null;
        poller.close();
        watches.close();
        sender.close();
    }

    private void tell(Sighting sighting) {
        LOG.log(Level.DEBUG, () -> "Consul says: " + sighting);
        Listener hearing = listener;
        if (hearing != null) {
            hearing.seen(sighting);
        }
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
            watches.readShowed(key, state, answer);
            Listener hearing = listener;
            if (hearing != null) {
                hearing.answered(DcsAnswer.of(endpoint, answer.sentAt(), answer.receivedAt()));
            }
            tell(state.sighting(key, Origin.READ, answer.sentAt(), answer.receivedAt()));
        }

        private String trouble(URI endpoint, String key, HttpOutcome outcome) {
            String sentence = ConsulTrouble.of(endpoint, outcome) + " when asked for " + key;
            troubles.began(key, Level.WARNING, sentence);
            return sentence;
        }
    }
}
