package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/** The addresses of one subnet on one interface, ours and those of others. */
final class SubnetMembers {

    private final Set<InetAddress> ours = new HashSet<>();
    private final Set<InetAddress> others = new HashSet<>();
    private @Nullable InetAddress primary;

    /** The IPv4 address whose end takes the others along; null when there is none. */
    @Nullable InetAddress primary() {
        return primary;
    }

    boolean hasOurs() {
        return !ours.isEmpty();
    }

    boolean hasOthers() {
        return !others.isEmpty();
    }

    /** Whether this one is not there, but another of ours is. */
    boolean hasOnlyAnotherOfOurs(InetAddress address) {
        return !ours.isEmpty() && !ours.contains(address);
    }

    int size() {
        return ours.size() + others.size();
    }

    void add(InetAddress address, boolean isOurs, boolean isPrimary) {
        (isOurs ? ours : others).add(address);
        if (isPrimary) {
            primary = address;
        } else if (address.equals(primary)) {
            primary = null;
        }
    }

    void remove(InetAddress address) {
        ours.remove(address);
        others.remove(address);
        if (address.equals(primary)) {
            primary = null;
        }
    }

    void becomeOurs(InetAddress address) {
        if (others.remove(address)) {
            ours.add(address);
        }
    }

    void becomeTheirs(InetAddress address) {
        if (ours.remove(address)) {
            others.add(address);
        }
    }
}
