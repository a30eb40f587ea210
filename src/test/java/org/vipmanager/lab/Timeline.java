package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The story of a scenario: what was done, and what every host's kernel said about its addresses, on
 * one clock.
 *
 * <p>Thread-safe. Times are those of {@link System#nanoTime}.
 */
final class Timeline {

    private record Note(long atNanos, String text) {}

    private final long startNanos = System.nanoTime();
    private final List<AddressEvent> events = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    synchronized void add(AddressEvent event) {
        events.add(event);
    }

    /** Remembers that something was done now; returns the time. */
    synchronized long note(String text) {
        long now = System.nanoTime();
        notes.add(new Note(now, text));
        return now;
    }

    synchronized List<AddressEvent> events(Host host, InetAddress address) {
        return events.stream()
                .filter(event -> event.host().equals(host.name()) && isOf(event, address))
                .toList();
    }

    /** Who held the address from which time on, in the order of time. */
    synchronized NavigableMap<Long, Set<String>> holders(InetAddress address) {
        return holders(inOrder().stream().filter(event -> isOf(event, address)).toList());
    }

    private static NavigableMap<Long, Set<String>> holders(List<AddressEvent> ofOneAddress) {
        NavigableMap<Long, Set<String>> holders = new TreeMap<>();
        Map<String, Set<String>> held = new HashMap<>();
        for (AddressEvent event : ofOneAddress) {
            Set<String> forms = held.computeIfAbsent(event.host(), _ -> new HashSet<>());
            if (event.present()) {
                forms.add(event.address());
            } else {
                forms.remove(event.address());
            }
            Set<String> now = new TreeSet<>();
            held.forEach((host, present) -> addIf(!present.isEmpty(), now, host));
            holders.put(event.atNanos(), now);
        }
        return holders;
    }

    Set<String> holdersNow(InetAddress address) {
        Map.Entry<Long, Set<String>> last = holders(address).lastEntry();
        return last == null ? Set.of() : last.getValue();
    }

    /** For how long, all in all, more than one host held the address since then. */
    Duration overlap(InetAddress address, long sinceNanos) {
        return heldBy(address, sinceNanos, 2);
    }

    /** For how long, all in all, some host held the address since then. */
    Duration held(InetAddress address, long sinceNanos) {
        return heldBy(address, sinceNanos, 1);
    }

    /** For how long at a stretch more than one host held it, for each address of the story. */
    synchronized Map<String, Duration> longestOverlaps() {
        long now = System.nanoTime();
        return inOrder().stream()
                .collect(
                        Collectors.groupingBy(
                                AddressEvent::withoutPrefix,
                                TreeMap::new,
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        events -> longestOverlap(holders(events), now))));
    }

    private static Duration longestOverlap(NavigableMap<Long, Set<String>> holders, long now) {
        long longest = 0;
        long begun = -1;
        for (Map.Entry<Long, Set<String>> entry : holders.entrySet()) {
            if (entry.getValue().size() < 2) {
                begun = -1;
            } else {
                begun = begun < 0 ? entry.getKey() : begun;
                Long next = holders.higherKey(entry.getKey());
                longest = Math.max(longest, (next == null ? now : next) - begun);
            }
        }
        return Duration.ofNanos(longest);
    }

    private Duration heldBy(InetAddress address, long sinceNanos, int atLeast) {
        long total = 0;
        long now = System.nanoTime();
        NavigableMap<Long, Set<String>> holders = holders(address);
        for (Map.Entry<Long, Set<String>> entry : holders.entrySet()) {
            Long next = holders.higherKey(entry.getKey());
            long end = next == null ? now : next;
            if (entry.getValue().size() >= atLeast && end > sinceNanos) {
                total += end - Math.max(entry.getKey(), sinceNanos);
            }
        }
        return Duration.ofNanos(total);
    }

    /** The first time since then at which the host had the address; -1 when it has not had it. */
    long firstHeld(Host host, InetAddress address, long sinceNanos) {
        return first(host, address, true, sinceNanos);
    }

    /** The first time since then at which the host's address was removed; -1 when it was not. */
    long firstRemoved(Host host, InetAddress address, long sinceNanos) {
        return first(host, address, false, sinceNanos);
    }

    private long first(Host host, InetAddress address, boolean present, long sinceNanos) {
        return events(host, address).stream()
                .filter(event -> event.present() == present && event.atNanos() >= sinceNanos)
                .mapToLong(AddressEvent::atNanos)
                .findFirst()
                .orElse(-1);
    }

    /** When the host lost the address since then, and when it had it again, of each time. */
    List<Gap> gaps(Host host, InetAddress address, long sinceNanos) {
        List<Gap> gaps = new ArrayList<>();
        long lostAt = -1;
        for (Map.Entry<Long, Set<String>> entry : holders(address).entrySet()) {
            boolean held = entry.getValue().contains(host.name());
            if (!held && lostAt < 0 && entry.getKey() >= sinceNanos) {
                lostAt = entry.getKey();
            } else if (held && lostAt >= 0) {
                gaps.add(new Gap(lostAt, entry.getKey()));
                lostAt = -1;
            }
        }
        return gaps;
    }

    /** A time without the address. */
    record Gap(long lostAtNanos, long heldAtNanos) {}

    /** Each address of that beginning which the host got since then, and when it first did. */
    Map<String, Long> firstHeldSince(Host host, String beginning, long sinceNanos) {
        return firstSince(
                host, beginning, sinceNanos, event -> event.present() && !event.isPermanent());
    }

    /** The same, with those that have no lifetime, but not the host's own. */
    Map<String, Long> firstGotSince(Host host, String beginning, long sinceNanos) {
        String own = "10.0.0." + host.number();
        return firstSince(
                host,
                beginning,
                sinceNanos,
                event -> event.present() && !event.withoutPrefix().equals(own));
    }

    /** The same of when it lost them. */
    Map<String, Long> firstRemovedSince(Host host, String beginning, long sinceNanos) {
        return firstSince(host, beginning, sinceNanos, event -> !event.present());
    }

    private synchronized Map<String, Long> firstSince(
            Host host, String beginning, long sinceNanos, Predicate<AddressEvent> sought) {
        Map<String, Long> first = new HashMap<>();
        for (AddressEvent event : events) {
            if (event.atNanos() >= sinceNanos
                    && sought.test(event)
                    && event.host().equals(host.name())
                    && event.address().startsWith(beginning)) {
                first.putIfAbsent(event.withoutPrefix(), event.atNanos());
            }
        }
        return first;
    }

    /** Writes the whole story, one line an event, seconds since the start in front. */
    synchronized void write(Path file) {
        Map<Long, String> lines = new TreeMap<>();
        notes.forEach(note -> lines.merge(note.atNanos, "# " + note.text, (a, b) -> a + "\n" + b));
        for (AddressEvent event : inOrder()) {
            lines.merge(event.atNanos(), describe(event), (a, b) -> a + "\n" + b);
        }
        List<String> text = new ArrayList<>();
        lines.forEach((at, line) -> text.add(seconds(at) + " " + line));
        try {
            Files.write(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String describe(AddressEvent event) {
        String lifetime = event.isPermanent() ? "for ever" : event.validSeconds() + " s";
        return event.host()
                + (event.present()
                        ? " has " + event.address() + " " + lifetime
                        : " lost " + event.address());
    }

    /** Seconds since the start of the scenario, as the lines of the logs have them too. */
    String seconds(long atNanos) {
        return String.format(Locale.ROOT, "%9.4f", (atNanos - startNanos) / 1e9);
    }

    private List<AddressEvent> inOrder() {
        return events.stream().sorted(Comparator.comparingLong(AddressEvent::atNanos)).toList();
    }

    private static boolean isOf(AddressEvent event, InetAddress address) {
        return event.withoutPrefix().equals(address.getHostAddress());
    }

    private static void addIf(boolean condition, Set<String> set, String element) {
        if (condition) {
            set.add(element);
        }
    }
}
