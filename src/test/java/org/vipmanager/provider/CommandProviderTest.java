package org.vipmanager.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.program.UserProgram;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** Real programs, with every way to end. */
final class CommandProviderTest {

    private static final VirtualIp VIP =
            new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 24, "eth0");

    private static final UserProgram PLAIN =
            new UserProgram(new FfmLibC(), System.getenv(), List.of());

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final Call state = call(Call.Kind.STATE);
    private final Call acquire = call(Call.Kind.ACQUIRE);

    @Test
    void tellsTheFacts_andNothingOfThisDaemon() throws IOException {
        Provider provider = program("env > \"$1\"; echo \"$@\" >> \"$1\"", "out");
        assertThat(provider.acquire(acquire)).isEqualTo(new Answer(new Answer.Here(), 0, 1));
        List<String> said = Files.readAllLines(folder.resolve("out"));
        assertThat(said)
                .contains(
                        "PROVIDER_ACTION=acquire",
                        "PROVIDER_ADDRESS=10.0.0.9",
                        "PROVIDER_FAMILY=4",
                        "PROVIDER_PREFIX_LENGTH=24",
                        "PROVIDER_INTERFACE=eth0",
                        "PROVIDER_KEY=/service/db/leader",
                        "PROVIDER_VALUE=pg1",
                        folder.resolve("out") + " acquire");
        assertThat(said).noneMatch(line -> line.startsWith("VIP_"));
    }

    @Test
    void state_byExitCode() throws IOException {
        assertThat(program("exit 0").state(state).outcome()).isEqualTo(new Answer.Here());
        assertThat(program("echo to pg2; exit 10").state(state).outcome())
                .isEqualTo(new Answer.Elsewhere("to pg2"));
        assertThat(program("echo 40 %; exit 11").state(state).outcome())
                .isEqualTo(new Answer.Switching("40 %", LONG));
        assertThat(program("echo one; echo; echo two >&2; exit 1").state(state).outcome())
                .isEqualTo(failed("provider-command state ended with exit code 1: two"));
    }

    @Test
    void acquire_cannotSayElsewhere() throws IOException {
        assertThat(program("exit 10").acquire(acquire).outcome())
                .isEqualTo(failed("provider-command acquire ended with exit code 10"));
    }

    @Test
    void absentProgram_needsAPerson() {
        Answer answer = new CommandProvider(PLAIN, List.of("/absent"), LONG).state(state);
        assertThat(answer.outcome())
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> {
                            assertThat(failed.needsAPerson()).isTrue();
                            assertThat(failed.trouble()).contains("/absent");
                        });
    }

    @Test
    void hangs_isKilledWithItsChildren() throws IOException {
        Path pid = folder.resolve("pid");
        Provider provider =
                program(
                        Duration.ofSeconds(1),
                        "trap '' TERM; sleep 600 & echo $! > %s; wait; wait; sleep 600"
                                .formatted(pid));
        assertThat(provider.state(state).outcome())
                .isEqualTo(
                        failed("provider-command state did not end within 1000 ms and was killed"));
        long child = Long.parseLong(Files.readString(pid).strip());
        // Who is killed still counts as alive until init has heard of it.
        await("its child is gone")
                .atMost(LONG)
                .until(() -> !ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void writesForEver_keepsTheEndAlone() throws IOException {
        Answer answer =
                program("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo the end; exit 1")
                        .state(state);
        assertThat(answer.outcome())
                .isEqualTo(failed("provider-command state ended with exit code 1: the end"));
    }

    /** A child that goes on and holds the pipe open does not keep the call. */
    @Test
    void leavesAChild_endsAllTheSame() throws IOException {
        long begun = System.nanoTime();
        assertThat(program("sleep 30 & exit 0").state(state).outcome())
                .isEqualTo(new Answer.Here());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void leadsNoLonger_isEnded() throws Exception {
        Provider provider = program("sleep 600");
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                Thread.sleep(300);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            acquire.noLongerWanted();
                        });
        assertThat(provider.acquire(acquire).outcome())
                .isEqualTo(
                        failed(
                                "provider-command acquire was ended, as this host does not lead any more"));
    }

    @Test
    void doesNotLead_isNotStarted() throws IOException {
        acquire.noLongerWanted();
        Provider provider = program("touch \"$1\"", "ran");
        provider.acquire(acquire);
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    private static Answer.Failed failed(String trouble) {
        return new Answer.Failed(trouble, Duration.ZERO, false);
    }

    private static Call call(Call.Kind kind) {
        return new Call(kind, VIP, new Trigger("/service/db/leader", "pg1"));
    }

    private Provider program(String body) throws IOException {
        return program(LONG, body);
    }

    private Provider program(Duration timeout, String body) throws IOException {
        return new CommandProvider(PLAIN, List.of(script(body).toString()), timeout);
    }

    private Provider program(String body, String file) throws IOException {
        return new CommandProvider(
                PLAIN, List.of(script(body).toString(), folder.resolve(file).toString()), LONG);
    }

    private Path script(String body) throws IOException {
        Path script = folder.resolve("script");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}
