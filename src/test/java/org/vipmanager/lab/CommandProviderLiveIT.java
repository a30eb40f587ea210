package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A program of the user's routes the address, and it is put on the interface besides. */
final class CommandProviderLiveIT {

    /**
     * The leader key changes hands: the address is on the new leader's interface, the program was
     * told there to acquire and at the old one to release; at a stop it is told to release.
     */
    @Test
    void failoverAndStop() throws IOException, InterruptedException {
        try (Lab lab = Lab.open("a command routes the address")) {
            Path folder = lab.memory("cloud");
            Path routed = Files.writeString(folder.resolve("routed"), "nobody\n");
            Path calls = Files.writeString(folder.resolve("calls"), "");
            Command.run("chmod", "-R", "a+rwX", folder.toString());
            Path program = Files.writeString(folder.resolve("route"), script(routed, calls));
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
            String[] flags = {
                "--manager-type=command", "--provider-command=" + program, "--netmask=32"
            };
            lab.leaderKey().name(lab.host(1));
            lab.daemon(lab.host(1), flags);
            Daemon second = lab.daemon(lab.host(2), flags);
            lab.holders().await(lab.host(1), Lab.START);
            awaitText(routed, "pg1");
            lab.leaderKey().name(lab.host(2));
            lab.holders().await(lab.host(2), Lab.AT_ONCE);
            awaitText(routed, "pg2");
            awaitText(calls, "pg1 release");
            lab.awaitLog(second, "is routed to");
            lab.leaderKey().delete();
            awaitText(calls, "pg2 release");
            lab.leaderKey().name(lab.host(2));
            lab.holders().await(lab.host(2), Lab.AT_ONCE);
            await("routed")
                    .atMost(Lab.START)
                    .until(
                            () ->
                                    second.log().stream()
                                                    .filter(line -> line.contains("is routed to"))
                                                    .count()
                                            > 1);
            Files.writeString(calls, "");
            lab.awaitEnd(second, second.signal(Kernel.SIGTERM));
            assertThat(calls).hasContent("pg2 release");
        }
    }

    /** The daemon may change addresses, and neither of the user's programs may. */
    @Test
    void programsHaveNoCapabilities() throws IOException, InterruptedException {
        assumeThat(Program.hasImage()).isTrue(); // who runs the classes may read them as root only
        try (Lab lab = Lab.open("programs of the user")) {
            Path folder = lab.memory("programs");
            Path said = folder.resolve("said");
            Path program =
                    Files.writeString(
                            folder.resolve("program"),
                            "#!/bin/sh\necho $(id -u) $(grep CapEff /proc/self/status) $1 >>%s\n"
                                    .formatted(said));
            Files.writeString(said, "");
            Command.run("chmod", "-R", "a+rwx", folder.toString());
            lab.leaderKey().name(lab.host(1));
            lab.daemon(
                    Program.underTest().asNobody(Program.CAPABILITIES),
                    lab.host(1),
                    "--manager-type=command",
                    "--netmask=32",
                    "--provider-command=" + program,
                    "--notify-command=" + program + " notified");
            lab.holders().await(lab.host(1), Lab.START);
            String nothing = "65534 CapEff: 0000000000000000 ";
            awaitText(said, nothing + "state");
            awaitText(said, nothing + "notified");
        }
    }

    private static String script(Path routed, Path calls) {
        return """
               #!/bin/sh
               echo "$PROVIDER_VALUE $1" >> %2$s
               where=$(cat %1$s)
               case $1 in
               state) [ "$where" = "$PROVIDER_VALUE" ] || { echo "$where"; exit 10; } ;;
               acquire) echo "$PROVIDER_VALUE" > %1$s ;;
               esac
               """
                .formatted(routed, calls);
    }

    private static void awaitText(Path file, String text) {
        await(text + " in " + file)
                .atMost(Lab.START)
                .until(
                        () -> {
                            try {
                                return Files.readString(file).contains(text);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }
}
