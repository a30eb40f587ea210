package org.vipmanager.netlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The setting of an interface by which the kernel keeps an address's secondaries when it removes
 * that address: {@code promote_secondaries} (Documentation/networking/ip-sysctl.rst).
 */
final class PromoteSecondaries {

    private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4/conf");

    boolean isOn(String interfaceName) {
        return isOne(file(interfaceName)) || isOne(file("all"));
    }

    /**
     * Sets it where that is allowed.
     *
     * @return empty when it is on now, or why it could not be set
     */
    Optional<String> turnOn(String interfaceName) {
        if (isOn(interfaceName)) {
            return Optional.empty();
        }
        Path file = file(interfaceName);
        try {
            Files.writeString(file, "1\n");
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("could not write 1 to " + e.getMessage());
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
