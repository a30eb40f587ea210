package org.vipmanager.dcs.etcd;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Backoff;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tries replaced certificates on a second session, while the one in use goes on.
 *
 * <p>New files say nothing of whether they work yet: the authorities may be replaced before the
 * servers' certificates are, and a new client certificate before the servers know who issued it. So
 * the session that works is left only for one that has read everything, too. If that fails it is
 * tried again ever more rarely, and as soon as the files change. What the second session reads
 * counts like any other reading: its order and age are told apart by {@link FollowedKey}.
 */
final class SessionReplacement {

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Loop loop;
    private final EtcdLog log;
    private final EtcdSession.Owner source;
    private final Function<EtcdSession.Owner, EtcdSession> opening;
    private final Consumer<EtcdSession> replaced;
    private final Backoff first;

    private @Nullable EtcdSession tried;
    private boolean underWay;
    private Backoff backoff;
    private Moment again = Moment.LONG_AGO;
    private boolean warned;

    /**
     * Tries nothing yet.
     *
     * @param source whom the session serves that works
     * @param opening opens another session to the endpoint of the one in use, for that owner
     * @param replaced gets the one that works, which serves the source from then on
     */
    SessionReplacement(
            Loop loop,
            EtcdPolicy policy,
            EtcdLog log,
            EtcdSession.Owner source,
            Function<EtcdSession.Owner, EtcdSession> opening,
            Consumer<EtcdSession> replaced) {
        this.loop = loop;
        this.log = log;
        this.source = source;
        this.opening = opening;
        this.replaced = replaced;
        this.first = new Backoff(RetryPolicy.doubling(policy.interval(), LONGEST_PAUSE).spread());
        this.backoff = first;
    }

    /** Begins to replace a session that works, if its certificates are old and it is time to. */
    void consider(EtcdSession inUse) {
        EtcdSession last = tried;
        if (underWay || !inUse.isOutdated()) {
            return;
        }
        if (last != null && last.isOutdated()) {
            forget(); // other files than those that failed
        }
        if (again.isAfter(loop.now())) {
            return;
        }
        underWay = true;
        EtcdSession trial = opening.apply(new Trial(inUse));
        tried = trial;
        trial.confirm(true);
    }

    /** Ends what is under way: there is no session any more that could be replaced. */
    void abandon() {
        if (underWay && tried != null) {
            tried.close();
        }
        forget();
    }

    private void forget() {
        underWay = false;
        tried = null;
        backoff = first;
        again = Moment.LONG_AGO;
        warned = false;
    }

    private void succeeded(EtcdSession proven) {
        String how = "connected with the certificates that were replaced";
        if (warned) {
            log.info(proven.endpoint(), how);
        } else {
            log.detail(proven.endpoint(), how);
        }
        forget();
        proven.serve(source);
        replaced.accept(proven);
    }

    private void refused(EtcdFailure failure) {
        if (tried != null) {
            tried.close();
        }
        underWay = false;
        backoff = backoff.afterFailure();
        again = loop.now().plus(backoff.pause(loop.chance()));
        if (!warned) {
            warned = true;
            log.warning(
                    failure.sentence()
                            + ". That was with the certificates that were replaced; the connection"
                            + " made with those before them is kept until the new ones work");
        }
    }

    /** Listens to the session that is tried. */
    private final class Trial implements EtcdSession.Owner {

        private final EtcdSession inUse;
        private @Nullable EtcdFailure denial;

        Trial(EtcdSession inUse) {
            this.inUse = inUse;
        }

        @Override
        public void roundWanted() {
            source.roundWanted();
        }

        @Override
        public void denied(String key, EtcdFailure failure) {
            denial = failure;
        }

        @Override
        public void confirmed(Moment sentAt, boolean completely) {
            EtcdSession proven = tried;
            if (denial != null && inUse.readsAll()) {
                refused(denial);
            } else if (proven != null) {
                succeeded(proven);
            }
        }

        @Override
        public void rested(Moment at) {
            throw new IllegalStateException("a session on trial reads");
        }

        @Override
        public void failed(EtcdFailure failure, Moment sentAt) {
            refused(failure);
        }

        /** Between two rounds it serves the source. */
        @Override
        public void lost(boolean atOnce) {
            throw new IllegalStateException("a session on trial has no watch");
        }
    }
}
