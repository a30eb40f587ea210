package org.vipmanager.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells which {@code patroni-url} names an address that this host does not have. */
public final class DistantPatroni {

    private DistantPatroni() {}

    /** One sentence for each; none for a name, which nobody is asked for. */
    public static List<String> warnings(LoadOutcome.Loaded loaded) {
        Set<String> warnings = new LinkedHashSet<>();
        for (VipConfig vip : loaded.config().vips()) {
            vip.patroniUrl()
                    .filter(DistantPatroni::isElsewhere)
                    .ifPresent(
                            url ->
                                    warnings.add(
                                            ("patroni-url %s: this host does not have that address now;"
                                                            + " it must be the local Patroni, for only"
                                                            + " the member that trigger-value names counts")
                                                    .formatted(url)));
        }
        return List.copyOf(warnings);
    }

    private static boolean isElsewhere(URI url) {
        Optional<InetAddress> address = AddressText.hostOf(url);
        try {
            return address.isPresent()
                    && !address.get().isLoopbackAddress()
                    && NetworkInterface.getByInetAddress(address.get()) == null;
        } catch (IOException unknown) {
            return false;
        }
    }
}
