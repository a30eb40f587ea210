package org.vipmanager.dcs.etcd;

import org.vipmanager.core.Moment;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The leader keys that are followed, and which of their leases count. */
final class FollowedKeys {

    /** From one try to the next whether a hidden lease may be asked about by now. */
    private static final Duration HIDDEN_FOR = Duration.ofMinutes(1);

    private final EtcdPolicy policy;
    private Map<String, FollowedKey> keys = new LinkedHashMap<>();

    /**
     * Leases that this user may not ask about, and when each was last asked about all the same;
     * their keys are shown without one.
     */
    private final Map<Long, Moment> hiddenLeases = new HashMap<>();

    FollowedKeys(EtcdPolicy policy) {
        this.policy = policy;
    }

    /** Follows these keys from now on; several addresses may follow one key. */
    void follow(Collection<Trigger> triggers) {
        Map<String, FollowedKey> followed = new LinkedHashMap<>();
        Trigger.valuesByKey(triggers)
                .forEach(
                        (name, ours) -> {
                            FollowedKey key = find(name).orElseGet(() -> new FollowedKey(name));
                            key.follow(ours);
                            followed.put(name, key);
                        });
        keys = followed;
    }

    List<String> names() {
        return List.copyOf(keys.keySet());
    }

    /** Those that have something to prove, or were never read. */
    List<String> unsettled() {
        return keys.entrySet().stream()
                .filter(key -> !key.getValue().isSettled())
                .map(Map.Entry::getKey)
                .toList();
    }

    Optional<FollowedKey> find(String name) {
        return Optional.ofNullable(keys.get(name));
    }

    /** The entry without its lease, where that does not count or may not be asked about. */
    EtcdEntry shown(EtcdEntry entry) {
        return policy.askLeases() && !hiddenLeases.containsKey(entry.leaseId())
                ? entry
                : new EtcdEntry(entry.key(), entry.value(), entry.modRevision(), 0);
    }

    /**
     * This user may not ask about a lease.
     *
     * @return whether that is new
     */
    boolean hideLease(long leaseId, Moment now) {
        return hiddenLeases.put(leaseId, now) == null;
    }

    /**
     * A lease was answered about, or is no more.
     *
     * @return whether it was hidden until now
     */
    boolean showLease(long leaseId) {
        return hiddenLeases.remove(leaseId) != null;
    }

    /**
     * The hidden leases that are due to be asked about: what may not be asked is granted some day.
     * Their keys stay without them until there is an answer, so that a refusal changes nothing.
     */
    List<Long> takeHiddenLeases(Moment now) {
        if (hiddenLeases.isEmpty()) {
            return List.of();
        }
        List<Long> due =
                hiddenLeases.entrySet().stream()
                        .filter(hidden -> !hidden.getValue().plus(HIDDEN_FOR).isAfter(now))
                        .map(Map.Entry::getKey)
                        .toList();
        due.forEach(id -> hiddenLeases.put(id, now));
        return due;
    }

    /** The time from one round to the next: what the most urgent of the keys wants. */
    Duration pace(Moment now) {
        return keys.values().stream()
                .map(key -> key.pace(now, policy))
                .min(Comparator.naturalOrder())
                .orElse(policy.interval());
    }

    /** Whether a lease by which this host leads has to be asked about. */
    boolean isLeaseQuestionDue(Moment now) {
        return keys.values().stream()
                .anyMatch(
                        key -> key.ledByLease().isPresent() && key.isLeaseQuestionDue(now, policy));
    }

    /**
     * The keys by which this host leads and whose leases have to be asked about now; all keys of
     * such a lease. They count as asked from now on.
     */
    List<Sighting> takeLeaseQuestions(Moment now) {
        if (!isLeaseQuestionDue(now)) {
            return List.of();
        }
        Set<Long> due =
                keys.values().stream()
                        .filter(key -> key.isLeaseQuestionDue(now, policy))
                        .flatMap(key -> key.ledByLease().stream())
                        .map(Sighting::leaseId)
                        .collect(Collectors.toSet());
        List<Sighting> questions = new ArrayList<>();
        for (FollowedKey key : keys.values()) {
            Optional<Sighting> led = key.ledByLease().filter(seen -> due.contains(seen.leaseId()));
            if (led.isPresent()) {
                key.leaseAsked(now);
                questions.add(led.get());
            }
        }
        return questions;
    }

    /** What was under way is void: leases may be asked about at once. */
    void restart() {
        keys.values().forEach(FollowedKey::restart);
        hiddenLeases.replaceAll((id, asked) -> Moment.LONG_AGO);
    }
}
