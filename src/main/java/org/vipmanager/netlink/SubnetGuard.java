package org.vipmanager.netlink;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Looks after addresses that the kernel would remove together with one of ours. */
final class SubnetGuard {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    private final KernelView view;
    private final PromoteSecondaries promoteSecondaries = new PromoteSecondaries();
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
        if (!harms || promoteSecondaries.isOn(link.name())) {
            return;
        }
        Optional<String> trouble = promoteSecondaries.turnOn(link.name());
        if (trouble.isPresent()) {
            tellThatItCannotBeSet(link, trouble.get());
        } else if (warnedOf.add(link.name())) {
            LOGGER.log(
                    Level.WARNING,
                    "another address of its subnet has become secondary to "
                            + address.vip
                            + " and would be removed with it: promote_secondaries=1 has been set"
                            + " for that interface; give the host its own address before"
                            + " vip-manager starts, or set net.ipv4.conf.all.promote_secondaries=1"
                            + " yourself");
        }
    }

    /**
     * Before one of ours goes: whatever is secondary to it, another of ours too, shall stay.
     *
     * @return whether the kernel will keep it
     */
    boolean keepsSecondaries(AddressMessage form, LinkMessage link) {
        Subnet subnet = Subnet.of(form.peer(), form.prefixLength());
        SubnetMembers members = view.subnet(link.index(), subnet);
        if (!form.address().equals(members.primary()) || members.size() < 2) {
            return true;
        }
        Optional<String> trouble = promoteSecondaries.turnOn(link.name());
        trouble.ifPresent(why -> tellThatItCannotBeSet(link, why));
        return trouble.isEmpty();
    }

    private void tellThatItCannotBeSet(LinkMessage link, String why) {
        if (warnedOf.add(link.name())) {
            LOGGER.log(
                    Level.WARNING,
                    "on "
                            + link.name()
                            + " other addresses are secondary to a virtual one, and the kernel"
                            + " removes them with it because promote_secondaries=1 cannot be set: "
                            + why
                            + "; when the address is released the others are put back, but not"
                            + " when it expires because this daemon was killed: set"
                            + " net.ipv4.conf.all.promote_secondaries=1 from outside of the"
                            + " container, or give the host its own address before vip-manager"
                            + " starts");
        }
    }

    /** Loads what the others need, and changes nothing. */
    void rehearse(String interfaceName) {
        promoteSecondaries.isOn(interfaceName);
    }
}
