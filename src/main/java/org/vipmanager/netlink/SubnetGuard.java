package org.vipmanager.netlink;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;

/** Looks after addresses that the kernel would remove together with one of ours. */
final class SubnetGuard {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    private final KernelView view;
    private final PromoteSecondaries promoteSecondaries = new PromoteSecondaries(LOGGER);
    private final Set<String> warnedOf = new HashSet<>();

    SubnetGuard(KernelView view) {
        this.view = view;
    }

    boolean isPrimary(WatchedAddress address, LinkMessage link) {
        SubnetMembers members = view.subnet(link.index(), address.subnet);
        return address.vip.address().equals(members.primary());
    }

    /** One warning for an interface on which somebody else's address is secondary to ours. */
    void warn(WatchedAddress address, LinkMessage link) {
        boolean harms =
                isPrimary(address, link) && view.subnet(link.index(), address.subnet).hasOthers();
        if (!harms) {
            return;
        }
        if (warnedOf.add(link.name()) && !promoteSecondaries.isOn(link.name())) {
            LOGGER.log(
                    Level.WARNING,
                    "another address of its subnet has become secondary to "
                            + address.vip
                            + " and would be removed with it: setting promote_secondaries=1 for"
                            + " that interface; give the host its own address before vip-manager"
                            + " starts, or set net.ipv4.conf.all.promote_secondaries=1 yourself");
        }
        promoteSecondaries.turnOn(link.name());
    }

    /** Before ours goes: whatever is secondary to it, another of ours too, shall stay. */
    void prepareRemoval(AddressMessage form, LinkMessage link) {
        Subnet subnet = Subnet.of(form.peer(), form.prefixLength());
        SubnetMembers members = view.subnet(link.index(), subnet);
        if (form.address().equals(members.primary()) && members.size() > 1) {
            promoteSecondaries.turnOn(link.name());
        }
    }

    /** Loads what the others need, and changes nothing. */
    void rehearse(String interfaceName) {
        promoteSecondaries.isOn(interfaceName);
    }
}
