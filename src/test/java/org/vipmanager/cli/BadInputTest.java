package org.vipmanager.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.config.Mistake;
import org.vipmanager.tls.TestAuthority;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bad input, case by case (bad-input.txt): exactly one message tells the setting, the value, where
 * it was written, and what would be right.
 */
final class BadInputTest {

    @TempDir static Path folder;

    /** A case of bad-input.txt. */
    private record Case(String title, List<String> lines) {}

    @BeforeAll
    static void writeFiles() throws IOException, InterruptedException {
        new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor();
        String[] own = TestAuthority.selfSigned().split("(?=-----BEGIN PRIVATE)", 2);
        Files.writeString(folder.resolve("certificate.pem"), own[0]);
        Files.writeString(folder.resolve("key.pem"), own[1]);
        Files.writeString(folder.resolve("both.pem"), own[1] + own[0]);
        Files.writeString(folder.resolve("other.pem"), TestAuthority.selfSigned());
        Files.writeString(
                folder.resolve("garbage.pem"), pem("CERTIFICATE", "bm8gY2VydGlmaWNhdGU="));
        Files.writeString(folder.resolve("cut-key.pem"), pem("PRIVATE KEY", "MIIBVQIBADANBgkq"));
        Files.writeString(
                folder.resolve("encrypted-key.pem"), pem("ENCRYPTED PRIVATE KEY", "MAA="));
        Files.writeString(folder.resolve("secret"), "hush\n");
        Files.writeString(folder.resolve("empty"), "\n");
        Files.writeString(folder.resolve("two-lines"), "one\ntwo\n");
        Files.writeString(folder.resolve("user-only"), "user=\"joe\"\n");
        Files.writeString(folder.resolve("robot"), "user=\"joe\"\npass=\"hush\"\n");
        Files.write(folder.resolve("binary.yml"), new byte[] {0x7f, 'E', 'L', 'F', (byte) 0xff});
        Files.writeString(folder.resolve("word.yml"), "vip-manager\n");
        Files.writeString(folder.resolve("list.yml"), "- ip: 10.0.0.9\n");
        Files.writeString(folder.resolve("deep.yml"), "[".repeat(100_000));
        Files.writeString(folder.resolve("bomb.yml"), aliasBomb());
        writeTooMuch();
        try (RandomAccessFile huge =
                new RandomAccessFile(folder.resolve("huge.yml").toFile(), "rw")) {
            huge.setLength(100_000_000);
        }
    }

    private static void writeTooMuch() throws IOException {
        String common = "netmask: 24\ninterface: eth0\ntrigger-key: /k\ntrigger-value: pg1\n";
        Files.writeString(
                folder.resolve("many-vips.yml"),
                common + "vips:\n" + numbered(50_000, "- ip: 10.%1$d.0.1\n"));
        Files.writeString(
                folder.resolve("many-endpoints.yml"),
                common + "dcs-endpoints:\n" + numbered(50_000, "- http://a%d:1\n"));
        Files.writeString(
                folder.resolve("many-aliases.yml"),
                common
                        + "vips:\n- &a {"
                        + numbered(999, "x%d,")
                        + "}\n"
                        + "- <<: *a\n".repeat(50_000));
        Files.writeString(folder.resolve("many-settings.yml"), numbered(90_000, "a%d: 1\n"));
        Files.writeString(
                folder.resolve("long-value.yml"),
                "ip: 10.0.0.9\nnetmask: 24\ninterface: eth0\ntrigger-key: "
                        + "x".repeat(500_000)
                        + "\n");
    }

    private static String numbered(int count, String form) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(form.formatted(i));
        }
        return text.toString();
    }

    @TestFactory
    List<DynamicTest> eachIsRefusedWithOneMessage() throws IOException {
        return cases().stream()
                .map(row -> DynamicTest.dynamicTest(row.title(), () -> check(row)))
                .toList();
    }

    @Test
    void thereAreMoreThanAHundredCases() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(100);
    }

    private void check(Case row) throws IOException {
        Outcome outcome = parse(row);

        assertThat(outcome).isInstanceOf(Outcome.Refuse.class);
        assertThat(((Outcome.Refuse) outcome).mistakes())
                .extracting(Mistake::message)
                .containsExactly(
                        row.lines().stream()
                                .filter(line -> line.startsWith("> "))
                                .map(line -> inFolder(line.substring(2)))
                                .toArray(String[]::new));
    }

    private static Outcome parse(Case row) throws IOException {
        Map<String, String> file = new LinkedHashMap<>();
        file.put("ip", "ip: 10.0.0.9");
        file.put("netmask", "netmask: 24");
        file.put("interface", "interface: eth0");
        file.put("trigger-key", "trigger-key: /service/db/leader");
        file.put("trigger-value", "trigger-value: pg1");
        List<String> further = new ArrayList<>();
        List<String> flags = new ArrayList<>();
        Map<String, String> variables = new HashMap<>();
        for (String line : row.lines()) {
            String rest = inFolder(line.substring(2));
            switch (line.charAt(0)) {
                case '-' -> file.remove(rest);
                case '|' -> {
                    String name = rest.contains(":") ? rest.substring(0, rest.indexOf(':')) : "";
                    if (file.replace(name, rest) == null) {
                        further.add(rest);
                    }
                }
                case '$' -> {
                    if (rest.startsWith("VIP_") || rest.startsWith("CONSUL_")) {
                        int equals = rest.indexOf('=');
                        variables.put(rest.substring(0, equals), rest.substring(equals + 1));
                    } else {
                        flags.add(rest);
                    }
                }
                default -> assertThat(line).startsWith("> ");
            }
        }
        Path path = folder.resolve("f.yml");
        List<String> lines = new ArrayList<>(file.values());
        lines.addAll(further);
        Files.write(path, lines);
        boolean namesAnother =
                variables.containsKey("VIP_CONFIG")
                        || flags.stream().anyMatch(flag -> flag.startsWith("--config"));
        if (!namesAnother) {
            flags.addFirst("--config=" + path);
        }
        return CommandLine.parse(flags.toArray(String[]::new), variables);
    }

    private static String inFolder(String text) {
        String endpoints = numbered(101, "http://a%d:1,");
        return text.replace("DIR", folder.toString())
                .replace("LONG80", "x".repeat(80))
                .replace("MANY80", endpoints.substring(0, 80))
                .replace("MANY", endpoints)
                .replace("LABEL80", "l".repeat(80))
                .replace("LABEL", "l".repeat(101));
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        String table = new String(resource("bad-input.txt"), StandardCharsets.UTF_8);
        for (String line : table.split("\n")) {
            if (line.startsWith("== ")) {
                cases.add(new Case(line.substring(3), new ArrayList<>()));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                cases.getLast().lines().add(line);
            }
        }
        return cases;
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = BadInputTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static String pem(String label, String base64) {
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** Nine letters that stand for ten times the letter before: a billion values. */
    private static String aliasBomb() {
        StringBuilder text = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x,x]\n");
        for (char c = 'b'; c <= 'i'; c++) {
            String before = "*" + (char) (c - 1);
            text.append(c).append(": &").append(c).append(" [");
            text.append(String.join(",", Collections.nCopies(10, before))).append("]\n");
        }
        return text.toString();
    }
}
