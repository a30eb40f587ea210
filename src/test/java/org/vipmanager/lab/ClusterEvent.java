package org.vipmanager.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one event did to the address and to the client's writes, measured after it is over.
 *
 * @param name of the event
 * @param outage the longest time between two acknowledged rows
 * @param patroni the part of it until the new leader was named by the key and out of recovery
 * @param ours from then until the address was on the new leader; zero when it was there before
 * @param overlap for how long more than one host held the address
 * @param astray for how long a host held it that the leader key did not name, while it named
 *     another
 * @param lost acknowledged rows that are not there
 * @param stale rows acknowledged on another timeline than the newest
 * @param story what happened during the outage, one line each
 */
record ClusterEvent(
        String name,
        Duration outage,
        Duration patroni,
        Duration ours,
        Duration overlap,
        Duration astray,
        int lost,
        int stale,
        List<String> story) {

    /** Shorter ones are ordinary writes on a busy machine. */
    private static final Duration WORTH_TELLING = Duration.ofMillis(150);

    static ClusterEvent measure(String name, DatabaseLab lab, long begunNanos) {
        long end = System.nanoTime();
        List<WritingClient.Acknowledged> rows = lab.client().acknowledged();
        long[] gap = longestGap(rows, begunNanos, end);
        String leader = lab.leader().name();
        long had = heldFrom(lab, leader, gap[0], gap[1]);
        long ready = ready(lab, leader, gap[0], gap[1], had);
        return new ClusterEvent(
                name,
                Duration.ofNanos(gap[1] - gap[0]),
                Duration.ofNanos(Math.max(0, ready - gap[0])),
                Duration.ofNanos(Math.max(0, had - ready)),
                lab.timeline().overlap(DatabaseLab.VIP, begunNanos),
                astray(lab, begunNanos, end),
                lost(lab, rows),
                stale(rows),
                story(lab, gap[0], gap[1]));
    }

    /** The longest time between two acknowledged rows since then, up to now. */
    static Duration outageSince(DatabaseLab lab, long begunNanos) {
        long now = System.nanoTime();
        List<WritingClient.Acknowledged> rows = lab.client().acknowledged();
        long[] gap = longestGap(rows, begunNanos, now);
        long sinceLast = rows.isEmpty() ? now - begunNanos : now - rows.getLast().atNanos();
        return Duration.ofNanos(Math.max(gap[1] - gap[0], sinceLast));
    }

    private static int lost(DatabaseLab lab, List<WritingClient.Acknowledged> rows) {
        String url = lab.leader().databaseUrl();
        return lab.clientHost().namespace().call(() -> WritingClient.lost(rows, url)).size();
    }

    private static long[] longestGap(
            List<WritingClient.Acknowledged> rows, long fromNanos, long toNanos) {
        long[] longest = {fromNanos, fromNanos};
        boolean first = rows.isEmpty() || rows.getFirst().atNanos() > fromNanos;
        long last = first ? fromNanos : -1;
        for (WritingClient.Acknowledged row : rows) {
            if (last >= 0 && row.atNanos() > fromNanos && last < toNanos) {
                if (row.atNanos() - last > longest[1] - longest[0]) {
                    longest = new long[] {last, row.atNanos()};
                }
            }
            last = row.atNanos();
        }
        return longest;
    }

    /**
     * When, in the outage, the last leader was named by the key and writable at last.
     *
     * @param had when its host had the address: where the observer saw the key later than the
     *     daemon, which has no other source, the key named it by then
     */
    private static long ready(DatabaseLab lab, String leader, long from, long to, long had) {
        boolean seenBefore = lab.observer().state(ClusterObserver.KEY, from).equals(leader);
        long named = seenBefore ? from : had;
        // A row is acknowledged at the end, though the observer may not have got through yet.
        boolean seenWritable = lab.observer().state(leader, to).equals(ClusterObserver.WRITABLE);
        long writable = seenWritable ? from : to;
        NavigableMap<Long, String> times = lab.observer().changes(from, to);
        for (long at : times.keySet()) {
            if (!lab.observer().state(ClusterObserver.KEY, at - 1).equals(leader)
                    && lab.observer().state(ClusterObserver.KEY, at).equals(leader)) {
                named = seenBefore ? at : Math.min(at, had);
            }
            if (!lab.observer().state(leader, at - 1).equals(ClusterObserver.WRITABLE)
                    && lab.observer().state(leader, at).equals(ClusterObserver.WRITABLE)) {
                writable = seenWritable ? at : to;
            }
        }
        return Math.max(named, writable);
    }

    /** Since when, in the outage, the host has had the address without a break. */
    private static long heldFrom(DatabaseLab lab, String host, long from, long to) {
        long since = from;
        boolean held = true;
        NavigableMap<Long, Set<String>> holders = lab.timeline().holders(DatabaseLab.VIP);
        Map.Entry<Long, Set<String>> before = holders.floorEntry(from);
        if (before == null || !before.getValue().contains(host)) {
            held = false;
        }
        for (Map.Entry<Long, Set<String>> entry : holders.subMap(from, true, to, true).entrySet()) {
            boolean now = entry.getValue().contains(host);
            if (now && !held) {
                since = entry.getKey();
            }
            held = now;
        }
        return since;
    }

    private static Duration astray(DatabaseLab lab, long from, long to) {
        Set<Long> times = new TreeSet<>(lab.timeline().holders(DatabaseLab.VIP).keySet());
        times.addAll(lab.observer().changes(from, to).keySet());
        times.add(from);
        times.add(to);
        long total = 0;
        long last = -1;
        for (long at : times) {
            if (at >= from && at <= to) {
                if (last >= 0 && isAstray(lab, last)) {
                    total += at - last;
                }
                last = at;
            }
        }
        return Duration.ofNanos(total);
    }

    private static boolean isAstray(DatabaseLab lab, long at) {
        Set<String> holders = holders(lab, at);
        String named = lab.observer().state(ClusterObserver.KEY, at);
        return named.startsWith("pg") && !holders.isEmpty() && !holders.equals(Set.of(named));
    }

    private static Set<String> holders(DatabaseLab lab, long at) {
        Map.Entry<Long, Set<String>> entry = lab.timeline().holders(DatabaseLab.VIP).floorEntry(at);
        return entry == null ? Set.of() : entry.getValue();
    }

    private static int stale(List<WritingClient.Acknowledged> rows) {
        int newest = 0;
        int stale = 0;
        for (WritingClient.Acknowledged row : rows) {
            newest = Math.max(newest, row.timelineId());
            stale += row.timelineId() < newest ? 1 : 0;
        }
        return stale;
    }

    /**
     * Who held the address, whom the key named, and what the holder's PostgreSQL was, over time.
     */
    private static List<String> story(DatabaseLab lab, long from, long to) {
        if (Duration.ofNanos(to - from).compareTo(WORTH_TELLING) < 0) {
            return List.of();
        }
        Set<Long> times = new TreeSet<>(lab.observer().changes(from, to).keySet());
        times.addAll(lab.timeline().holders(DatabaseLab.VIP).subMap(from, to).keySet());
        times.add(from);
        NavigableMap<Long, String> lines = new TreeMap<>();
        String last = "";
        for (long at : times) {
            String line = situation(lab, at);
            if (!line.equals(last)) {
                lines.put(at, line);
                last = line;
            }
        }
        List<String> story = new ArrayList<>();
        lines.forEach(
                (at, line) ->
                        story.add(
                                String.format(
                                        Locale.ROOT, "%+8.3f s  %s", (at - from) / 1e9, line)));
        story.add(
                String.format(
                        Locale.ROOT, "%+8.3f s  a row is acknowledged again", (to - from) / 1e9));
        return story;
    }

    private static String situation(DatabaseLab lab, long at) {
        String key = "leader key " + lab.observer().state(ClusterObserver.KEY, at);
        Set<String> holders = holders(lab, at);
        if (holders.isEmpty()) {
            return "nobody holds the address; " + key + states(lab, at);
        }
        return String.join(" and ", holders) + " holds the address; " + key + states(lab, at);
    }

    private static String states(DatabaseLab lab, long at) {
        StringBuilder states = new StringBuilder();
        for (DatabaseHost host : lab.hosts()) {
            states.append("; ").append(host.name()).append(' ');
            states.append(lab.observer().state(host.name(), at));
        }
        return states.toString();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "outage %6d ms = Patroni %6d + ours %4d + client %4d; two holders %d ms;"
                        + " astray %d ms; lost %d; old timeline %d",
                outage.toMillis(),
                patroni.toMillis(),
                ours.toMillis(),
                outage.minus(patroni).minus(ours).toMillis(),
                overlap.toMillis(),
                astray.toMillis(),
                lost,
                stale);
    }
}
