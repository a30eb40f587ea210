package org.vipmanager.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.ExitCode;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.status.ControlSocket;
import org.vipmanager.status.Snapshots;
import org.vipmanager.status.StatusReader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class StatusCommandTest {

    @TempDir private Path folder;
    private final ThreadLoop loop = new ThreadLoop();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        loop.close();
    }

    @Test
    void table() throws IOException {
        daemon(socket(), "pg1");

        assertThat(run("--control-socket=" + socket())).isEqualTo(ExitCode.STOPPED_ON_REQUEST);
        assertThat(shown(out))
                .isEqualTo(
                        """
                        + vip-manager 1.0.0 on host1, process 4711 -----------------------------------------------------+
                        | Address     | Interface | State   | Since | Leader | Trust | Kernel | Announced     | Claimed |
                        +-------------+-----------+---------+-------+--------+-------+--------+---------------+---------+
                        | 10.0.0.1/16 | eth0      | holding | 0.5 s | pg1    | 6.8 s | 1.5 s  | 1x, 0.5 s ago |         |
                        | 10.0.0.2/16 | eth0      | holding | 0.5 s | pg1    | 6.8 s | 1.5 s  | 1x, 0.5 s ago |         |
                        +-------------+-----------+---------+-------+--------+-------+--------+---------------+---------+
                        etcd: http://127.0.0.1:2379 answered 0.0 s ago, in 3 ms

                        Last events:
                        2026-11-29T08:59:59Z taking over 10.0.0.1/16 on eth0: leader key /service/db/leader is "pg1", this host
                        2026-11-29T08:59:59Z taking over 10.0.0.2/16 on eth0: leader key /service/db/leader is "pg1", this host
                        """);
    }

    @Test
    void why_ofOneThatIsNotHere() throws IOException {
        daemon(socket(), "PG1");

        assertThat(run("--control-socket=" + socket(), "--why=10.0.0.2"))
                .isEqualTo(ExitCode.STOPPED_ON_REQUEST);
        assertThat(shown(out))
                .isEqualTo(
                        """
                        10.0.0.2/16 on eth0 is not here: this host does not lead.
                        Leader key /service/db/leader is "PG1", and this host waits for "pg1".
                        The two differ in case or blanks only: trigger-value must be Patroni's name to the letter.
                        The DCS was read 0.5 s ago.
                        Last, at 2026-11-29T08:59:59Z: standing by for 10.0.0.2/16 on eth0: leader key /service/db/leader is "PG1" (this host waits for "pg1").
                        """);
    }

    @Test
    void why_ofAnAddressThatIsUnknown() throws IOException {
        daemon(socket(), "pg1");

        assertThat(run("--control-socket=" + socket(), "--why=10.9.9.9"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(shown(err)).contains("does not have the address 10.9.9.9");
    }

    @Test
    void json_isTheDocumentItself() throws IOException {
        daemon(socket(), "pg1");

        run("--control-socket=" + socket(), "--json");
        assertThat(shown(out)).startsWith("{\"schema\":1,").endsWith("}\n");
    }

    @Test
    void socketOfTheConfigurationFile() throws IOException {
        daemon(socket(), "pg1");
        Path file = Files.writeString(folder.resolve("v.yml"), "control-socket: " + socket());

        assertThat(run("--config=" + file)).isEqualTo(ExitCode.STOPPED_ON_REQUEST);
    }

    @Test
    void socketOfTheOnlyInstance() throws IOException {
        Path instance = Files.createDirectories(folder.resolve("vip-manager-db"));
        daemon(instance.resolve("control.sock"), "pg1");
        Map<String, String> variables = Map.of("RUNTIME_DIRECTORY", folder + "/vip-manager");

        assertThat(run(variables)).isEqualTo(ExitCode.STOPPED_ON_REQUEST);
        Path other = Files.createDirectories(folder.resolve("vip-manager-web"));
        daemon(other.resolve("control.sock"), "pg1");
        assertThat(run(variables)).isEqualTo(ExitCode.FAILED);
        assertThat(shown(err)).contains("several daemons", "vip-manager-db/control.sock");
    }

    @Test
    void noDaemon() {
        assertThat(run("--control-socket=" + socket())).isEqualTo(ExitCode.FAILED);
        assertThat(shown(err)).startsWith("error: no daemon listens at " + socket());
        run("--control-socket=" + folder + "/none/control.sock");
        assertThat(shown(err)).contains("whose folder does not exist");
    }

    @Test
    void socketOfADaemonThatIsGone() throws IOException {
        try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            gone.bind(UnixDomainSocketAddress.of(socket()));
        }

        assertThat(run("--control-socket=" + socket())).isEqualTo(ExitCode.FAILED);
        assertThat(shown(err)).contains("was left by a daemon that is gone");
    }

    /** It accepts, as the kernel does for it, and then says nothing. */
    @Test
    void frozenDaemon() throws IOException {
        ServerSocketChannel frozen = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        opened.add(frozen);
        frozen.bind(UnixDomainSocketAddress.of(socket()));

        assertThat(run("--control-socket=" + socket())).isEqualTo(ExitCode.FAILED);
        assertThat(shown(err)).contains("has not answered");
    }

    @Test
    void mistakes() {
        assertThat(refusal("--jsn")).contains("--jsn");
        assertThat(refusal("now")).contains("\"now\" is no flag of status");
        assertThat(refusal("--why")).contains("why");
        assertThat(refusal("--control-socket=off")).contains("is off");
        assertThat(refusal("--control-socket=here")).contains("no absolute path");
        assertThat(refusal("--config=" + folder + "/none.yml")).contains("does not exist");
        assertThat(CommandLine.parse(new String[] {"--verbose", "status"}, Map.of()))
                .isInstanceOfSatisfying(
                        Outcome.Refuse.class,
                        refusal ->
                                assertThat(refusal.text())
                                        .contains("a command must be the first word"));
        assertThat(CommandLine.parse(new String[] {"status", "--help"}, Map.of()))
                .isInstanceOf(Outcome.Print.class);
    }

    private static String refusal(String... flags) {
        return ((Outcome.Refuse) StatusCommand.parse(flags, Map.of())).text();
    }

    private Path socket() {
        return folder.resolve("control.sock");
    }

    private void daemon(Path socket, String leader) throws IOException {
        StatusReader reader = new StatusReader(loop, () -> Snapshots.ofAddresses(2, leader));
        ControlSocket listening =
                ControlSocket.open(new FfmLibC(), loop, Snapshots.DAEMON, reader, socket);
        opened.add(listening);
        listening.start();
    }

    private ExitCode run(String... flags) {
        return run(Map.of(), flags);
    }

    private ExitCode run(Map<String, String> variables, String... flags) {
        Outcome.Ask ask = (Outcome.Ask) StatusCommand.parse(flags, variables);
        return ask.command().run(new PrintStream(out), new PrintStream(err));
    }

    private static String shown(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
