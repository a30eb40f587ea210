package org.vipmanager;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vipmanager.config.Setting;
import org.vipmanager.config.Settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What packaging/start hands to Java: in place of Java a script that prints it. */
final class LauncherTest {

    @TempDir private Path home;

    @BeforeEach
    void putAScriptInPlaceOfJava() throws IOException {
        Files.createDirectories(home.resolve("runtime/bin"));
        Files.copy(Path.of("packaging/start"), home.resolve("start"));
        Path java = home.resolve("runtime/bin/java");
        Files.writeString(java, "#!/bin/bash\nprintf 'word %s\\n' \"$@\"\nexec env\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("flagsWithASecret")
    void secretIsMovedFromTheCommandLineToAPrivateVariable(Setting setting, List<String> flag)
            throws IOException {
        List<String> words = new ArrayList<>(flag);
        words.addFirst("--interval=1");
        words.add("check");

        List<String> lines = launch(Map.of(setting.variable(), "beaten"), words);

        assertThat(lines)
                .contains(
                        privateVariable(setting) + "=hush =x",
                        setting.variable() + "=beaten",
                        "word --interval=1");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("word "))
                .last()
                .isEqualTo("word check");
        assertThat(lines).noneMatch(line -> line.startsWith("word ") && line.contains("hush"));
    }

    private static String privateVariable(Setting setting) {
        return setting.variable().replaceFirst("^VIP_", "VIPMANAGER_FLAG_");
    }

    static Stream<Object[]> flagsWithASecret() {
        return Settings.ALL.stream()
                .filter(Setting::isSecret)
                .flatMap(
                        setting ->
                                Stream.of(setting.flag(), setting.flag().substring(1))
                                        .flatMap(
                                                flag ->
                                                        Stream.of(
                                                                List.of(flag, "hush =x"),
                                                                List.of(flag + "=hush =x")))
                                        .map(words -> new Object[] {setting, words}));
    }

    @Test
    void ofARepeatedSecretTheLastCounts_andOneWithoutAValueIsLeftToBeTold() throws IOException {
        List<String> lines =
                launch(
                        Map.of("VIP_ETCD_PASSWORD", "mine"),
                        List.of("--etcd-password=one", "--etcd-password", "", "--etcd-password"));

        assertThat(lines)
                .contains(
                        "VIP_ETCD_PASSWORD=mine",
                        "VIPMANAGER_FLAG_ETCD_PASSWORD=",
                        "word --etcd-password");
    }

    @Test
    void privateVariablesOfOthersAreNotTaken() throws IOException {
        List<String> lines =
                launch(Map.of("VIPMANAGER_FLAG_CONSUL_TOKEN", "planted"), List.of("check"));

        assertThat(lines).noneMatch(line -> line.contains("planted"));
    }

    @Test
    void otherWordsAndAllVariablesArePassedOnAsTheyAre() throws IOException {
        List<String> lines =
                launch(
                        Map.of("VIP_hosting-type", "basic", "VIP_Key", " a  b "),
                        List.of("--trigger-value", "a  *", "--ip=", "", "-h"));

        assertThat(lines)
                .contains("VIP_hosting-type=basic", "VIP_Key= a  b ")
                .containsSubsequence(
                        "word --trigger-value", "word a  *", "word --ip=", "word ", "word -h");
    }

    private List<String> launch(Map<String, String> variables, List<String> words)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve("start").toString()));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(variables);
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
