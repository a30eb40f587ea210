package org.vipmanager.status;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The addresses that the kernel has on any interface of this host, whoever put them there: what the
 * daemon decides does not depend on it, but a second holder shows in it. Immutable.
 */
public record KernelAddresses(Set<InetAddress> all) {

    /** Asks the kernel, which takes a moment; none where it does not tell. */
    public static KernelAddresses now() {
        try {
            return new KernelAddresses(
                    NetworkInterface.networkInterfaces()
                            .flatMap(NetworkInterface::inetAddresses)
                            .collect(Collectors.toUnmodifiableSet()));
        } catch (SocketException e) {
            return new KernelAddresses(Set.of());
        }
    }

    /** Whether it has this one. */
    public boolean has(InetAddress address) {
        return all.contains(address);
    }
}
