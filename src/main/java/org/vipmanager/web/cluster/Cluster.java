package org.vipmanager.web.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All hosts at one moment, address by address. Immutable.
 *
 * @param hosts this one first
 * @param addresses what needs somebody's attention first
 */
public record Cluster(List<HostAnswer> hosts, List<SharedAddress> addresses) {

    /** How well off an address is. */
    public enum Verdict {
        TWO_HOLDERS,
        /** On a host whose daemon does not want it there. */
        STRAY,
        NOBODY,
        IN_DOUBT,
        ELSEWHERE,
        HELD;

        boolean isBad() {
            return compareTo(NOBODY) <= 0;
        }
    }

    record Worry(String address, Verdict verdict) {}

    /** What happened on one host. */
    public record HostEvent(String host, HostStatus.Event event) {}

    static Cluster of(List<HostAnswer> hosts) {
        Map<String, List<SharedAddress.OnHost>> all = new LinkedHashMap<>();
        for (HostAnswer host : hosts) {
            if (host.status().isPresent()) {
                for (HostStatus.Address address : host.status().get().addresses()) {
                    all.computeIfAbsent(address.address(), _ -> new ArrayList<>())
                            .add(new SharedAddress.OnHost(host, address));
                }
            }
        }
        boolean isWhole = hosts.stream().allMatch(host -> host.status().isPresent());
        boolean isAlone = hosts.size() == 1;
        return new Cluster(
                List.copyOf(hosts),
                all.entrySet().stream()
                        .map(
                                entry ->
                                        new SharedAddress(
                                                entry.getKey(),
                                                List.copyOf(entry.getValue()),
                                                isWhole && !isAlone))
                        .sorted(Comparator.comparing(SharedAddress::verdict))
                        .toList());
    }

    /** The addresses that two hosts have. */
    public Set<String> conflicts() {
        return addresses.stream()
                .filter(address -> address.verdict() == Verdict.TWO_HOLDERS)
                .map(SharedAddress::address)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The addresses that are badly off, with what is the matter. */
    Set<Worry> worries() {
        return addresses.stream()
                .filter(address -> address.verdict().isBad())
                .map(address -> new Worry(address.address(), address.verdict()))
                .collect(Collectors.toSet());
    }

    /** What happened on all of them, by their calendars; the newest first. */
    public List<HostEvent> events(int most) {
        return hosts.stream()
                .flatMap(
                        host ->
                                host.status().stream()
                                        .flatMap(status -> status.events().stream())
                                        .map(event -> new HostEvent(host.name(), event)))
                .sorted(Comparator.comparing((HostEvent each) -> each.event().time()).reversed())
                .limit(most)
                .toList();
    }

    /** Where the addresses are, in a sentence for each of the first few. */
    public String summary() {
        int most = 3;
        String text =
                addresses.stream()
                        .limit(most)
                        .map(address -> address.address() + ": " + address.sentence())
                        .collect(Collectors.joining(". "));
        return addresses.size() > most
                ? text + ". And " + (addresses.size() - most) + " more."
                : text + ".";
    }

    /** Another one when something has changed other than the time that is left. */
    public String fingerprint() {
        StringBuilder all = new StringBuilder();
        for (HostAnswer host : hosts) {
            all.append(host.name()).append(host.status().isPresent());
            host.status()
                    .filter(status -> !status.events().isEmpty())
                    .ifPresent(status -> all.append(status.events().getLast()));
        }
        for (SharedAddress address : addresses) {
            all.append(address.address()).append(address.verdict());
            for (SharedAddress.OnHost on : address.hosts()) {
                all.append(on.address().state())
                        .append(on.address().isHeld())
                        .append(on.address().leader())
                        .append(on.address().trouble().isEmpty());
            }
        }
        return Integer.toHexString(all.toString().hashCode());
    }
}
