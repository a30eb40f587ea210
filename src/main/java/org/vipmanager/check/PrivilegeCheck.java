package org.vipmanager.check;

import org.vipmanager.posix.Capability;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether the daemon has the two capabilities that it needs: the one that runs, or else one that
 * this user would start.
 */
final class PrivilegeCheck {

    private static final String REMEDY =
            "start it as root or by the systemd unit, which gives both with AmbientCapabilities=";

    private final List<String> ownStatus;
    private final List<AddressManager> running;

    /**
     * @param ownStatus the lines of this process's /proc/[pid]/status
     * @param running the programs that put addresses
     */
    PrivilegeCheck(List<String> ownStatus, List<AddressManager> running) {
        this.ownStatus = ownStatus;
        this.running = running;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (AddressManager daemon : running) {
            if (daemon.kind() == AddressManager.Kind.OURS) {
                findings.add(
                        daemon.isHere()
                                ? finding(
                                        "the running daemon, process " + daemon.pid(),
                                        daemon.status())
                                : Finding.unseen(
                                        Item.PRIVILEGES,
                                        daemon
                                                + " runs; this user is not shown whether it lives in"
                                                + " this network namespace",
                                        "look as root"));
            }
        }
        return findings.isEmpty() ? List.of(own()) : findings;
    }

    private Finding own() {
        Finding finding = finding("a daemon that this user starts", ownStatus);
        boolean isRoot =
                ownStatus.stream().anyMatch(line -> line.matches("Uid:\\s+\\d+\\s+0\\s.*"));
        return finding.sign() == Sign.ERROR && !isRoot
                ? Finding.warning(Item.PRIVILEGES, finding.found(), REMEDY)
                : finding;
    }

    private static Finding finding(String who, List<String> status) {
        List<Capability> missing;
        try {
            missing = Capability.missingIn(status);
        } catch (IllegalStateException e) {
            return Finding.unseen(
                    Item.PRIVILEGES, who + ": its capabilities are not shown", "look as root");
        }
        if (missing.isEmpty()) {
            return Finding.good(Item.PRIVILEGES, who + " may change addresses and announce them");
        }
        return Finding.error(
                Item.PRIVILEGES,
                who
                        + " may not "
                        + missing.stream()
                                .map(Capability::permits)
                                .collect(Collectors.joining(", nor "))
                        + ": it lacks "
                        + missing.stream().map(Enum::name).collect(Collectors.joining(" and ")),
                REMEDY);
    }
}
