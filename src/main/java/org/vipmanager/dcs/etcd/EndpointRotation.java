package org.vipmanager.dcs.etcd;

import org.vipmanager.core.Backoff;
import org.vipmanager.core.Moment;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which endpoint is asked next, and when.
 *
 * <p>A good one is kept. After a failure the others are asked at once, one after another; when all
 * of them have failed, again after {@code retry-after}, then once an interval. Trouble that only a
 * person can mend is tried ever more rarely: a login costs the server 100 ms of bcrypt.
 */
final class EndpointRotation {

    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    private final EtcdPolicy policy;
    private int current;
    private int failures;

    /** How the members have failed since all of them were last asked. */
    private final Set<EtcdFailure.Kind> thisRound = EnumSet.noneOf(EtcdFailure.Kind.class);

    /** How often in a row all of them were asked without hope before a person mends something. */
    private int hopeless;

    EndpointRotation(EtcdPolicy policy) {
        this.policy = policy;
    }

    URI endpoint() {
        return policy.endpoints().get(current);
    }

    /** Whether the last attempt failed. */
    boolean isFailing() {
        return failures > 0;
    }

    void succeeded() {
        failures = 0;
        hopeless = 0;
        thisRound.clear();
    }

    /**
     * Turns to the next endpoint.
     *
     * @param attemptedAt when the attempt began that failed
     * @return when to ask it
     */
    Moment failed(EtcdFailure.Kind kind, Moment attemptedAt, Moment now) {
        failures++;
        thisRound.add(kind);
        current = (current + 1) % policy.endpoints().size();
        if (failures % policy.endpoints().size() != 0) {
            return now;
        }
        int rounds = failures / policy.endpoints().size();
        hopeless = needsAPerson() ? hopeless + 1 : 0;
        thisRound.clear();
        Moment soon = now.plus(policy.retryAfter());
        if (hopeless > 0) {
            return Moment.later(soon, attemptedAt.plus(backoff(hopeless)));
        }
        return rounds < policy.retryNum()
                ? soon
                : Moment.later(soon, attemptedAt.plus(policy.interval()));
    }

    /**
     * What one member says of the user holds for all of them, whatever has become of the others. A
     * certificate may be wrong on one member alone, so that the others are worth asking soon.
     */
    private boolean needsAPerson() {
        return thisRound.contains(EtcdFailure.Kind.LOGIN_REFUSED)
                || thisRound.contains(EtcdFailure.Kind.PERMISSION_DENIED)
                || thisRound.equals(EnumSet.of(EtcdFailure.Kind.TLS));
    }

    private Duration backoff(int rounds) {
        Duration longest =
                policy.interval().compareTo(LONGEST_BACKOFF) < 0
                        ? LONGEST_BACKOFF
                        : policy.interval();
        return new Backoff(policy.interval(), longest, rounds).pause();
    }
}
