package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.PrintedAddress;
import org.vipmanager.netlink.protocol.AddressMessage;
import org.vipmanager.netlink.protocol.LinkMessage;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/** What a message of the kernel has changed in the {@link InterfaceTable}; as text, for the log. */
sealed interface KernelChange {

    /** The table is going to be read anew: what came and went meanwhile, nobody knows. */
    record Everything() implements KernelChange {}

    /**
     * An interface.
     *
     * @param before null when it was not known
     * @param link as it is now, or was at its end
     * @param lost the addresses that are gone with it
     */
    record Link(
            @Nullable LinkMessage before,
            LinkMessage link,
            boolean isDeleted,
            List<InetAddress> lost)
            implements KernelChange {

        Set<String> namesBefore() {
            return before == null ? Set.of() : before.names();
        }

        Set<String> names() {
            return isDeleted ? Set.of() : link.names();
        }

        /** {@code kernel: interface eth0 is up, hardware address 02:00:00:00:00:0a}. */
        @Override
        public String toString() {
            StringBuilder sentence = new StringBuilder("kernel: interface ").append(link.name());
            if (isDeleted) {
                return sentence.append(" is gone").toString();
            }
            if (before == null) {
                sentence.append(" appeared and");
            } else if (!before.name().equals(link.name())) {
                sentence.append(", until now ").append(before.name()).append(',');
            }
            String up = link.isReady() ? "up" : "up without a carrier";
            sentence.append(" is ").append(link.isUp() ? up : "down");
            if (!link.hardwareAddress().isEmpty()) {
                sentence.append(", hardware address ").append(link.hardwareAddress());
            }
            return sentence.toString();
        }
    }

    /**
     * One form of an address on an interface.
     *
     * @param link that it is on; null when that is not known
     * @param hasOtherCompany whether its subnet gained its first of ours or of others by it, or
     *     lost the last
     */
    record Address(
            AddressMessage address,
            @Nullable LinkMessage link,
            boolean wasThere,
            boolean isDeleted,
            boolean hasOtherCompany)
            implements KernelChange {

        /** {@code kernel: 10.7.0.9/24 on eth0 appeared, valid for 6 s}. */
        @Override
        public String toString() {
            String place =
                    "kernel: "
                            + PrintedAddress.of(address.address())
                            + "/"
                            + address.prefixLength()
                            + " on "
                            + (link == null ? "interface " + address.index() : link.name());
            if (isDeleted) {
                return place + " is gone";
            }
            String valid =
                    address.validSeconds() == AddressMessage.FOREVER
                            ? "for ever"
                            : "for " + Integer.toUnsignedString(address.validSeconds()) + " s";
            return place + (wasThere ? " is valid " : " appeared, valid ") + valid;
        }
    }
}
