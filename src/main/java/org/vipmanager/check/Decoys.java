package org.vipmanager.check;

import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.HostNetwork;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Addresses that nobody has, asked for beside a virtual one: who answers for these, too, is a
 * proxy, and does not have that one.
 *
 * @param foreign of no network here; who answers for one answers for whatever is not here
 * @param local of the virtual address's subnet, by chance; nobody has all of them
 */
record Decoys(List<InetAddress> foreign, List<InetAddress> local) {

    static final Decoys NONE = new Decoys(List.of(), List.of());

    /** Nobody has these: RFC 5737. */
    private static final List<String> NOBODYS =
            List.of("192.0.2.77", "198.51.100.77", "203.0.113.77");

    private static final int LOCAL = 3;

    /**
     * @param vip of IPv4
     */
    static Decoys of(VirtualIp vip, HostNetwork host) {
        return new Decoys(
                NOBODYS.stream()
                        .map(InetAddress::ofLiteral)
                        .filter(
                                address ->
                                        host.addresses().stream()
                                                .noneMatch(own -> own.isInSubnetWith(address)))
                        .toList(),
                atRandom(vip));
    }

    List<InetAddress> addresses() {
        return Stream.of(foreign, local).flatMap(List::stream).toList();
    }

    /**
     * Whether the claimant is a proxy.
     *
     * @param claimants who answered for each address
     */
    boolean isProxy(HardwareAddress claimant, Map<InetAddress, Set<HardwareAddress>> claimants) {
        return foreign.stream().anyMatch(one -> answers(claimant, one, claimants))
                || !local.isEmpty()
                        && local.stream().allMatch(one -> answers(claimant, one, claimants));
    }

    private static boolean answers(
            HardwareAddress claimant,
            InetAddress address,
            Map<InetAddress, Set<HardwareAddress>> claimants) {
        return claimants.getOrDefault(address, Set.of()).contains(claimant);
    }

    /** Of the address's subnet, where that is large enough that nobody has all by chance. */
    private static List<InetAddress> atRandom(VirtualIp vip) {
        int hostBits = Integer.SIZE - vip.prefixLength();
        if (hostBits < 6) {
            return List.of();
        }
        int whole = ByteBuffer.wrap(vip.address().getAddress()).getInt();
        int mask = hostBits >= 16 ? 0xffff : (1 << hostBits) - 1;
        Set<Integer> chosen = new TreeSet<>();
        while (chosen.size() < LOCAL) {
            int number = ThreadLocalRandom.current().nextInt(1, mask);
            if (number != (whole & mask)) {
                chosen.add(whole & ~mask | number);
            }
        }
        return chosen.stream().map(Decoys::address).toList();
    }

    private static InetAddress address(int bits) {
        try {
            return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(bits).array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
