package org.vipmanager.core;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What makes this host the leader: the leader key of the DCS and the value it must have.
 *
 * @param key the key in etcd or Consul, such as {@code /service/db/leader}, or the path of
 *     Patroni's REST API
 * @param value the value that names this host, or Patroni's status code as text
 */
public record Trigger(String key, String value) {

    /** The REST API of Patroni 4 and of those before it (do_GET in Patroni's api.py). */
    private static final Set<String> REST_PATHS =
            Set.of(
                    "leader",
                    "primary",
                    "master",
                    "read-write",
                    "replica",
                    "read-only",
                    "standby-leader",
                    "standby_leader",
                    "sync",
                    "synchronous",
                    "quorum",
                    "async",
                    "asynchronous",
                    "health",
                    "liveness",
                    "readiness",
                    "patroni",
                    "cluster");

    /** What names this host, of each key, in the order of the keys. */
    public static Map<String, Set<String>> valuesByKey(Collection<Trigger> triggers) {
        Map<String, Set<String>> values = new LinkedHashMap<>();
        for (Trigger trigger : triggers) {
            values.computeIfAbsent(trigger.key(), _ -> new HashSet<>()).add(trigger.value());
        }
        return values;
    }

    /** Whether the key is a path of Patroni's REST API, and so hardly one of etcd or Consul. */
    public static boolean isRestPath(String key) {
        String path = key.startsWith("/") ? key.substring(1) : key;
        int query = path.indexOf('?');
        return REST_PATHS.contains(query < 0 ? path : path.substring(0, query));
    }
}
