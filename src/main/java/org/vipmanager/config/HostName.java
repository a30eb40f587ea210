package org.vipmanager.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** What this host is called, as gethostname(2) tells it, without asking a name server. */
public final class HostName {

    private static final Path FILE = Path.of("/proc/sys/kernel/hostname");
    private static final int LONGEST = 256;

    private HostName() {}

    /** The name; empty where it is not shown to this process. */
    public static String ofThisHost() {
        return in(Disk.REAL).orElse("");
    }

    static Optional<String> in(Disk disk) {
        try {
            return Optional.of(
                    new String(disk.read(FILE, LONGEST), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
