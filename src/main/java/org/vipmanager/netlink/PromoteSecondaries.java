package org.vipmanager.netlink;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The setting of an interface by which the kernel keeps an address's secondaries when it removes
 * that address: {@code promote_secondaries} (Documentation/networking/ip-sysctl.rst).
 */
final class PromoteSecondaries {

    private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4/conf");

    private final Logger logger;

    PromoteSecondaries(Logger logger) {
        this.logger = logger;
    }

    boolean isOn(String interfaceName) {
        return isOne(file(interfaceName)) || isOne(file("all"));
    }

    /** Sets it where that is allowed; where it is not, the reason is logged. */
    void turnOn(String interfaceName) {
        if (isOn(interfaceName)) {
            return;
        }
        Path file = file(interfaceName);
        try {
            Files.writeString(file, "1\n");
        } catch (IOException e) {
            logger.log(Level.INFO, "could not write 1 to " + file + ": " + e);
        }
    }

    private static boolean isOne(Path file) {
        try {
            return Files.readString(file).startsWith("1");
        } catch (IOException _) {
            return false; // gone with its interface, or not shown to us
        }
    }

    private static Path file(String interfaceName) {
        return SETTINGS.resolve(interfaceName).resolve("promote_secondaries");
    }
}
