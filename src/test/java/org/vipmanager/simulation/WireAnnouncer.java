package org.vipmanager.simulation;

import org.vipmanager.control.Announcer;
import org.vipmanager.core.VirtualIp;

import java.io.IOException;

/** A daemon's voice on the wire. */
final class WireAnnouncer implements Announcer {

    private final World world;
    private final DaemonProcess process;

    WireAnnouncer(World world, DaemonProcess process) {
        this.world = world;
        this.process = process;
    }

    @Override
    public void announce(VirtualIp vip) throws IOException {
        process.pass(FreezePoint.BEFORE_ANNOUNCE);
        if (process.host().refusesAnnouncements()) {
            process.tookEffect(Fault.ANNOUNCEMENTS_REFUSED);
            world.referee().promptness().refused(process.host());
            throw new IOException("ENOBUFS");
        }
        world.referee().announced(process.host());
        world.wire().announce(process.host());
    }

    @Override
    public void probe(VirtualIp vip) {
        process.checkAlive();
        world.wire().probe(process.host());
    }

    @Override
    public void close() {}
}
