package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.VipConfig;
import org.vipmanager.core.PatroniMember;
import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.Trigger;
import org.vipmanager.log.Printable;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether each leader key is there, who it says leads, and for how long; and where it says nothing
 * or names nobody whom this host can be, what is probably meant.
 */
final class KeyCheck {

    /** Of more clusters only the keys are looked at. */
    private static final int MOST_CLUSTERS = 20;

    private static final int MOST_SHOWN = 8;

    private final Config config;
    private final Store store;
    private final URI endpoint;
    private final Map<String, KeyState> keys;
    private final String hostName;
    private final Deadline deadline;
    private final Map<String, Cluster> clusters = new LinkedHashMap<>();

    /**
     * @param keys as that endpoint has shown them
     * @param hostName what this host calls itself
     * @param deadline for whatever is asked beyond the keys
     */
    KeyCheck(
            Config config,
            Store store,
            URI endpoint,
            Map<String, KeyState> keys,
            String hostName,
            Deadline deadline) {
        this.config = config;
        this.store = store;
        this.endpoint = endpoint;
        this.keys = keys;
        this.hostName = hostName;
        this.deadline = deadline;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        Map<Trigger, String> addresses = new LinkedHashMap<>();
        for (VipConfig vip : config.vips()) {
            addresses.merge(
                    vip.trigger(),
                    PrintedAddress.of(vip.vip().address()),
                    (some, one) -> some.length() > 100 ? some : some + ", " + one);
        }
        addresses.forEach(
                (trigger, of) ->
                        findings.add(finding(trigger, addresses.size() == 1 ? "" : of + ": ")));
        clusters.forEach(
                (key, cluster) ->
                        cluster.times()
                                .map(times -> times.finding(cluster.folder(), config))
                                .ifPresent(findings::add));
        return findings;
    }

    /** What was read of the cluster that has this key. */
    Optional<Cluster> cluster(String key) {
        return Optional.ofNullable(clusters.get(key));
    }

    private Finding finding(Trigger trigger, String prefix) {
        KeyState state = keys.getOrDefault(trigger.key(), KeyState.ABSENT);
        if (clusters.size() < MOST_CLUSTERS) {
            clusters.computeIfAbsent(
                    trigger.key(),
                    key -> Cluster.read(store, endpoint, key, state.value(), deadline));
        }
        List<String> members = cluster(trigger.key()).map(Cluster::members).orElse(List.of());
        Optional<String> value = state.value();
        if (value.isEmpty()) {
            return absent(trigger, prefix, members);
        }
        String is = prefix + trigger.key() + " is " + Printable.quoted(value.get());
        if (value.get().equals(trigger.value())) {
            return held(is + ": this host leads", state.bond());
        }
        return another(is, value.get(), trigger, members, state.bond());
    }

    private static Finding held(String found, KeyState.Bond bond) {
        return switch (bond) {
            case KeyState.Lease lease -> Finding.good(Item.KEY, found + "; " + left(lease));
            case KeyState.Session _ ->
                    Finding.good(
                            Item.KEY,
                            found
                                    + "; it lives by a session, of which Consul does not tell what is left");
            case KeyState.UnknownLease unknown ->
                    Finding.warning(
                            Item.KEY,
                            found + "; its lease cannot be asked for its time: " + unknown.why(),
                            "leadership is believed for the retries only; older servers of etcd demand"
                                    + " read permission on every key of that lease, Patroni's member key too");
            case KeyState.Nothing _ ->
                    Finding.warning(
                            Item.KEY,
                            found + "; it has neither a lease nor a session, so that it never ends",
                            "Patroni writes its key with one: look who wrote this one");
        };
    }

    private static String left(KeyState.Lease lease) {
        return "its lease has "
                + lease.left().toSeconds()
                + " of "
                + lease.granted().toSeconds()
                + " s left";
    }

    private Finding another(
            String is, String value, Trigger trigger, List<String> members, KeyState.Bond bond) {
        String found = is + ", and this host waits for " + Printable.quoted(trigger.value());
        if (Names.areAlike(value, trigger.value())) {
            return Finding.error(
                    Item.KEY,
                    found + ": " + Names.difference(value, trigger.value()),
                    "write trigger-value: "
                            + value
                            + ", if that is this host; names are compared letter by letter");
        }
        if (!members.isEmpty() && !members.contains(trigger.value())) {
            return unknownMember(found, trigger, members);
        }
        if (members.isEmpty() && (value.equals(hostName) || Names.areAlike(value, hostName))) {
            return Finding.error(
                    Item.KEY,
                    found + ": but this host is called " + hostName,
                    "write trigger-value: " + value);
        }
        String lease = bond instanceof KeyState.Lease known ? "; " + left(known) : "";
        return Finding.good(Item.KEY, found + ": another host leads" + lease);
    }

    private static Finding unknownMember(String found, Trigger trigger, List<String> members) {
        return Finding.error(
                Item.KEY,
                found + ", which is no member of that cluster; its members are " + shown(members),
                Names.nearest(trigger.value(), members)
                        .map(name -> "write trigger-value: " + name + ", if that is this host")
                        .orElse(
                                "write the name that Patroni's configuration gives this host (name:)"));
    }

    private Finding absent(Trigger trigger, String prefix, List<String> members) {
        String found = prefix + trigger.key() + " does not exist";
        if (Trigger.isRestPath(trigger.key())) {
            return Finding.error(
                    Item.KEY,
                    found + ": it is a path of Patroni's REST API",
                    "write the leader key, "
                            + nearestLeader(trigger.key())
                                    .orElse("such as /service/pgcluster/leader")
                            + ", or dcs-type: patroni");
        }
        if (!members.isEmpty()) {
            return Finding.error(
                    Item.KEY,
                    found + ": nobody leads; members are " + shown(members),
                    "look why Patroni elects none: patronictl list");
        }
        Set<String> others = leaders(trigger.key());
        if (!others.isEmpty()) {
            return Finding.error(
                    Item.KEY,
                    found + "; leader keys there are: " + shown(List.copyOf(others)),
                    "write trigger-key: " + nearestOf(trigger.key(), others));
        }
        if (store.hasInOldInterface(endpoint, trigger.key(), deadline)) {
            return Finding.error(
                    Item.KEY,
                    found
                            + " in etcd's v3 API; it exists in the v2 API: Patroni's configuration has"
                            + " an etcd section",
                    "write etcd3: in place of etcd: in Patroni's configuration, or use dcs-type: patroni");
        }
        return Finding.error(
                Item.KEY,
                found + ", and no other leader key either",
                "is Patroni running, with the same DCS and the same namespace and scope? Its key is"
                        + " /NAMESPACE/SCOPE/leader, by default /service/SCOPE/leader");
    }

    private Optional<String> nearestLeader(String key) {
        Set<String> leaders = leaders(key);
        return leaders.isEmpty() ? Optional.empty() : Optional.of(nearestOf(key, leaders));
    }

    private static String nearestOf(String key, Set<String> leaders) {
        return Names.nearest(key, leaders)
                .or(() -> leaders.stream().filter(one -> scope(one).equals(scope(key))).findFirst())
                .orElse(leaders.iterator().next());
    }

    private static String scope(String key) {
        String[] parts = key.split("/");
        return parts.length < 2 ? "" : parts[parts.length - 2];
    }

    /** The leader keys in the same namespace, else in Patroni's usual one, else anywhere. */
    private Set<String> leaders(String key) {
        Set<String> prefixes = new LinkedHashSet<>();
        String folder = key.contains("/") ? key.substring(0, key.lastIndexOf('/')) : "";
        int parent = folder.lastIndexOf('/');
        if (parent > 0) {
            prefixes.add(folder.substring(0, parent + 1));
        }
        prefixes.add("/service/");
        prefixes.add("/");
        for (String below : prefixes) {
            Set<String> leaders =
                    store.keysBelow(endpoint, below, deadline).stream()
                            .filter(PatroniMember::isLeaderKey)
                            .collect(Collectors.toCollection(LinkedHashSet::new));
            if (!leaders.isEmpty()) {
                return leaders;
            }
        }
        return Set.of();
    }

    private static String shown(List<String> names) {
        String some = names.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "));
        int more = names.size() - MOST_SHOWN;
        return more > 0 ? some + " and " + more + " more" : some;
    }
}
