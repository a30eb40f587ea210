package org.vipmanager.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vipmanager.config.Config;
import org.vipmanager.config.Mistake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads, unchanged, the configuration files of the program whose users switch to ours: the units,
 * {@code /etc/default/vip-manager} and {@code vip.in} of Debian's packages, and the sample of its
 * source. Needs what {@code build/fetch-servers} fetches.
 */
final class KnownConfigurationLiveIT {

    private static final Path CACHE =
            Path.of(
                    System.getenv()
                            .getOrDefault(
                                    "VIP_TEST_CACHE",
                                    System.getProperty("user.home") + "/.cache/vip-manager-test"));

    /** The unit passes everything as flags, which are empty while the variables are not set. */
    @ParameterizedTest
    @MethodSource("units")
    void unitWithTheUntouchedDefaultFile_lacksWhatIsMandatoryAndNothingElse(Path unit)
            throws IOException {
        Map<String, String> variables = environmentFile(Files.readString(defaultFile()));

        Outcome outcome = CommandLine.parse(arguments(unit, variables), variables);

        assertThat(((Outcome.Refuse) outcome).mistakes())
                .extracting(Mistake::setting)
                .containsExactly("ip", "interface", "netmask", "trigger-key");
    }

    /** As an administrator fills it in: the # before each assignment removed. */
    @ParameterizedTest
    @MethodSource("units")
    void unitWithTheDefaultFileFilledIn_starts(Path unit) throws IOException {
        String filled =
                Files.readString(defaultFile())
                        .replaceAll("(?m)^#(VIP_[A-Z_]+=)", "$1")
                        .replaceAll("(?m)^VIP_ETCD_.*_FILE=.*$", "");
        Map<String, String> variables = environmentFile(filled);

        Config config = run(CommandLine.parse(arguments(unit, variables), variables));

        assertThat(config.vips())
                .extracting(Object::toString)
                .containsExactly(
                        "VipConfig[vip=10.1.2.3/24 on eth0, trigger=Trigger[key=/service/batman/"
                                + "leader, value=serverX], patroniUrl=Optional.empty, managerType=BASIC, label=10.1.2.3]");
        assertThat(config.dcs().endpoints()).hasToString("[http://10.1.2.3:2379]");
    }

    /**
     * What {@code pg_createconfig_patroni --vip} makes of vip.in; the unit template has no flags.
     */
    @ParameterizedTest
    @MethodSource("packages")
    void instanceOfPatroniIntegration_starts(String tree) throws IOException {
        Path template = present(CACHE.resolve(tree).resolve("etc/patroni/vip.in"));
        String filled = Files.readString(template);
        Map<String, String> values =
                Map.of(
                        "IP", "10.1.2.3",
                        "MASK", "24",
                        "IFACE", "eth0",
                        "KEY", "/postgresql-common/15-main/leader",
                        "HOST", "pg1",
                        "TYPE", "etcd3",
                        "ENDPOINT", "http://10.1.2.4:2379,http://10.1.2.5:2379");
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("@VIP_" + value.getKey() + "@", value.getValue());
        }
        Map<String, String> variables = environmentFile(filled);
        Path unit = unit(tree, "vip-manager@.service");
        assertThat(unit).content().contains("EnvironmentFile=-/etc/patroni/%i.vip\n");

        Outcome outcome = CommandLine.parse(arguments(unit, variables), variables);

        assertThat(run(outcome).vips())
                .extracting(Object::toString)
                .containsExactly(
                        "VipConfig[vip=10.1.2.3/24 on eth0, trigger=Trigger[key=/postgresql-common/"
                                + "15-main/leader, value=pg1], patroniUrl=Optional.empty,"
                                + " managerType=BASIC, label=10.1.2.3]");
        assertThat(run(outcome).dcs().endpoints()).hasSize(2);
        assertThat(((Outcome.Run) outcome).loaded().warnings())
                .containsExactly(
                        "old names are in use: VIP_IFACE is now VIP_INTERFACE, VIP_TYPE is now"
                                + " VIP_DCS_TYPE");
    }

    /** Everything is understood; only the certificates that it names are not there. */
    @Test
    void sampleFileLacksOnlyTheCertificatesThatItNames() throws IOException {
        Path sample = CACHE.resolve("vip-manager2-source/vipconfig/vip-manager.yml");
        assumeTrue(
                Files.exists(sample),
                "this Debian archive serves no sources, so there is no sample file of"
                        + " vip-manager2 to read; ConfigLoaderTest has one in its style");

        Outcome outcome = CommandLine.parse(new String[] {"--config", sample.toString()}, Map.of());

        assertThat(((Outcome.Refuse) outcome).mistakes())
                .allSatisfy(
                        mistake -> {
                            assertThat(mistake.setting()).matches("etcd-(ca|cert|key)-file");
                            assertThat(mistake.problem()).isEqualTo("does not exist");
                        });
        assertThat(((Outcome.Refuse) outcome).warnings()).noneMatch(w -> w.contains("no such"));
    }

    static Stream<Path> units() {
        return packages().map(tree -> unit(tree, "vip-manager.service"));
    }

    private static Path unit(String tree, String name) {
        String folder = tree.equals("vip-manager") ? "lib" : "usr/lib";
        return CACHE.resolve(tree).resolve(folder).resolve("systemd/system").resolve(name);
    }

    static Stream<String> packages() {
        return Stream.of("vip-manager", "vip-manager2");
    }

    private static Path defaultFile() {
        return present(CACHE.resolve("vip-manager/etc/default/vip-manager"));
    }

    private static Path present(Path file) {
        assumeTrue(Files.exists(file), file + " is missing: run build/fetch-servers");
        return file;
    }

    private static Config run(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Run.class);
        return ((Outcome.Run) outcome).loaded().config();
    }

    /** The assignments of an environment file, as systemd.exec(5) reads them. */
    private static Map<String, String> environmentFile(String text) {
        Map<String, String> variables = new HashMap<>();
        for (String line : text.split("\n")) {
            int equals = line.indexOf('=');
            if (!line.startsWith("#") && equals > 0) {
                String value = line.substring(equals + 1).strip();
                boolean isQuoted = value.length() >= 2 && value.startsWith("\"");
                variables.put(
                        line.substring(0, equals),
                        isQuoted ? value.substring(1, value.length() - 1) : value);
            }
        }
        return variables;
    }

    /** The words of ExecStart= behind the program, with its variables filled in. */
    private static String[] arguments(Path unit, Map<String, String> variables) throws IOException {
        String start =
                Files.readAllLines(present(unit)).stream()
                        .filter(line -> line.startsWith("ExecStart="))
                        .findFirst()
                        .orElseThrow();
        List<String> arguments = new ArrayList<>();
        for (String word : start.split(" ")) {
            if (word.startsWith("--")) {
                int dollar = word.indexOf("\"${");
                String name = word.substring(dollar + 3, word.lastIndexOf("}\""));
                arguments.add(word.substring(0, dollar) + variables.getOrDefault(name, ""));
            }
        }
        return arguments.toArray(String[]::new);
    }
}
