package org.vipmanager.simulation;

import org.vipmanager.control.Announcer;
import org.vipmanager.core.VirtualIp;

import java.io.IOException;

/** An announcer of which some calls are changed. */
abstract class ForwardingAnnouncer implements Announcer {

    private final Announcer announcer;

    ForwardingAnnouncer(Announcer announcer) {
        this.announcer = announcer;
    }

    @Override
    public void announce(VirtualIp vip) throws IOException {
        announcer.announce(vip);
    }

    @Override
    public void probe(VirtualIp vip) throws IOException {
        announcer.probe(vip);
    }

    @Override
    public void close() {
        announcer.close();
    }
}
