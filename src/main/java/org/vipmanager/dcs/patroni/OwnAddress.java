package org.vipmanager.dcs.patroni;

import org.vipmanager.core.PrintedAddress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.function.BooleanSupplier;

/**
 * Whether a URL names an address of this host, as far as that can be told without asking for a
 * name.
 */
public final class OwnAddress implements BooleanSupplier {

    private final String host;
    private boolean known;

    public OwnAddress(URI url) {
        host = url.getHost() == null ? "" : url.getHost();
    }

    /** Once an address was seen on this host, it is not looked for again. */
    @Override
    public boolean getAsBoolean() {
        known = known || host.equalsIgnoreCase("localhost") || isOnAnInterface();
        return known;
    }

    private boolean isOnAnInterface() {
        InetAddress address = PrintedAddress.read(host).orElse(null);
        try {
            return address != null
                    && (address.isLoopbackAddress()
                            || NetworkInterface.getByInetAddress(address) != null);
        } catch (SocketException e) {
            return false;
        }
    }
}
