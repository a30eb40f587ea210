package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.vipmanager.docs.TerminalPicture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * {@code status} on a terminal, which script(1) makes: its colours, its redrawing and its end; and
 * the picture of a failover in docs/status.md, which is written anew with the variable WRITE_DOCS
 * set.
 */
final class StatusTerminalLiveIT {

    private static final Duration TTL = Duration.ofSeconds(40);
    private static final int COLUMNS = 120;
    private static final String REDRAWN = "\u001b[H\u001b[J";
    private static final char CTRL_C = 3;

    @BeforeAll
    static void needsRootAndThisProgram() {
        assumeFalse(Boolean.getBoolean("lab.nobody"), "it gives each host a name of its own");
        assumeFalse(Program.underTest().isGo(), "vip-manager 5.0.0 has no status");
    }

    /** The leader is cut off from etcd; the other host leads next. */
    @Test
    void pictureOfAFailover() throws Exception {
        try (Lab lab = Lab.open("status, picture")) {
            Host pg1 = lab.host(1);
            Host pg2 = lab.host(2);
            lab.patroni(pg1, TTL);
            await("pg1 leads").atMost(Lab.START).until(() -> lab.patronis().getFirst().isLeading());
            lab.patroni(pg2, TTL);
            lab.hosts().forEach(host -> start(lab, host));
            lab.holders().awaitServing(pg1, Lab.START);
            await("pg1 is asked")
                    .atMost(Lab.START)
                    .until(() -> onTerminal(lab, pg1).contains("\u001b[32mholding"));

            pg1.namespace().ip("link set dcs0 down");
            String doubt = awaitShown(lab, pg1, "\u001b[33min doubt");
            lab.holders().awaitServing(pg2, Lab.START);
            String after = awaitShown(lab, pg2, "\u001b[32mholding");
            String released = awaitShown(lab, pg1, "standby");

            assertThat(doubt).contains("\u001b[33mtrouble: ", "\u001b[1mLast events:\u001b[0m");
            String svg =
                    new TerminalPicture(COLUMNS)
                            .command("pg1$ vip-manager status    # cut off from etcd", doubt)
                            .command("pg1$ vip-manager status    # a moment later", released)
                            .command("pg2$ vip-manager status", after)
                            .svg(
                                    "vip-manager status during a failover",
                                    "pg1 holds the address in doubt, since etcd is silent; it"
                                            + " releases it before its lease ends; then pg2 holds"
                                            + " it.");
            Files.writeString(Path.of("target/status.svg"), svg);
            if (System.getenv("WRITE_DOCS") != null) {
                Files.writeString(Path.of("docs/status.svg"), svg);
            }
        }
    }

    /** Redraws until Ctrl-C, and leaves the terminal as it was. */
    @Test
    void watchEndsAtCtrlC() throws Exception {
        try (Lab lab = Lab.open("status, watched")) {
            Host host = lab.host(1);
            lab.leaderKey().name(host);
            start(lab, host);
            lab.holders().awaitServing(host, Lab.START);
            await("it listens").atMost(Lab.START).until(() -> Files.exists(socket(lab, host)));
            String script =
                    "before=$(stty -g); trap : INT; "
                            + statusCommand(lab, host)
                            + " --watch; echo \"ended with $?\";"
                            + " [ \"$before\" = \"$(stty -g)\" ] && echo terminal as before";
            Process process = terminal(host, script);
            StringBuilder shown = new StringBuilder();
            try (OutputStream keyboard = process.getOutputStream();
                    InputStream screen = process.getInputStream()) {
                awaitText(screen, shown, "Last events:", 3);
                keyboard.write(CTRL_C);
                keyboard.flush();
                awaitText(screen, shown, "terminal as before", 1);
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(shown).contains("ended with 0");
            assertThat(shown.toString().split(Pattern.quote(REDRAWN), -1)).hasSizeGreaterThan(3);
            assertThat(shown.lastIndexOf("\u001b[0m")).isEqualTo(shown.lastIndexOf("\u001b["));
        }
    }

    private static void awaitText(InputStream screen, StringBuilder shown, String text, int times)
            throws IOException {
        long end = System.nanoTime() + Lab.START.toNanos() * 2;
        byte[] buffer = new byte[8192];
        while (shown.toString().split(Pattern.quote(text), -1).length <= times) {
            assertThat(System.nanoTime()).as("%s in %s", text, shown).isLessThan(end);
            int read = screen.read(buffer);
            assertThat(read).as("%s in %s", text, shown).isPositive();
            shown.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        }
    }

    private static String awaitShown(Lab lab, Host host, String text) {
        return await(text)
                .atMost(Lab.START)
                .until(() -> onTerminal(lab, host), shown -> shown.contains(text));
    }

    private static String onTerminal(Lab lab, Host host) throws IOException {
        Process process = terminal(host, statusCommand(lab, host));
        // A keyboard that is gone would be shown as ^D.
        try (OutputStream _ = process.getOutputStream();
                InputStream screen = process.getInputStream()) {
            return new String(screen.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Process terminal(Host host, String script) throws IOException {
        List<String> words =
                host.namespace()
                        .command("TERM=xterm", "NO_COLOR=", "script", "-qec", script, "/dev/null");
        return new ProcessBuilder(words).redirectErrorStream(true).start();
    }

    private static String statusCommand(Lab lab, Host host) {
        return String.join(" ", Program.underTest().command())
                + " status --control-socket="
                + socket(lab, host);
    }

    /** With the host's name as that of the machine. */
    private static void start(Lab lab, Host host) {
        Program named =
                Program.underTestWithin(
                        "exec unshare --uts sh -c 'hostname " + host + "; exec \"$@\"' sh \"$@\"");
        lab.daemon(named, host, "--control-socket=" + socket(lab, host));
    }

    private static Path socket(Lab lab, Host host) {
        return lab.memory("run-" + host).resolve("control.sock");
    }
}
