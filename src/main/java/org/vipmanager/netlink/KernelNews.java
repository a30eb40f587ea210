package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.PrintedAddress;

/** What the kernel told, as a sentence for the log; made before the view takes it in. */
final class KernelNews {

    private KernelNews() {}

    /** {@code kernel: 10.7.0.9/24 on eth0 appeared, valid for 6 s}. */
    static String put(AddressMessage address, KernelView view) {
        boolean isThere =
                view.address(address.index(), address.address(), address.prefixLength()) != null;
        String valid =
                address.validSeconds() == AddressMessage.FOREVER
                        ? "for ever"
                        : "for " + Integer.toUnsignedString(address.validSeconds()) + " s";
        return place(address, view) + (isThere ? " is valid " : " appeared, valid ") + valid;
    }

    static String removed(AddressMessage address, KernelView view) {
        return place(address, view) + " is gone";
    }

    /** {@code kernel: interface eth0 is up, hardware address 02:00:00:00:00:0a}. */
    static String put(LinkMessage link, KernelView view) {
        LinkMessage before = view.link(link.index());
        StringBuilder sentence = new StringBuilder("kernel: interface ").append(link.name());
        if (before == null) {
            sentence.append(" appeared and");
        } else if (!before.name().equals(link.name())) {
            sentence.append(", until now ").append(before.name()).append(',');
        }
        sentence.append(" is ").append(state(link));
        if (!link.hardwareAddress().isEmpty()) {
            sentence.append(", hardware address ").append(link.hardwareAddress());
        }
        return sentence.toString();
    }

    static String removed(LinkMessage link) {
        return "kernel: interface " + link.name() + " is gone";
    }

    private static String state(LinkMessage link) {
        if (link.isReady()) {
            return "up";
        }
        return link.isUp() ? "up without a carrier" : "down";
    }

    private static String place(AddressMessage address, KernelView view) {
        @Nullable LinkMessage link = view.link(address.index());
        return "kernel: "
                + PrintedAddress.of(address.address())
                + "/"
                + address.prefixLength()
                + " on "
                + (link == null ? "interface " + address.index() : link.name());
    }
}
