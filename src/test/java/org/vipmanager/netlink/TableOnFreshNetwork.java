package org.vipmanager.netlink;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.FreshNetwork;

import java.net.InetAddress;

/** Tests of a table in a namespace of their own. They need root, and touch nothing outside. */
@ExtendWith(FreshNetwork.class)
abstract class TableOnFreshNetwork {

    static final VirtualIp V4 = vip("10.0.0.9", 24);
    static final VirtualIp V6 = vip("2001:db8::9", 64);

    RunningTable running;

    @AfterEach
    final void end() throws Exception {
        running.close();
    }

    /** What is made before this was there before the program. */
    void start() throws Exception {
        running = new RunningTable();
    }

    /** Starts, and watches this address. */
    final void watch(VirtualIp vip) throws Exception {
        start();
        running.watch(vip);
    }

    /** Starts, and puts this address for ten seconds. */
    final void hold(VirtualIp vip) throws Exception {
        hold(vip, 10);
    }

    final void hold(VirtualIp vip, int seconds) throws Exception {
        watch(vip);
        running.put(vip, seconds);
    }

    static VirtualIp vip(String address, int prefixLength) {
        return new VirtualIp(InetAddress.ofLiteral(address), prefixLength, "eth0");
    }
}
