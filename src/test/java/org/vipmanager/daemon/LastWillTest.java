package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vipmanager.ExitCode;
import org.vipmanager.ShippedFlags;
import org.vipmanager.core.VirtualIp;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What happens to the addresses when nothing else can be relied on. */
final class LastWillTest {

    /** With the flags of the program: a JVM that exits by itself removes nothing. */
    @Test
    @Timeout(60)
    void processWithoutMemory_removesTheAddressesFirst() throws Exception {
        Process process = ShippedFlags.start(OutOfMemory.class, List.of());
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(output).containsSubsequence("the source's thread has ended", "removed 10.0.0.9");
        assertThat(process.waitFor()).isEqualTo(ExitCode.FAILED.number());
    }

    @Test
    void oneThatCannotBeRemoved_doesNotKeepTheOthers() {
        List<VirtualIp> removed = new ArrayList<>();
        List<VirtualIp> vips = List.of(vip("10.0.0.1"), vip("10.0.0.2"));
        LastWill lastWill =
                new LastWill(
                        () -> vips,
                        vip -> {
                            removed.add(vip);
                            throw new OutOfMemoryError("Java heap space");
                        });
        lastWill.execute(new StackOverflowError());

        assertThat(removed).hasSize(2);
    }

    private static VirtualIp vip(String address) {
        return new VirtualIp(InetAddress.ofLiteral(address), 24, "eth0");
    }
}
