package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.AddressTable;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.protocol.LinkMessage;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;

/** One of our addresses, with what the table remembers of it. */
final class WatchedAddress {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.netlink");

    final VirtualIp vip;

    /** The one that it is in when it has its own prefix length. */
    final Subnets.Subnet subnet;

    /** The prefix lengths with which it is put: its own first. */
    private final List<Integer> prefixLengths;

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
        subnet = Subnets.Subnet.of(vip.address(), vip.prefixLength());
        int host = AddressForm.hostPrefixLength(vip);
        prefixLengths =
                vip.prefixLength() == host ? List.of(host) : List.of(vip.prefixLength(), host);
    }

    /**
     * The address as it is on its interface, in whichever form: the one that lasts longest, because
     * the address is there as long as any of them. Null when it is not there.
     */
    InterfaceTable.@Nullable Entry in(InterfaceTable table) {
        return longest(formsIn(table));
    }

    /** The same of those forms only in which it is put. */
    InterfaceTable.@Nullable Entry asPutIn(InterfaceTable table) {
        return longest(formsIn(table).stream().filter(this::isAsPut).toList());
    }

    /** Whether others let it stay for longer than is known. */
    boolean isProlonged(InterfaceTable.Entry found) {
        return found.seconds() > knownSeconds;
    }

    /** From now on what happens to it is told, compared with how it is in the table. */
    void tellTo(AddressTable.Listener newListener, InterfaceTable table) {
        listener = newListener;
        InterfaceTable.Entry there = in(table);
        present = there != null;
        wasGone = false;
        knownSeconds = there == null ? 0 : there.seconds();
        table.links().forEach(link -> warnIfOtherwise(table, link));
    }

    /**
     * Tells people of an address that is on this host otherwise than configured. The Go program
     * takes a {@code netmask} that it does not understand for the default of the address's class,
     * and leaves 10.0.0.9/8 behind for ever.
     */
    private void warnIfOtherwise(InterfaceTable table, LinkMessage link) {
        for (InterfaceTable.Entry form : table.formsOf(link.index(), vip.address())) {
            String cidr = PrintedAddress.of(vip.address()) + "/" + form.message().prefixLength();
            if (!link.isCalled(vip.interfaceName())) {
                LOGGER.log(
                        Level.WARNING,
                        "{0} is on {1} of this host, but {2} is configured: it is not removed from"
                                + " {1}, and clients may reach this host by it whoever leads; if"
                                + " nothing else needs it, run: ip address del {0} dev {1}",
                        cidr,
                        link.name(),
                        vip);
            } else if (!isAsPut(form)) {
                LOGGER.log(
                        Level.WARNING,
                        "{0} is there, left by another program or an earlier configuration, but"
                                + " {1} is configured: the former is replaced when this host leads,"
                                + " and at once if it has no lifetime; else it is removed",
                        cidr,
                        vip);
            }
        }
    }

    private boolean isAsPut(InterfaceTable.Entry form) {
        return prefixLengths.contains(form.message().prefixLength());
    }

    private List<InterfaceTable.Entry> formsIn(InterfaceTable table) {
        LinkMessage link = table.link(vip.interfaceName());
        return link == null ? List.of() : table.formsOf(link.index(), vip.address());
    }

    private static InterfaceTable.@Nullable Entry longest(List<InterfaceTable.Entry> forms) {
        return forms.stream().max(Comparator.comparing(InterfaceTable.Entry::end)).orElse(null);
    }
}
