package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A load balancer asks the daemons which of them leads, over HTTP. */
@Execution(ExecutionMode.CONCURRENT)
final class HttpLiveIT {

    private static final String LISTEN = "--http-listen=*:8010";

    /**
     * The leader answers 200 and the other 503, and the other way round after a failover. With etcd
     * silent neither is ready, and both say why.
     */
    @Test
    void leaderIsFollowed() throws InterruptedException, IOException {
        try (Lab lab = Lab.open("http")) {
            lab.leaderKey().name(lab.host(1));
            lab.hosts().forEach(host -> lab.daemon(host, LISTEN));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            awaitAnswers(lab, "200", "503");

            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), Lab.AT_ONCE);
            awaitAnswers(lab, "503", "200");
            assertThat(get(lab, lab.host(2), "/readyz")).isEqualTo("ok\n200");
            assertThat(get(lab, lab.host(2), "/status")).startsWith("{\"schema\":1,");

            String metrics = get(lab, lab.host(1), "/metrics");
            assertThat(metrics)
                    .contains("vip_manager_vip_held{interface=\"eth0\",ip=\"10.0.0.99\"} 0.0")
                    .contains("direction=\"takeover\"", "direction=\"release\"")
                    .contains("vip_manager_takeover_duration_seconds_count 1")
                    .contains("vip_manager_release_duration_seconds_count 1");
            Files.writeString(
                    lab.folder().resolve("metrics.txt"),
                    metrics.substring(0, metrics.lastIndexOf('\n') + 1));

            lab.etcd().freeze();
            for (Host host : lab.hosts()) {
                await(host + " is not ready")
                        .atMost(Lab.START)
                        .until(() -> get(lab, host, "/readyz").endsWith("503"));
                assertThat(get(lab, host, "/readyz")).contains("the DCS");
                assertThat(get(lab, host, "/livez")).isEqualTo("ok\n200");
            }
        }
    }

    /** Where it is not wanted, it costs nothing: no class of it is loaded. */
    @Test
    void off_loadsNothing() throws InterruptedException, IOException {
        try (Lab lab = Lab.open("http off")) {
            Path folder = lab.memory("classes");
            Command.run("chmod", "777", folder.toString());
            Path loaded = folder.resolve("loaded");
            String log = "-Xlog:class+load:file=" + loaded;
            lab.leaderKey().name(lab.host(1));
            lab.daemon(
                    Program.underTestWithin(
                            "JAVA_TOOL_OPTIONS=%1$s VIPMANAGER_JVM_OPTIONS=%1$s exec \"$@\""
                                    .formatted(log)),
                    lab.host(1));
            lab.holders().awaitServing(lab.host(1), Lab.START);

            assertThat(Files.readString(loaded))
                    .contains("org.vipmanager.daemon.StatusServices")
                    .doesNotContain("org.vipmanager.web.", "net.httpserver.");
        }
    }

    private static void awaitAnswers(Lab lab, String first, String second) {
        List<String> paths = List.of("/leader", "/vip/10.0.0.99");
        for (String path : paths) {
            await("one leads at " + path)
                    .atMost(Lab.START)
                    .until(
                            () ->
                                    get(lab, lab.host(1), path).endsWith(first)
                                            && get(lab, lab.host(2), path).endsWith(second));
        }
    }

    /**
     * The body and the status code. Once more where a machine that stood still has let the seconds
     * pass in which the server ends what is not answered.
     */
    static String get(Lab lab, Host host, String path) {
        return await(path + " of " + host)
                .atMost(Lab.START)
                .ignoreExceptions()
                .until(() -> curl(lab, host, path), answer -> !answer.isEmpty());
    }

    private static String curl(Lab lab, Host host, String path) {
        return Command.run(
                lab.client()
                        .host()
                        .namespace()
                        .command(
                                "curl",
                                "--silent",
                                "--max-time",
                                "20",
                                "--write-out",
                                "%{http_code}",
                                "http://10.0.0." + host.number() + ":8010" + path)
                        .toArray(String[]::new));
    }
}
