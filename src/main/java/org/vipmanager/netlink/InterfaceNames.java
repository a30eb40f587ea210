package org.vipmanager.netlink;

import org.vipmanager.posix.BootClock;
import org.vipmanager.posix.LibC;

import java.io.IOException;

/** The names that this host's interfaces have now: each has one, and may have others (altnames). */
public final class InterfaceNames {

    private InterfaceNames() {}

    /** Whether there is an interface of that name; false where that cannot be found out. */
    public static boolean isKnown(LibC libC, String name) {
        KernelWait wait = new KernelWait(new BootClock(libC), time -> {});
        try (KernelRequests requests = KernelRequests.open(libC, wait)) {
            return requests.findLink(name).isPresent();
        } catch (IOException e) {
            return false;
        }
    }
}
