package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.config.Config;
import org.vipmanager.config.ConfigLoader;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.SecretFiles;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.discovery.KnownEndpoints;
import org.vipmanager.http.ThreadLoop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The sources as a configuration makes them, against a server that notes what it is asked with. */
final class SourceFactoryTest {

    private final List<String> tokens = new CopyOnWriteArrayList<>();

    @Test
    void consulIsAskedWithTheTokenThatTheFileHoldsNow(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("token");
        SecretFiles.replace(file, "first");
        HttpServer server = server();
        try (ThreadLoop loop = new ThreadLoop()) {
            LeaderSource source =
                    new SourceFactory(loop, config(server, file))
                            .open(new KnownEndpoints(() -> {}));
            loop.execute(() -> source.start(List.of(new Trigger("k", "v")), new Deaf()));
            await().until(() -> tokens.contains("first"));
            SecretFiles.replace(file, "second");
            await().until(() -> tokens.contains("second"));
            loop.execute(source::close);
        } finally {
            server.stop(0);
        }
        assertThat(tokens).containsOnly("first", "second");
    }

    private HttpServer server() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server = HttpServer.create(any, 0);
        server.createContext(
                "/",
                exchange -> {
                    tokens.add(exchange.getRequestHeaders().getFirst("X-Consul-Token"));
                    exchange.sendResponseHeaders(403, -1);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private static Config config(HttpServer server, Path tokenFile) {
        Map<String, String> flags =
                Map.of(
                        "ip", "10.0.0.9",
                        "netmask", "24",
                        "interface", "lo",
                        "trigger-key", "k",
                        "interval", "100",
                        "dcs-type", "consul",
                        "dcs-endpoints", "http://127.0.0.1:" + server.getAddress().getPort(),
                        "consul-token-file", tokenFile.toString());
        return ((LoadOutcome.Loaded) new ConfigLoader(flags, Map.of()).load()).config();
    }

    private static final class Deaf implements LeaderSource.Listener {

        @Override
        public void seen(Sighting sighting) {}

        @Override
        public void proved(LeaseProof proof) {}

        @Override
        public void failed(String trouble) {}
    }
}
