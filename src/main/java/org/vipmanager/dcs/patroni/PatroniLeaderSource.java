package org.vipmanager.dcs.patroni;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.DcsAnswer;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.PatroniMember;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Sighting.Origin;
import org.vipmanager.core.Trigger;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;
import org.vipmanager.http.HttpSender;
import org.vipmanager.http.Poller;
import org.vipmanager.http.Poller.Verdict;
import org.vipmanager.log.TroubleLog;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Polls endpoints of the local Patroni: the trigger's key is the path, the sighting's value the
 * status code, whichever it is.
 *
 * <p>GET, as the Go program does: HEAD would save Patroni nothing but the body, since it looks at
 * the database all the same, and stand-ins for Patroni do not all know it. The body is read and
 * dropped.
 */
public final class PatroniLeaderSource implements LeaderSource {

    private static final Logger LOG = System.getLogger("org.vipmanager.patroni");

    private static final int NOT_FOUND = 404;

    private final PatroniSettings settings;
    private final HttpSender sender;
    private final Poller poller;
    private final TroubleLog troubles = new TroubleLog(LOG);

    /** Those that Patroni does not know, though no trigger waits for that. */
    private final TroubleLog unknownPaths = new TroubleLog(LOG);

    private Collection<Trigger> followed = List.of();
    private @Nullable Listener listener;

    /** The sender is closed with this source. */
    public PatroniLeaderSource(Loop loop, HttpSender sender, PatroniSettings settings) {
        this.settings = settings;
        this.sender = sender;
        Poller.Pace pace =
                new Poller.Pace(settings.interval(), settings.attempts(), settings.retryAfter(), 1);
        this.poller = new Poller(loop, sender, pace, new Polling());
    }

    @Override
    public void start(Collection<Trigger> triggers, Listener listener) {
        this.listener = listener;
        follow(triggers);
    }

    @Override
    public void follow(Collection<Trigger> triggers) {
        followed = List.copyOf(triggers);
        Set<String> paths = new LinkedHashSet<>();
        triggers.forEach(trigger -> paths.add(trigger.key()));
        poller.follow(paths);
    }

    @Override
    public void readNow() {
        poller.readNow();
    }

    @Override
    public void restart() {
        poller.restart();
    }

    @Override
    public void close() {
        listener = null;
        poller.close();
        sender.close();
    }

    private final class Polling implements Poller.Target {

        @Override
        public HttpQuestion question(String path) {
            return HttpQuestion.get(
                    PatroniSettings.below(settings.endpoint(), path), settings.timeout());
        }

        @Override
        public Verdict judge(String path, HttpOutcome outcome) {
            return switch (outcome) {
                case HttpAnswer answer -> {
                    troubles.over(path, "Patroni answers " + path + " again");
                    tellUnknownPath(path, answer.status());
                    tell(path, answer);
                    yield new Verdict.Read();
                }
                case HttpFailure failure -> {
                    String sentence = "Patroni at " + failure.trouble() + " when asked for " + path;
                    troubles.began(path, Level.WARNING, sentence);
                    yield new Verdict.Failed(sentence, false, failure.needsAPerson());
                }
            };
        }

        @Override
        public void failed(String path, String trouble) {
            Listener hearing = listener;
            if (hearing != null) {
                hearing.failed(path, trouble);
            }
        }

        private void tellUnknownPath(String path, int status) {
            boolean wanted = followed.contains(new Trigger(path, Integer.toString(status)));
            if (status != NOT_FOUND || wanted) {
                unknownPaths.over(path, "Patroni knows the path " + path + " now");
                return;
            }
            unknownPaths.began(
                    path,
                    Level.WARNING,
                    "Patroni at %s answers 404: it has no path %s, which must be one of its REST API, such as /leader, with dcs-type patroni"
                                    .formatted(HttpQuestion.origin(settings.endpoint()), path)
                            + (PatroniMember.isLeaderKey(path)
                                    ? "; it looks like a leader key, for dcs-type etcd or consul"
                                    : ""));
        }

        private void tell(String path, HttpAnswer answer) {
            Sighting sighting =
                    new Sighting(
                            path,
                            Optional.of(Integer.toString(answer.status())),
                            Origin.READ,
                            new Revision(0, 0),
                            0,
                            0,
                            answer.sentAt(),
                            answer.receivedAt());
            LOG.log(Level.DEBUG, () -> "Patroni says: " + sighting);
            Listener hearing = listener;
            if (hearing != null) {
                hearing.answered(
                        DcsAnswer.of(settings.endpoint(), answer.sentAt(), answer.receivedAt()));
                hearing.seen(sighting);
            }
        }
    }
}
