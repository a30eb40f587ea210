package org.vipmanager;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program as a process: what it prints where, and its exit code. */
final class MainTest {

    @TempDir private Path folder;

    private record Ended(int code, String standardOutput, String standardError) {}

    @Test
    void wrongConfiguration_isToldOnStandardErrorAndEndsWithTwo() throws Exception {
        Path file = folder.resolve("vip-manager.yml");
        Files.writeString(file, "ip: 10.0.0.9/24\ninterface: eth0\nintervall: 5\n");

        assertThat(run("--config", file.toString(), "--retry-num=x"))
                .isEqualTo(
                        new Ended(
                                2,
                                "",
                                """
                                error: intervall = "5" (FILE:3): unknown setting; write interval if \
                                that is meant, or leave it out
                                error: ip = "10.0.0.9/24" (FILE:1): has a prefix length; write \
                                ip: 10.0.0.9 and netmask: 24
                                error: netmask: is not set: manager-type basic needs it; give the \
                                prefix length of the network, such as netmask: 24
                                error: trigger-key: is not set: nothing says who leads; give \
                                Patroni's leader key, such as trigger-key: /service/pgcluster/leader
                                error: retry-num = "x" (--retry-num): is not a whole number; write a \
                                number, such as 3
                                """
                                        .replace("FILE", file.toString())));
    }

    @Test
    void check_printsSettingsAndFindings() throws Exception {
        Ended ended =
                run(
                        "check",
                        "--ip=10.0.0.9",
                        "--netmask=24",
                        "--interface=none9",
                        "--trigger-key=/service/db/leader",
                        "--etcd-user=joe",
                        "--etcd-password=hush");

        assertThat(ended.standardError()).isEmpty();
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.standardOutput())
                .startsWith("ip: 10.0.0.9 (--ip)\n")
                .contains("\netcd-password: ***** (--etcd-password)\n")
                .contains("\nok       settings    the configuration can be used: ")
                .contains(
                        "\nerror    interface   10.0.0.9/24 on none9: none9 does not exist on this"
                                + " host; there are: ")
                .doesNotContain("hush", "\u001b");
    }

    @Test
    void check_isReadByProgramsToo() throws Exception {
        Ended refused = run("check", "--json", "--ip=x");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.standardError()).isEmpty();
        assertThat(refused.standardOutput())
                .startsWith("{\"exit_code\":2,\"errors\":")
                .contains("\"found\":\"ip = \\\"x\\\" (--ip): ")
                .endsWith("}\n");
    }

    @Test
    void check_ofAWrongConfigurationEndsWithTwo() throws Exception {
        assertThat(run("check").code()).isEqualTo(2);
    }

    @Test
    void moreAddressesThanTheHeapHolds_areRefusedWithOneMessage() throws Exception {
        Path file = folder.resolve("vip-manager.yml");
        StringBuilder text = new StringBuilder("netmask: 16\ninterface: eth0\nvips:\n");
        for (int i = 0; i < 50_000; i++) {
            text.append("- ip: 10.9.%d.%d\n".formatted(i / 250, i % 250));
        }
        Files.writeString(file, text);

        assertThat(run("check", "--config", file.toString()))
                .isEqualTo(
                        new Ended(
                                2,
                                "",
                                "error: vips (%s:4): lists more than 2000 entries; keep to 2000, which is the most addresses there may be\n"
                                        .formatted(file)));
    }

    @Test
    void whatOthersWrote_reachesTheTerminalWithoutItsEscapeSequences() throws Exception {
        Ended check =
                run(
                        "check",
                        "--ip=10.0.0.9",
                        "--netmask=24",
                        "--interface=eth0",
                        "--trigger-key=/\u001b[2J\u202egnp",
                        "a\u001b]0;title\u0007");
        Ended refused = run("check", "--\u001b[31mred=1");

        assertThat(check.standardOutput())
                .contains("trigger-key: /\\x1b[2J\\u202egnp (--trigger-key)\n")
                .contains("\"a\\x1b]0;title\\x07\" on the command line is ignored");
        assertThat(refused.standardError()).contains("error: --\\x1b[31mred");
        assertThat(check.standardOutput() + refused.standardError())
                .doesNotContain("\u001b", "\u202e", "\u0007");
    }

    @Test
    void version_beginsWithTheThreeLines() throws Exception {
        Ended ended = run("--version", "--ip=nonsense");

        assertThat(ended.code()).isZero();
        assertThat(ended.standardOutput()).matches("version: .+\\ncommit:  .+\\ndate:    .+\\n");
    }

    @Test
    void help_namesEverySetting() throws Exception {
        Ended ended = run("-h");

        assertThat(ended.code()).isZero();
        assertThat(ended.standardOutput())
                .contains("--ip ADDRESS  (VIP_IP)\n", "--verbose[=true|false]  (VIP_VERBOSE)\n");
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        Path standardOutput = folder.resolve("stdout");
        Path standardError = folder.resolve("stderr");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-Xmx32m", // as packaging/start gives
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--class-path",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(standardOutput.toFile())
                        .redirectError(standardError.toFile());
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C.UTF-8"); // as packaging/start sets it
        Process process = builder.start();
        boolean isEnded = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(isEnded).as("ends by itself").isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(standardOutput),
                Files.readString(standardError));
    }
}
