package org.vipmanager.check;

import org.vipmanager.config.ConfigLoader;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.netlink.HostNetwork;
import org.vipmanager.netlink.HostNetwork.Address;
import org.vipmanager.netlink.HostNetwork.Link;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Configurations and hosts as the checks find them. */
final class Given {

    static final HardwareAddress OWN = new HardwareAddress(0x020000000001L);

    private Given() {}

    /** 10.0.0.9/24 on eth0 for pg1, with other settings in place of these. */
    static LoadOutcome.Loaded settings(String... namesAndValues) {
        Map<String, String> flags =
                new HashMap<>(
                        Map.of(
                                "ip", "10.0.0.9",
                                "netmask", "24",
                                "interface", "eth0",
                                "trigger-key", "/service/db/leader",
                                "trigger-value", "pg1"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            flags.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return (LoadOutcome.Loaded) new ConfigLoader(flags, Map.of()).load();
    }

    /** A host with lo and eth0, which is up, and with these addresses on eth0. */
    static HostNetwork host(Address... addresses) {
        return host(true, true, addresses);
    }

    static HostNetwork host(boolean isUp, boolean hasCarrier, Address... addresses) {
        return new HostNetwork(
                List.of(
                        new Link(1, "lo", Set.of("lo"), true, true, Set.of()),
                        new Link(2, "eth0", Set.of("eth0"), isUp, hasCarrier, Set.of(OWN)),
                        new Link(3, "eth1", Set.of("eth1"), true, true, Set.of())),
                List.of(addresses));
    }

    /** On the interface with that index; without a lifetime, from nobody in particular. */
    static Address address(int index, String cidr) {
        return address(index, cidr, 0, OptionalInt.empty());
    }

    static Address address(int index, String cidr, int protocol, OptionalInt validSeconds) {
        int slash = cidr.indexOf('/');
        return new Address(
                index,
                InetAddress.ofLiteral(cidr.substring(0, slash)),
                Integer.parseInt(cidr.substring(slash + 1)),
                validSeconds,
                protocol,
                false);
    }
}
