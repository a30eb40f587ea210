package org.vipmanager.simulation;

import org.vipmanager.control.ClaimSource;
import org.vipmanager.core.Claim;
import org.vipmanager.core.HardwareAddresses;
import org.vipmanager.core.VirtualIp;

import java.util.Collection;
import java.util.function.BiConsumer;

/** A daemon's ear on the wire. */
final class WireClaims implements ClaimSource {

    private final DaemonProcess process;
    private BiConsumer<VirtualIp, Claim> listener = (vip, claim) -> {};
    private Collection<VirtualIp> vips = java.util.List.of();
    private int discarded;

    WireClaims(DaemonProcess process) {
        this.process = process;
    }

    @Override
    public void listen(Collection<VirtualIp> some, BiConsumer<VirtualIp, Claim> newListener) {
        vips = some;
        listener = newListener;
    }

    void frame(String hardwareAddress) {
        int arrivedAfter = discarded;
        process.execute(
                () -> {
                    if (arrivedAfter == discarded) {
                        Claim claim =
                                new Claim(
                                        HardwareAddresses.of(hardwareAddress),
                                        process.host().clock().now());
                        vips.forEach(vip -> listener.accept(vip, claim));
                    }
                });
    }

    @Override
    public void discardBacklog() {
        discarded++;
    }

    @Override
    public void close() {}
}
