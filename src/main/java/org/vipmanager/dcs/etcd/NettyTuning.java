package org.vipmanager.dcs.etcd;

/**
 * Makes the network library small: it is built for servers with thousands of connections, and here
 * it has one. A bare client took 72 MiB with mutual TLS before, most of it in pools and native
 * code.
 *
 * <p>The settings are read when the library's classes are loaded, so they come first.
 */
final class NettyTuning {

    private static final String NETTY = "io.grpc.netty.shaded.io.netty.";

    private NettyTuning() {}

    static void apply() {
        set(NETTY + "transport.noNative", "true");
        set(NETTY + "handler.ssl.noOpenSsl", "true");
        set(NETTY + "noUnsafe", "true");
        set(NETTY + "allocator.type", "unpooled");
        set("io.grpc.netty.shaded.io.grpc.netty.useCustomAllocator", "false");
        set(NETTY + "eventLoopThreads", "1");
        set(NETTY + "leakDetection.level", "disabled");
        // Only for names of channels in logs: spare the search through all network interfaces,
        // and its warning on a host whose only one is the loopback.
        set(NETTY + "machineId", "02:00:00:00:00:01");
        set(NETTY + "processId", "1");
    }

    private static void set(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
