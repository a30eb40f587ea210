package org.vipmanager.daemon;

import org.vipmanager.core.VirtualIp;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The file from which the unit's {@code ExecStopPost=} learns which addresses are to be gone when
 * the daemon has ended.
 *
 * <p>{@code $RUNTIME_DIRECTORY/addresses}, lines of {@code ADDRESS/PREFIX INTERFACE}: every
 * configured address in each form in which it may be held. Without systemd there is no such folder,
 * and nothing is written.
 */
final class HeldAddressesFile {

    private static final Logger LOG = System.getLogger("org.vipmanager.daemon");

    private HeldAddressesFile() {}

    static void write(Map<String, String> environment, List<VirtualIp> vips) {
        String folder = environment.get("RUNTIME_DIRECTORY");
        if (folder == null) {
            return;
        }
        List<String> lines = vips.stream().flatMap(HeldAddressesFile::lines).toList();
        Path file = Path.of(folder, "addresses");
        Path unfinished = Path.of(folder, "addresses.new");
        try {
            // Whatever is there, a link or a pipe of somebody else's, is neither followed nor
            // waited
            // for: it is removed, and the file is a new one or none.
            Files.deleteIfExists(unfinished);
            Files.write(unfinished, lines, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "cannot write "
                            + file
                            + ", so that a killed daemon's addresses end with their"
                            + " lifetime only: "
                            + e.getMessage());
        }
    }

    private static Stream<String> lines(VirtualIp vip) {
        int single = vip.isIpv6() ? 128 : 32;
        return Stream.of(vip.prefixLength(), single)
                .distinct()
                .map(
                        length ->
                                vip.address().getHostAddress()
                                        + "/"
                                        + length
                                        + " "
                                        + vip.interfaceName());
    }
}
