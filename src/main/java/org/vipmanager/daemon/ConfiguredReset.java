package org.vipmanager.daemon;

import org.vipmanager.config.Config;
import org.vipmanager.control.ConnectionReset;
import org.vipmanager.control.TimeSource;
import org.vipmanager.core.Moment;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.reset.NetlinkConnectionReset;
import org.vipmanager.posix.LibC;

/** Ends connections once a configuration has asked for that; costs nothing before. */
final class ConfiguredReset implements ConnectionReset {

    private final TimeSource time;
    private final LibC libC;
    private ConnectionReset current = ConnectionReset.NONE;

    ConfiguredReset(TimeSource time, LibC libC) {
        this.time = time;
        this.libC = libC;
    }

    void prepareFor(Config config) {
        boolean isWanted = config.resetConnections() && !config.localVips().isEmpty();
        if (isWanted && current == ConnectionReset.NONE) {
            current = NetlinkConnectionReset.prepare(time, libC);
        }
    }

    @Override
    public void begin(VirtualIp vip, Moment until) {
        current.begin(vip, until);
    }

    @Override
    public void spare(VirtualIp vip) {
        current.spare(vip);
    }
}
