package org.vipmanager.discovery;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.control.ReplaceableSource;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;
import org.vipmanager.core.Trigger;
import org.vipmanager.log.TroubleLog;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A source whose endpoints name servers tell: asked anew every half a minute, and soon where the
 * endpoints fail. The last good answer is kept while there is none, or one without records, and
 * begun with where an earlier source of the same domain has had one.
 *
 * <p>Lives on the {@link Loop}; name servers are waited for on a thread of their own, one question
 * at a time.
 */
public final class DiscoveredSource extends ReplaceableSource {

    private static final Logger LOG = System.getLogger("org.vipmanager.etcd");

    private static final RetryPolicy REFRESH = RetryPolicy.steady(Duration.ofSeconds(30)).spread();

    /** While nothing is known. */
    private static final RetryPolicy FIRST =
            RetryPolicy.doubling(Duration.ofSeconds(1), Duration.ofSeconds(10)).spread();

    /** Endpoints that fail may have moved, but name servers are not to be flooded for that. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private final Loop loop;
    private final String subject;
    private final Lookup lookup;
    private final Function<List<URI>, LeaderSource> connecting;
    private final TroubleLog troubles = new TroubleLog(LOG);
    private final KnownEndpoints known;
    private int failures;
    private boolean isAsking;
    private boolean closed;
    private Moment askedAt = Moment.LONG_AGO;
    private @Nullable Listener listener;
    private Loop.@Nullable Alarm next;

    /** Asks name servers; blocks. */
    @FunctionalInterface
    public interface Lookup {
        List<URI> endpoints() throws IOException;
    }

    /**
     * @param subject what the log calls it, such as {@code etcd-srv example.com}
     * @param known what was told of this domain before, and then what is
     * @param connecting makes the source for endpoints, of which there is one at least
     */
    public DiscoveredSource(
            Loop loop,
            String subject,
            Lookup lookup,
            KnownEndpoints known,
            Function<List<URI>, LeaderSource> connecting) {
        super(
                known.endpoints().isEmpty()
                        ? LeaderSource.SILENT
                        : connecting.apply(known.endpoints()));
        this.loop = loop;
        this.subject = subject;
        this.lookup = lookup;
        this.known = known;
        this.connecting = connecting;
    }

    @Override
    public void start(Collection<Trigger> triggers, Listener listener) {
        this.listener = listener;
        super.start(triggers, listener);
        ask();
    }

    @Override
    public void close() {
        closed = true;
        cancel();
        super.close();
    }

    /** Before there is an answer nothing is read, which counts as one time and is no end of it. */
    @Override
    public boolean practise() {
        return known.endpoints().isEmpty() || super.practise();
    }

    private void ask() {
        cancel();
        if (closed || isAsking) {
            return;
        }
        isAsking = true;
        askedAt = loop.now();
        try {
            Thread.ofPlatform().daemon().name("etcd-srv").start(this::lookUp);
        } catch (OutOfMemoryError noThread) {
            failed("no thread can be started");
        }
    }

    /** On a thread of its own, which whatever a name server says must not end. */
    private void lookUp() {
        try {
            List<URI> found = lookup.endpoints();
            loop.execute(() -> found(found));
        } catch (IOException e) {
            loop.execute(() -> failed(String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) {
            loop.execute(() -> failed(e.toString()));
        }
    }

    private void found(List<URI> endpoints) {
        isAsking = false;
        failures = 0;
        troubles.over(subject, subject + ": name servers answer again");
        if (closed) {
            return;
        }
        askAgainAfter(REFRESH.pause(1, loop.chance()));
        if (!Set.copyOf(endpoints).equals(Set.copyOf(known.endpoints()))) {
            String written =
                    endpoints.stream().map(URI::toString).collect(Collectors.joining(", "));
            LOG.log(Level.INFO, subject + ": the endpoints are " + written);
            known.replaceBy(endpoints);
            replaceBy(connecting.apply(endpoints));
        }
    }

    private void failed(String trouble) {
        isAsking = false;
        failures++;
        if (closed) {
            return;
        }
        boolean isLost = known.endpoints().isEmpty();
        askAgainAfter((isLost ? FIRST : REFRESH).pause(failures, loop.chance()));
        String sentence = subject + ": " + trouble;
        troubles.began(
                subject,
                Level.WARNING,
                isLost ? sentence : sentence + "; going on with the endpoints of before");
        if (isLost) {
            Objects.requireNonNull(listener).failed(sentence);
        }
    }

    private void askAgainAfter(Duration pause) {
        cancel();
        next = loop.at(loop.now().plus(pause), this::ask);
    }

    private void cancel() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    /** The endpoints may have moved. */
    @Override
    protected void sourceFailed() {
        if (askedAt.until(loop.now()).compareTo(SOON) > 0) {
            ask();
        }
    }
}
