package org.vipmanager.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.program.UserProgram;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The examples in contrib/providers, run as the daemon does, against stand-ins of the clouds. */
final class ContribProvidersTest {

    private static final Path EXAMPLES = Path.of("contrib/providers").toAbsolutePath();
    private static final VirtualIp VIP = new VirtualIp(InetAddress.ofLiteral("192.0.2.9"), 32, "");

    @TempDir Path folder;

    @Test
    void digitalOcean() throws IOException {
        assumeThat(Path.of("/usr/bin/python3")).exists();
        List<String> asked = new CopyOnWriteArrayList<>();
        String[] droplet = {"{\"id\": 7}"};
        int[] refusal = {0};
        HttpServer cloud =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cloud.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    asked.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + body
                                    + exchange.getRequestHeaders().getFirst("Authorization"));
                    byte[] answer =
                            (exchange.getRequestMethod().equals("GET")
                                            ? "{\"reserved_ip\": {\"droplet\": %s}}"
                                                    .formatted(droplet[0])
                                            : "{\"action\": {\"status\": \"in-progress\"}}")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(refusal[0] == 0 ? 200 : refusal[0], answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        cloud.start();
        try {
            Path token = Files.writeString(folder.resolve("token"), "hush\n");
            Provider provider =
                    example(
                            "digitalocean",
                            "DIGITALOCEAN_API_URL=http://127.0.0.1:" + cloud.getAddress().getPort(),
                            "DIGITALOCEAN_TOKEN_FILE=" + token,
                            "DROPLET_ID=42");
            assertThat(provider.state(call(Call.Kind.STATE)).outcome())
                    .isEqualTo(new Answer.Elsewhere("droplet 7"));
            droplet[0] = "null";
            assertThat(provider.state(call(Call.Kind.STATE)).outcome())
                    .isEqualTo(new Answer.Elsewhere("no droplet"));
            assertThat(provider.acquire(call(Call.Kind.ACQUIRE)).outcome())
                    .isInstanceOf(Answer.Switching.class);
            assertThat(asked.getLast())
                    .isEqualTo(
                            "POST /v2/reserved_ips/192.0.2.9/actions"
                                    + " {\"type\": \"assign\", \"droplet_id\": 42}Bearer hush");
            droplet[0] = "{\"id\": 42}";
            assertThat(provider.state(call(Call.Kind.STATE)).outcome())
                    .isEqualTo(new Answer.Here());
            refusal[0] = 401;
            assertThat(provider.state(call(Call.Kind.STATE)).outcome())
                    .isInstanceOf(Answer.Failed.class)
                    .asString()
                    .contains("HTTP 401")
                    .doesNotContain("hush");
        } finally {
            cloud.stop(0);
        }
    }

    @Test
    void openStack() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path port = Files.writeString(folder.resolve("port"), "old-port\n");
        Path program =
                Files.writeString(
                        bin.resolve("openstack"),
                        """
                        #!/bin/sh
                        case "$*" in
                        "floating ip show -f value -c port_id 192.0.2.9") cat %1$s ;;
                        "floating ip set --port new-port 192.0.2.9") echo new-port > %1$s ;;
                        *) echo "unknown: $*" >&2; exit 2 ;;
                        esac
                        """
                                .formatted(port));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Provider provider =
                example("openstack", "PATH=" + bin + ":/usr/bin:/bin", "PORT_ID=new-port");
        assertThat(provider.state(call(Call.Kind.STATE)).outcome())
                .isEqualTo(new Answer.Elsewhere("port old-port"));
        assertThat(provider.acquire(call(Call.Kind.ACQUIRE)).outcome())
                .isEqualTo(new Answer.Here());
        assertThat(provider.state(call(Call.Kind.STATE)).outcome()).isEqualTo(new Answer.Here());
        Files.delete(port);
        assertThat(provider.state(call(Call.Kind.STATE)).outcome())
                .isInstanceOf(Answer.Failed.class);
    }

    private static Provider example(String name, String... environment) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/env"));
        command.addAll(List.of(environment));
        command.add(EXAMPLES.resolve(name).toString());
        return new CommandProvider(
                new UserProgram(new FfmLibC(), System.getenv(), List.of()),
                command,
                Duration.ofSeconds(60));
    }

    private static Call call(Call.Kind kind) {
        return new Call(kind, VIP, new Trigger("/service/db/leader", "pg1"));
    }
}
