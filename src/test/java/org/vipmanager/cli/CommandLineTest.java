package org.vipmanager.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.config.Config;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.Mistake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Arguments as the Go program's flag library takes them. */
final class CommandLineTest {

    @Test
    void valueStandsBehindTheFlagOrBehindAnEqualsSign() {
        assertThat(config("--retry-num", "5", "--dcs-timeout=3s"))
                .extracting(Config::retryNum, config -> config.dcsTimeout().toSeconds())
                .containsExactly(5, 3L);
    }

    @Test
    void valueMayBeginWithADash() {
        Config config = config("--netmask", "-1", "--trigger-value", "-pg", "--trigger-key=--k");

        assertThat(config.vips().getFirst().vip().prefixLength()).isEqualTo(8);
        assertThat(config.vips().getFirst().trigger().value()).isEqualTo("-pg");
        assertThat(config.vips().getFirst().trigger().key()).isEqualTo("--k");
    }

    @Test
    void valueKeepsItsQuotesSpacesAndEqualsSigns() {
        assertThat(config("--trigger-value=\"a = b\"").vips().getFirst().trigger().value())
                .isEqualTo("\"a = b\"");
    }

    @Test
    void ofARepeatedFlagTheLastCounts() {
        assertThat(config("--retry-num=5", "--retry-num", "6", "--retry-num=7").retryNum())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "--verbose, true",
        "--verbose=true, true",
        "--verbose=false, false",
        "--verbose=1, true",
        "--yield-in-doubt=false, false",
    })
    void switchAloneMeansTrue(String flag, boolean isVerbose) {
        assertThat(config(flag).verbose()).isEqualTo(isVerbose);
    }

    /** The check says what the daemon would say. */
    @Test
    void wordsAreIgnoredWithAWarning_theOneBehindASwitchToo() {
        LoadOutcome.Loaded loaded = run("--verbose", "false", "start", "--", "--ip=1.2.3.4");

        assertThat(loaded.config().verbose()).isTrue();
        assertThat(loaded.config().vips().getFirst().vip()).hasToString("10.0.0.9/24 on eth0");
        assertThat(loaded.warnings())
                .containsExactly(
                        "\"false\" on the command line is ignored: a switch takes its value in one"
                                + " word, such as --verbose=false",
                        "\"start\" on the command line is ignored: it is not a flag",
                        "\"--ip=1.2.3.4\" on the command line is ignored: it is not a flag");
    }

    /** As the units of its first versions wrote it. */
    @Test
    void oneDashIsTakenToo() {
        assertThat(run("-interval=700", "-retry-num", "4").config())
                .satisfies(config -> assertThat(config.interval()).hasMillis(700))
                .satisfies(config -> assertThat(config.retryNum()).isEqualTo(4));
    }

    @Test
    void flagsAreNotCutShort_norTakenFromFilesOrByOldNames() {
        assertThat(mistakes("--inter=eth0", "--iface=eth0", "@flags", "--Interface=eth0"))
                .containsExactly("--inter", "--iface", "--Interface");
    }

    @Test
    void allUnknownFlagsAreTold_andThoseWithoutAValue() {
        assertThat(
                        mistakes(
                                "--a=1",
                                "--b",
                                "x",
                                "--interval",
                                "--ip",
                                "10.0.0.8",
                                "--c=",
                                "--netmask"))
                .containsExactly("--a", "--b", "interval", "--c", "netmask");
    }

    @ParameterizedTest
    @CsvSource({"--help", "-h"})
    void helpBeatsEverythingElse(String flag) {
        assertThat(CommandLine.parse(new String[] {"--ip=x", flag}, Map.of()))
                .isInstanceOf(Outcome.Print.class);
    }

    @Test
    void checkMayStandAnywhere() {
        assertThat(parse("check")).isInstanceOf(Outcome.Check.class);
        assertThat(CommandLine.parse(new String[] {"check", "--ip=x"}, Map.of()))
                .isInstanceOf(Outcome.Refuse.class);
    }

    @Test
    void jsonIsForCommands_andThenTellsMistakesToo() {
        assertThat(parse("check", "--json"))
                .isInstanceOfSatisfying(
                        Outcome.Check.class, check -> assertThat(check.json()).isTrue());
        assertThat(CommandLine.parse(new String[] {"check", "--json", "--ip=x"}, Map.of()))
                .isInstanceOf(Outcome.Check.class);
        assertThat(mistakes("--json")).containsExactly("--json");
    }

    /** The daemon waits for it; whoever only checks may have misspelt it. */
    @Test
    void daemonIsNotKeptFromStartingByAnInterfaceThatDoesNotExist() {
        assertThat(run("--interface=none9").warnings()).isEmpty();
    }

    private static Outcome parse(String... further) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--ip=10.0.0.9",
                                "--netmask=24",
                                "--interface=eth0",
                                "--trigger-key=/service/db/leader",
                                "--trigger-value=pg1"));
        arguments.addAll(List.of(further));
        return CommandLine.parse(arguments.toArray(String[]::new), Map.of());
    }

    private static LoadOutcome.Loaded run(String... further) {
        Outcome outcome = parse(further);
        assertThat(outcome).isInstanceOf(Outcome.Run.class);
        return ((Outcome.Run) outcome).loaded();
    }

    private static Config config(String... further) {
        return run(further).config();
    }

    private static List<String> mistakes(String... further) {
        Outcome outcome = parse(further);
        assertThat(outcome).isInstanceOf(Outcome.Refuse.class);
        return ((Outcome.Refuse) outcome).mistakes().stream().map(Mistake::setting).toList();
    }
}
