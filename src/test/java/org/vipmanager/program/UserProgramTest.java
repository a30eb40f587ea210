package org.vipmanager.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.program.ProgramEnd.How;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Real programs: what they get, what they may cost, and every way to end. */
final class UserProgramTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** Hangs whatever happens, and so does a child that is nobody's descendant any more. */
    private static final String STUBBORN =
            "trap '' TERM; (sleep 600 & echo $! > %1$s/child); echo $$ > %1$s/self; sleep 600; sleep 600";

    @TempDir Path folder;

    /** Whatever a secret is called, it does not come along. */
    @Test
    void environment_isWhatIsNamed_andTheFacts() throws Exception {
        Map<String, String> daemons = new HashMap<>(System.getenv());
        for (String secret :
                List.of(
                        "CONSUL_HTTP_TOKEN",
                        "HCLOUD_TOKEN",
                        "VIP_ETCD_PASSWORD",
                        "ETCD_PASSWORD",
                        "NOTIFY_SOCKET",
                        "SOMETHING")) {
            daemons.put(secret, "geheim");
        }
        daemons.put("OWN_TOKEN", "its own");
        UserProgram program = new UserProgram(new FfmLibC(), daemons, List.of("OWN_TOKEN", "NONE"));
        ProgramEnd end =
                program.run(
                        List.of(script("env | sort | head -c 4000").toString()),
                        Map.of("FACT", "one"),
                        LONG,
                        () -> true);
        assertThat(end.output())
                .contains("FACT=one", "OWN_TOKEN=its own", "PATH=")
                .doesNotContain("geheim", "NONE=", "SOMETHING");
    }

    @Test
    void startsWithNothingOfTheDaemons() throws Exception {
        ProgramEnd end =
                run(LONG, "pwd; cat; ls /proc/$$/fd | tr '\\n' ' '; ps -o sid= -p $$; echo $$");
        List<String> lines = end.output().lines().map(String::strip).toList();
        assertThat(lines.getFirst()).isEqualTo("/");
        assertThat(lines.get(1).split(" ").length).isLessThan(9);
        assertThat(lines.get(1)).endsWith(lines.getLast());
    }

    @Test
    void endsByItself_withItsCode_andBothOutputs() throws Exception {
        assertThat(run(LONG, "echo one; echo two >&2; exit 3"))
                .isEqualTo(new ProgramEnd(How.EXITED, 3, "one\ntwo\n"));
        assertThat(run(LONG, "echo one; echo; printf '\\033[1mtwo\\n\\n'").lastLine())
                .isEqualTo("\\x1b[1mtwo");
    }

    @Test
    void cannotBeStarted() throws Exception {
        ProgramEnd end = plain().run(List.of("/absent"), Map.of(), LONG, () -> true);
        assertThat(end.how()).isEqualTo(How.NOT_STARTED);
        assertThat(end.output()).contains("/absent");
        Path unfit = Files.writeString(folder.resolve("unfit"), "x");
        assertThat(plain().run(List.of(unfit.toString()), Map.of(), LONG, () -> true).how())
                .isEqualTo(How.NOT_STARTED);
    }

    @Test
    void writesForEver_keepsTheEnd() throws Exception {
        ProgramEnd end = run(LONG, "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end");
        assertThat(end.output()).hasSize(4096).endsWith("x\nend\n");
        assertThat(run(Duration.ofMillis(500), "yes").how()).isEqualTo(How.TIMED_OUT);
    }

    @Test
    void hangs_isKilledWithItsGroup() throws Exception {
        ProgramEnd end = run(Duration.ofSeconds(1), STUBBORN.formatted(folder));
        assertThat(end.how()).isEqualTo(How.TIMED_OUT);
        awaitEndOf("self");
        awaitEndOf("child");
    }

    /** SIGTERM comes first, and what it says then counts. */
    @Test
    void hangs_mayCleanUp() throws Exception {
        ProgramEnd end =
                run(
                        Duration.ofSeconds(1),
                        "trap 'echo cleaned up; exit 1' TERM; while true; do sleep 0.05; done");
        assertThat(end.how()).isEqualTo(How.TIMED_OUT);
        assertThat(end.lastLine()).isEqualTo("cleaned up");
    }

    /** A child that goes on and holds the pipe open neither keeps the call nor stays. */
    @Test
    void leavesAChild_thatEndsWithIt() throws Exception {
        ProgramEnd end = run(LONG, "sleep 600 & echo $! > " + folder + "/child");
        assertThat(end.how()).isEqualTo(How.EXITED);
        awaitEndOf("child");
    }

    @Test
    void unwanted_isEnded() throws Exception {
        Path begun = folder.resolve("self");
        ProgramEnd end = run(LONG, STUBBORN.formatted(folder), () -> !Files.exists(begun));
        assertThat(end.how()).isEqualTo(How.UNWANTED);
        awaitEndOf("self");
        awaitEndOf("child");
    }

    @Test
    void interrupted_isKilledAtOnce() throws Exception {
        Path begun = folder.resolve("self");
        Thread caller = Thread.currentThread();
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            await().atMost(LONG).until(() -> Files.exists(begun));
                            caller.interrupt();
                        });
        assertThatThrownBy(() -> run(LONG, STUBBORN.formatted(folder)))
                .isInstanceOf(InterruptedException.class);
        awaitEndOf("self");
        awaitEndOf("child");
    }

    private void awaitEndOf(String file) throws IOException {
        String pid = Files.readString(folder.resolve(file)).strip();
        assertThat(pid).isNotEmpty();
        await(file + " is gone").atMost(LONG).until(() -> !isRunning(pid));
    }

    /** One that has ended and that nobody has asked for yet is still there, as a zombie. */
    private static boolean isRunning(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    private ProgramEnd run(Duration timeout, String body) throws Exception {
        return run(timeout, body, () -> true);
    }

    private ProgramEnd run(Duration timeout, String body, BooleanSupplier isWanted)
            throws Exception {
        return plain().run(List.of(script(body).toString()), Map.of(), timeout, isWanted);
    }

    private static UserProgram plain() {
        return new UserProgram(new FfmLibC(), System.getenv(), List.of());
    }

    private Path script(String body) throws IOException {
        Path script = folder.resolve("script");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}
