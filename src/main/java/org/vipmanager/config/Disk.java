package org.vipmanager.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** The files that a configuration names; tests put others in their place. */
interface Disk {

    /**
     * Reads the beginning of a file.
     *
     * @param limit how many bytes at most
     */
    byte[] read(Path file, int limit) throws IOException;

    /** Whether every user of this host may read the file. */
    boolean isReadableByAll(Path file) throws IOException;

    /** This host's. */
    Disk REAL =
            new Disk() {
                @Override
                public byte[] read(Path file, int limit) throws IOException {
                    try (InputStream in = Files.newInputStream(file)) {
                        return in.readNBytes(limit);
                    }
                }

                @Override
                public boolean isReadableByAll(Path file) throws IOException {
                    return Files.getPosixFilePermissions(file)
                            .contains(PosixFilePermission.OTHERS_READ);
                }
            };
}
