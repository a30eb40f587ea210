package org.vipmanager;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The image that is shipped, target/image, started as a person or systemd would. */
final class ImageIT {

    private static final Path IMAGE = Path.of("target/image").toAbsolutePath();
    private static final Path LAUNCHER = IMAGE.resolve("bin/vip-manager");

    @TempDir private Path folder;

    @Test
    void startsByItsAbsolutePath() throws Exception {
        assertThat(run(LAUNCHER, folder, Map.of(), "--version")).satisfies(Outcome::isGood);
    }

    @Test
    void startsThroughALinkFromAnotherFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("a link"), LAUNCHER);

        assertThat(run(link, Path.of("/"), Map.of(), "--version")).satisfies(Outcome::isGood);
    }

    @Test
    void usesItsAotCache() throws Exception {
        assertThat(run(LAUNCHER, folder, demandingTheCache(), "--version"))
                .satisfies(Outcome::isGood);
    }

    @Test
    void usesItsAotCacheAfterAnInstallationElsewhere() throws Exception {
        Path elsewhere = folder.resolve("usr lib");
        new ProcessBuilder("cp", "-a", IMAGE.toString(), elsewhere.toString()).start().waitFor();

        Path launcher = elsewhere.resolve("bin/vip-manager");
        assertThat(run(launcher, folder, demandingTheCache(), "--version"))
                .satisfies(Outcome::isGood);
    }

    @Test
    void needsNoAotCache() throws Exception {
        Path copy = folder.resolve("copy");
        new ProcessBuilder("cp", "-a", IMAGE.toString(), copy.toString()).start().waitFor();
        Files.delete(copy.resolve("lib/vip-manager/jars/vip-manager.aot"));

        assertThat(run(copy.resolve("bin/vip-manager"), folder, Map.of(), "--version"))
                .satisfies(Outcome::isGood);
    }

    @Test
    void theDemandForTheCacheIsNotEmpty() throws Exception {
        Map<String, String> unlikeTheTraining =
                Map.of("VIPMANAGER_JVM_OPTIONS", "-XX:AOTMode=on -XX:-UseCompactObjectHeaders");

        assertThat(run(LAUNCHER, folder, unlikeTheTraining, "--version").exitCode()).isNotZero();
    }

    /** As systemd starts it where the machine has no locale. */
    @Test
    void understandsUtf8WithoutALocale() throws Exception {
        Path shell = Path.of("/bin/sh");
        String script = "exec \"$0\" --ip=\"$(printf 'pg\\303\\204')\"";

        Outcome outcome = run(shell, folder, Map.of(), "-c", script, LAUNCHER.toString());

        assertThat(outcome.standardError()).contains("ip = \"pg\u00c4\"");
    }

    /** Java starts only if the cache fits. */
    private static Map<String, String> demandingTheCache() {
        return Map.of("VIPMANAGER_JVM_OPTIONS", "-XX:AOTMode=on");
    }

    private record Outcome(int exitCode, String standardOutput, String standardError) {

        void isGood() {
            assertThat(this.exitCode).as(standardError).isZero();
            assertThat(standardOutput).startsWith("version: ");
            assertThat(standardError).isEmpty();
        }
    }

    private Outcome run(
            Path launcher, Path workingFolder, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path standardOutput = Files.createTempFile(folder, "stdout", "");
        Path standardError = Files.createTempFile(folder, "stderr", "");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(workingFolder.toFile())
                        .redirectOutput(standardOutput.toFile())
                        .redirectError(standardError.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ends by itself").isTrue();
        return new Outcome(
                process.exitValue(),
                Files.readString(standardOutput),
                Files.readString(standardError));
    }
}
