package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.VipConfig;
import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.HostNetwork;
import org.vipmanager.netlink.HostNetwork.Address;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Whether another program of this host manages one of the addresses as well. */
final class ManagersCheck {

    /** RTPROT_KEEPALIVED, linux/rtnetlink.h, with which keepalived marks its addresses. */
    private static final int KEEPALIVED = 18;

    private final Config config;
    private final HostNetwork host;
    private final List<AddressManager> running;

    ManagersCheck(Config config, HostNetwork host, List<AddressManager> running) {
        this.config = config;
        this.host = host;
        this.running = running;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>(ofPrograms());
        for (VipConfig vip : config.localVips()) {
            findings.addAll(ofKernel(vip.vip()));
        }
        if (findings.isEmpty()) {
            findings.add(
                    Finding.good(
                            Item.MANAGERS,
                            running.isEmpty()
                                    ? "no program that manages addresses runs on this host now, neither"
                                            + " vip-manager nor keepalived"
                                    : "nobody else on this host manages the same addresses"));
        }
        return findings;
    }

    private List<Finding> ofPrograms() {
        List<Finding> findings = new ArrayList<>();
        List<AddressManager> daemons = new ArrayList<>();
        for (AddressManager manager : running) {
            List<String> shared =
                    config.vips().stream()
                            .map(vip -> PrintedAddress.of(vip.vip().address()))
                            .filter(manager::names)
                            .toList();
            if (!manager.isHere()) {
                findings.add(
                        Finding.unseen(
                                Item.MANAGERS,
                                manager
                                        + " runs, and this user is shown neither its settings nor whether"
                                        + " it lives in this network namespace",
                                "look as root"));
            } else if (manager.settings().isEmpty() && shared.isEmpty()) {
                findings.add(
                        Finding.unseen(
                                Item.MANAGERS,
                                manager + " runs, and its settings are not shown to this user",
                                "look as root"));
            } else if (!shared.isEmpty() && manager.kind() == AddressManager.Kind.OURS) {
                daemons.add(manager);
            } else if (!shared.isEmpty()) {
                findings.add(shared(manager, shared));
            }
        }
        findings.addAll(ofDaemons(daemons));
        return findings;
    }

    private static Finding shared(AddressManager manager, List<String> shared) {
        String addresses = String.join(", ", shared);
        return manager.kind() == AddressManager.Kind.KEEPALIVED
                ? Finding.error(
                        Item.MANAGERS,
                        manager + " manages " + addresses + " as well",
                        "take the address out of keepalived's configuration, or stop it: it does not"
                                + " know who leads")
                : Finding.warning(
                        Item.MANAGERS,
                        manager + " manages " + addresses,
                        "stop it before this one starts; it leaves the address, which is taken over");
    }

    private static List<Finding> ofDaemons(List<AddressManager> daemons) {
        if (daemons.size() > 1) {
            return List.of(
                    Finding.error(
                            Item.MANAGERS,
                            daemons.size()
                                    + " daemons of this program manage the same address: processes "
                                    + daemons.stream()
                                            .map(daemon -> Long.toString(daemon.pid()))
                                            .collect(Collectors.joining(", ")),
                            "stop all but one: look for a second unit or instance"));
        }
        return daemons.stream()
                .map(daemon -> Finding.good(Item.MANAGERS, daemon + " runs with these addresses"))
                .toList();
    }

    /** What the kernel tells of an address that is on this host. */
    private List<Finding> ofKernel(VirtualIp vip) {
        List<Finding> findings = new ArrayList<>();
        for (Address address : host.addresses()) {
            if (!address.address().equals(vip.address()) || address.isMarkedAsOurs()) {
                continue;
            }
            String where =
                    PrintedAddress.of(address.address())
                            + "/"
                            + address.prefixLength()
                            + " is on "
                            + host.link(address.index()).map(HostNetwork.Link::name).orElse("?");
            if (address.protocol() == KEEPALIVED) {
                findings.add(
                        Finding.error(
                                Item.MANAGERS,
                                where + ", put there by keepalived",
                                "take it out of keepalived's configuration"));
            } else if (address.validSeconds().isEmpty()) {
                findings.add(
                        Finding.warning(
                                Item.MANAGERS,
                                where
                                        + " without a lifetime, put there by somebody else: by hand, by the"
                                        + " network configuration or by another program",
                                "take it out of the network configuration of this host; the daemon gives"
                                        + " it a lifetime when it starts, and removes it where another host"
                                        + " leads"));
            }
        }
        return findings;
    }
}
