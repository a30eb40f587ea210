package org.vipmanager;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    void leavesNoClassesToBeMadeAtTheStart() throws Exception {
        Path jar = IMAGE.resolve("lib/vip-manager/jars/vip-manager.jar");

        assertThat(PrelinkTest.leftToBeMade(jar)).isEmpty();
    }

    /** What a cache can be in place of that which was made with these files. */
    private enum Spoilt {
        ABSENT("rm CACHE"),
        EMPTY(": >CACHE"),
        TRUNCATED("head -c 3000000 CACHE >CACHE.part; mv CACHE.part CACHE"),
        RANDOM("head -c 40000000 /dev/urandom >CACHE"),
        OF_OTHER_JARS("touch -d 2020-01-01 JARS/gson-*.jar"),
        OF_NEWER_JARS("touch JARS/grpc-core-*.jar"),
        OF_ANOTHER_JAVA("printf x >>JARS/../runtime/lib/modules"),
        A_FOLDER("rm CACHE; mkdir CACHE"),
        A_LINK_TO_NOTHING("rm CACHE; ln -s nothing CACHE");

        private final String command;

        Spoilt(String command) {
            this.command = command;
        }
    }

    /** Java says nothing of it: the daemon does, in one line (Prerequisites). */
    @ParameterizedTest
    @EnumSource(Spoilt.class)
    void startsWithoutItsAotCache(Spoilt how) throws Exception {
        Path copy = copyWith(how.command);

        assertThat(run(copy.resolve("bin/vip-manager"), folder, Map.of(), "--version"))
                .satisfies(Outcome::isGood);
        assertThat(run(copy.resolve("bin/vip-manager"), folder, demandingTheCache(), "--version"))
                .satisfies(outcome -> assertThat(outcome.exitCode()).isNotZero());
    }

    /** Java crashes of it, as it looks at the header alone; once it has, it looks at the rest. */
    @Test
    void startsWithADamagedAotCacheOnceJavaHasCrashed() throws Exception {
        Path copy =
                copyWith(
                        "dd if=/dev/urandom of=CACHE bs=1M seek=5 count=30 conv=notrunc status=none");
        Path launcher = copy.resolve("bin/vip-manager");
        Map<String, String> state = Map.of("STATE_DIRECTORY", folder.toString());

        assertThat(run(launcher, folder, state, "--version").exitCode()).isNotZero();
        Files.createFile(folder.resolve("crashed"));
        assertThat(run(launcher, folder, state, "--version")).satisfies(Outcome::isGood);
    }

    /**
     * As on a disk that fails: what is spoilt by somebody has another time, and is not even tried.
     */
    private static final String WITH_THE_TIME_OF_THE_JARS =
            "[ ! -e CACHE ] || touch -r JARS/vip-manager.jar CACHE";

    private Path copyWith(String command) throws IOException, InterruptedException {
        Path copy = folder.resolve("copy");
        Path jars = copy.resolve("lib/vip-manager/jars");
        String script =
                ("cp -a IMAGE COPY; " + command + "; " + WITH_THE_TIME_OF_THE_JARS)
                        .replace("IMAGE", IMAGE.toString())
                        .replace("COPY", copy.toString())
                        .replace("CACHE", jars.resolve("vip-manager.aot").toString())
                        .replace("JARS", jars.toString());
        Process process = new ProcessBuilder("sh", "-ec", script).inheritIO().start();
        assertThat(process.waitFor()).isZero();
        return copy;
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
