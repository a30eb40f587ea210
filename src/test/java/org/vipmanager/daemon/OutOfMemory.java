package org.vipmanager.daemon;

import org.vipmanager.ExitCode;
import org.vipmanager.core.VirtualIp;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** A process in which the thread of some source takes all memory, and then the one that decides. */
final class OutOfMemory {

    private static final List<byte[]> TAKEN = new ArrayList<>();
    private static final int PIECE = 1000;

    private OutOfMemory() {}

    public static void main(String[] none) throws Exception {
        VirtualIp vip = new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 24, "eth0");
        LastWill lastWill = new LastWill(() -> List.of(vip), OutOfMemory::remove);
        Thread source = new Thread(OutOfMemory::takeAll, "source");
        source.setUncaughtExceptionHandler((_, _) -> {});
        source.start();
        source.join();
        System.out.println("the source's thread has ended");
        try {
            takeAll();
        } catch (OutOfMemoryError e) {
            lastWill.execute(e);
        }
        Runtime.getRuntime().halt(ExitCode.FAILED.number());
    }

    /** Takes memory, too. */
    private static void remove(VirtualIp vip) {
        byte[] message = new byte[100 << 10];
        System.out.println("removed " + vip + " with " + message.length + " bytes");
    }

    private static void takeAll() {
        while (true) {
            TAKEN.add(new byte[PIECE]);
        }
    }
}
