package org.vipmanager.web.cluster;

import org.vipmanager.web.cluster.Cluster.Verdict;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One address on all hosts that have told of it. Immutable.
 *
 * @param address without a prefix length
 * @param isWhole whether all hosts have told, and there is more than one
 */
public record SharedAddress(String address, List<OnHost> hosts, boolean isWhole) {

    /** The address on one of them. */
    public record OnHost(HostAnswer host, HostStatus.Address address) {}

    List<OnHost> holders() {
        return hosts.stream().filter(on -> on.address().isHeld()).toList();
    }

    public Verdict verdict() {
        List<OnHost> holders = holders();
        if (holders.size() > 1) {
            return Verdict.TWO_HOLDERS;
        }
        if (holders.isEmpty()) {
            return isWhole || hosts.stream().anyMatch(on -> on.address().leads())
                    ? Verdict.NOBODY
                    : Verdict.ELSEWHERE;
        }
        HostStatus.Address holder = holders.getFirst().address();
        if (!holder.isMeant()) {
            return Verdict.STRAY;
        }
        return holder.isInDoubt() ? Verdict.IN_DOUBT : Verdict.HELD;
    }

    /** Where it is, without a full stop. */
    public String sentence() {
        List<OnHost> holders = holders();
        String names =
                holders.stream().map(on -> on.host().name()).collect(Collectors.joining(" and "));
        return switch (verdict()) {
            case TWO_HOLDERS -> "held by " + names + " at the same time";
            case STRAY -> "on " + names + ", which should not have it; " + leader();
            case HELD -> "on " + names;
            case IN_DOUBT -> "on " + names + ", while the DCS is silent";
            case NOBODY -> "on no host; " + leader();
            case ELSEWHERE -> "not on " + askedHosts() + "; " + leader();
        };
    }

    private String leader() {
        List<String> leaders =
                hosts.stream()
                        .map(on -> on.address().leader())
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .toList();
        return leaders.isEmpty() ? "nobody leads" : "leader is " + String.join(" or ", leaders);
    }

    private String askedHosts() {
        return hosts.stream().map(on -> on.host().name()).collect(Collectors.joining(" or "));
    }
}
