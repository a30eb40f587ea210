package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.core.VirtualIp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The runtime directory may be one that others may write to. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HeldAddressesFileTest {

    private static final List<VirtualIp> VIPS =
            List.of(new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 24, "eth0"));
    private static final List<String> LINES = List.of("10.0.0.9/24 eth0", "10.0.0.9/32 eth0");

    @TempDir Path folder;

    private void write() {
        HeldAddressesFile.write(Map.of("RUNTIME_DIRECTORY", folder.toString()), VIPS);
    }

    @Test
    void eachForm_isALine_andAnOldFileIsReplaced() throws IOException {
        write();
        write();
        assertThat(folder.resolve("addresses")).hasContent(String.join("\n", LINES));
        assertThat(folder.resolve("addresses.new")).doesNotExist();
    }

    @Test
    void symbolicLink_isNotFollowed() throws IOException {
        Path target = Files.writeString(folder.resolve("somebody's"), "untouched");
        Files.createSymbolicLink(folder.resolve("addresses.new"), target);
        write();
        assertThat(target).hasContent("untouched");
        assertThat(Files.readAllLines(folder.resolve("addresses"))).isEqualTo(LINES);
        assertThat(folder.resolve("addresses")).isRegularFile();
    }

    @Test
    void pipe_isNotWaitedFor() throws Exception {
        Process made =
                new ProcessBuilder("mkfifo", folder.resolve("addresses.new").toString())
                        .inheritIO()
                        .start();
        assertThat(made.waitFor(30, TimeUnit.SECONDS)).isTrue();
        write();
        assertThat(Files.readAllLines(folder.resolve("addresses"))).isEqualTo(LINES);
    }

    /** It is warned of, and the daemon goes on. */
    @Test
    void folder_thatCannotBeRemoved_leavesTheOldFile() throws IOException {
        write();
        Files.createDirectories(folder.resolve("addresses.new/in/the/way"));
        write();
        assertThat(Files.readAllLines(folder.resolve("addresses"))).isEqualTo(LINES);
    }

    @Test
    void withoutAFolder_nothingIsWritten() throws IOException {
        HeldAddressesFile.write(Map.of(), VIPS);
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
