package org.vipmanager.check;

import org.vipmanager.core.PatroniMember;
import org.vipmanager.http.BoundedJson;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the DCS has of a Patroni cluster beside its leader key.
 *
 * @param folder in which its keys are, such as {@code /service/db}
 * @param members their names; empty where there are none, or this user may not read them
 * @param leaderHost the address at which the leader says that its PostgreSQL is found
 */
record Cluster(
        String folder,
        List<String> members,
        Optional<PatroniTimes> times,
        Optional<InetAddress> leaderHost) {

    /** Reads it; nothing of a key that is no leader key. */
    static Cluster read(
            Store store, URI endpoint, String key, Optional<String> leader, Deadline deadline) {
        if (!PatroniMember.isLeaderKey(key)) {
            return new Cluster("", List.of(), Optional.empty(), Optional.empty());
        }
        String folder = key.substring(0, key.lastIndexOf('/'));
        String below = folder + "/members/";
        List<String> members =
                store.keysBelow(endpoint, below, deadline).stream()
                        .filter(name -> name.startsWith(below))
                        .map(name -> name.substring(below.length()))
                        .filter(name -> !name.isEmpty())
                        .toList();
        Optional<PatroniTimes> times =
                store.value(endpoint, folder + "/config", deadline).flatMap(PatroniTimes::of);
        Optional<InetAddress> host =
                leader.filter(members::contains)
                        .flatMap(name -> store.value(endpoint, below + name, deadline))
                        .flatMap(Cluster::host);
        return new Cluster(folder, members, times, host);
    }

    /** The host in a member's {@code conn_url}, where that is an address and no name. */
    private static Optional<InetAddress> host(String member) {
        try {
            if (BoundedJson.read(member) instanceof Map<?, ?> told
                    && told.get("conn_url") instanceof String url) {
                String host = URI.create(url).getHost();
                return host == null
                        ? Optional.empty()
                        : Optional.of(InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")));
            }
        } catch (IOException | IllegalArgumentException unparsable) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
