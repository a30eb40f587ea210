package org.vipmanager.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user that this process reads files as. */
final class ProcessUser {

    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessUser() {}

    /** Such as {@code uid 61234}. */
    static String name() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("Uid:")) {
                    // The real, the effective, the saved and the file system's: proc_pid_status(5).
                    return "uid " + line.split("\\s+")[4];
                }
            }
        } catch (IOException e) {
            // Told as unknown.
        }
        return "uid unknown";
    }
}
