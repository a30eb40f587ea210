package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.AddressTable;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.VirtualIp;

import java.util.Comparator;
import java.util.List;

/** One of our addresses, with what the table remembers of it. */
final class WatchedAddress {

    final VirtualIp vip;

    /** The one that it is in when it has its own prefix length. */
    final Subnet subnet;

    /** The prefix lengths with which it is put: its own first. */
    final List<Integer> prefixLengths;

    AddressTable.@Nullable Listener listener;

    /** Whether it was on its interface when that was last looked at, or put there by us. */
    boolean present;

    /** Whether it was gone for a moment since that, or may have been. */
    boolean wasGone;

    /** For how many seconds it was put by us, or was told to be there, last; 0 for neither. */
    long knownSeconds;

    /** The rule of the last put; null when it is not for us to have it there. */
    @Nullable KernelLifetime lifetime;

    /** Where the last put went; 0 for nowhere. */
    int index;

    WatchedAddress(VirtualIp vip) {
        this.vip = vip;
        subnet = Subnet.of(vip.address(), vip.prefixLength());
        int host = AddressForm.hostPrefixLength(vip);
        prefixLengths =
                vip.prefixLength() == host ? List.of(host) : List.of(vip.prefixLength(), host);
    }

    /**
     * The address as it is on its interface, in whichever form: the one that lasts longest, because
     * the address is there as long as any of them. Null when it is not there.
     */
    @Nullable ObservedAddress in(KernelView view) {
        return formsIn(view).stream().max(Comparator.comparing(ObservedAddress::end)).orElse(null);
    }

    /** The same of those forms only in which it is put. */
    @Nullable ObservedAddress asPutIn(KernelView view) {
        return formsIn(view).stream()
                .filter(form -> prefixLengths.contains(form.message().prefixLength()))
                .max(Comparator.comparing(ObservedAddress::end))
                .orElse(null);
    }

    /** Whether others let it stay for longer than is known. */
    boolean isProlonged(ObservedAddress found) {
        return found.seconds() > knownSeconds;
    }

    private List<ObservedAddress> formsIn(KernelView view) {
        LinkMessage link = view.link(vip.interfaceName());
        return link == null ? List.of() : view.formsOf(link.index(), vip.address());
    }
}
