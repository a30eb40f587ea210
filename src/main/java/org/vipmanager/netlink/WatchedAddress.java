package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.control.AddressTable;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.VirtualIp;

/** One of our addresses, with what the table remembers of it. */
final class WatchedAddress {

    final VirtualIp vip;

    AddressTable.@Nullable Listener listener;

    /** Whether it was on its interface when that was last looked at, or put there by us. */
    boolean present;

    /** The rule of the last put; null when it is not for us to have it there. */
    @Nullable KernelLifetime lifetime;

    /** Where the last put went. */
    int index;

    WatchedAddress(VirtualIp vip) {
        this.vip = vip;
    }

    /** The prefix lengths with which this address is put. */
    int[] prefixLengths() {
        int host = AddressForm.hostPrefixLength(vip);
        return vip.prefixLength() == host ? new int[] {host} : new int[] {vip.prefixLength(), host};
    }
}
