package org.vipmanager.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** The files that a configuration names; tests put others in their place. */
interface Disk {

    /** A named pipe: to open one waits for a writer, perhaps for ever. */
    final class NamedPipeException extends IOException {
        private static final long serialVersionUID = 1;

        private NamedPipeException(Path file) {
            super(file.toString());
        }
    }

    /**
     * Reads the beginning of a file.
     *
     * @param limit how many bytes at most
     */
    byte[] read(Path file, int limit) throws IOException;

    /** Whether every user of this host may read the file. */
    boolean isReadableByAll(Path file) throws IOException;

    /** Whether it is a file proper: no pipe, no device. */
    boolean isRegular(Path file);

    /** This host's. */
    Disk REAL =
            new Disk() {
                /** S_IFMT and S_IFIFO of inode(7). */
                private static final int FILE_TYPE = 0170000;

                private static final int PIPE = 0010000;

                @Override
                public byte[] read(Path file, int limit) throws IOException {
                    if (isNamedPipe(file)) {
                        throw new NamedPipeException(file);
                    }
                    try (InputStream in = Files.newInputStream(file)) {
                        return in.readNBytes(limit);
                    }
                }

                private boolean isNamedPipe(Path file) {
                    try {
                        int mode = (int) Files.getAttribute(file, "unix:mode");
                        return (mode & FILE_TYPE) == PIPE && hasName(file);
                    } catch (IOException | UnsupportedOperationException e) {
                        return false; // Reading it tells what is the matter.
                    }
                }

                /** A shell's pipes, {@code <(...)} and {@code |}, have none, but have a writer. */
                private static boolean hasName(Path pipe) throws IOException {
                    try {
                        return Files.exists(pipe.toRealPath());
                    } catch (NoSuchFileException e) {
                        return false;
                    }
                }

                @Override
                public boolean isReadableByAll(Path file) throws IOException {
                    return Files.getPosixFilePermissions(file)
                            .contains(PosixFilePermission.OTHERS_READ);
                }

                @Override
                public boolean isRegular(Path file) {
                    return Files.isRegularFile(file);
                }
            };
}
