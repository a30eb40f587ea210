package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.Test;
import org.vipmanager.tls.TestAuthority;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A real Prometheus scrapes two daemons while the address moves: {@code make test-prometheus}. */
final class PrometheusIT {

    private static final Path RULES = Path.of("contrib/prometheus/vip-manager.rules.yml");
    private static final Path TESTS = Path.of("contrib/prometheus/vip-manager.test.yml");
    private static final Path DASHBOARD = Path.of("contrib/grafana/vip-manager.json");
    private static final Path DOCUMENT = Path.of("docs/metrics.md");

    private static final Pattern EXPRESSION = Pattern.compile("(?m)^ +expr: (.+)$");
    private static final Pattern COMPARISON = Pattern.compile(" *(==|<|>) [0-9]+");
    private static final Pattern METRIC =
            Pattern.compile("`((?:vip_manager|process)_[a-z_]+)(?:\\{|`)");

    /** An alert waits for ten seconds at most of those that are provoked here. */
    private static final Duration SOON = Duration.ofMinutes(1);

    @Test
    void rulesFireWhenTheyShould() {
        String promtool = Prometheus.program("promtool");

        assertThat(Command.run(promtool, "check", "rules", RULES.toString())).contains("SUCCESS");
        assertThat(Command.run(promtool, "test", "rules", TESTS.toString())).contains("SUCCESS");
    }

    /**
     * Every metric of the document is scraped, every query of the dashboard and every rule without
     * its comparison returns a series. Then nobody holds the address, and somebody puts it by hand
     * on a second host: alerts fire.
     */
    @Test
    void dashboardAndAlertsOfALiveFailover() throws IOException, InterruptedException {
        try (Lab lab = Lab.open("prometheus")) {
            lab.mayOverlap(Duration.ofMinutes(10)); // meant, at the end
            TestAuthority authority = new TestAuthority(lab.memory("tls"), "authority");
            lab.leaderKey().name(lab.host(1));
            for (Host host : lab.hosts()) {
                lab.daemon(host, lab.settings(host, settings(authority, host)));
            }
            lab.holders().awaitServing(lab.host(1), Lab.START);
            servePatroni(lab);
            Prometheus prometheus =
                    Prometheus.start(lab, lab.client().host(), RULES, jobs(authority));
            prometheus.awaitSeries("sum(up) == 4", Lab.START);
            for (int number : new int[] {2, 1, 2}) {
                Thread.sleep(Duration.ofSeconds(2)); // so that each is scraped
                lab.leaderKey().name(lab.host(number));
                lab.holders().awaitServing(lab.host(number), Lab.AT_ONCE);
            }

            everyMetric(prometheus);
            metricsAreWellFormed(lab, authority);
            for (String query : dashboard()) {
                prometheus.awaitSeries(query, SOON);
            }
            for (String rule : rules()) {
                prometheus.awaitSeries(COMPARISON.matcher(rule).replaceAll(""), SOON);
            }
            assertThat(prometheus.series("ALERTS{alertstate=\"firing\",severity=\"critical\"}"))
                    .extracting(alert -> alert.get("alertname"))
                    .doesNotContain("VipHeldByNobody", "VipHeldTwice", "VipNotOnInterface");

            nobodyHolds(lab, prometheus);
            somebodyPutsItToo(lab, prometheus);
        }
    }

    private static void nobodyHolds(Lab lab, Prometheus prometheus) {
        lab.etcd().freeze();
        prometheus.awaitAlert("VipHeldByNobody", SOON);
        prometheus.awaitAlert("VipManagerDcsSilent", SOON);
        lab.etcd().thaw();
        lab.holders().await(lab.host(2), Lab.START);
        awaitEnd(prometheus, "VipHeldByNobody");
    }

    /**
     * On an interface that its daemon does not look after; the kernel answers there all the same.
     */
    private static void somebodyPutsItToo(Lab lab, Prometheus prometheus) {
        Namespace standby = lab.host(1).namespace();
        standby.ip("address add " + lab.vip().getHostAddress() + "/32 dev lo");
        prometheus.awaitAlert("VipHeldTwice", SOON);
        prometheus.awaitAlert("VipClaimedByOthers", SOON);
        standby.ip("address delete " + lab.vip().getHostAddress() + "/32 dev lo");
        awaitEnd(prometheus, "VipHeldTwice");
    }

    private static void awaitEnd(Prometheus prometheus, String alert) {
        await(alert + " is over")
                .atMost(SOON)
                .until(() -> prometheus.series("ALERTS{alertname=\"" + alert + "\"}").isEmpty());
    }

    // ---- what is asked for -------------------------------------------------------------------

    /** Those of histograms in their three parts. */
    private static void everyMetric(Prometheus prometheus) throws IOException {
        Set<String> scraped =
                prometheus.series("{job=\"vip-manager\"}").stream()
                        .map(series -> series.get("__name__").toString())
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> told =
                METRIC.matcher(Files.readString(DOCUMENT))
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(told).hasSizeGreaterThan(30);
        for (String name : told) {
            assertThat(scraped.contains(name) || scraped.contains(name + "_bucket"))
                    .as(name + " in " + scraped)
                    .isTrue();
        }
    }

    private static void metricsAreWellFormed(Lab lab, TestAuthority authority) {
        String check =
                "curl --silent --fail --cacert %s https://10.0.0.1:8010/metrics | %s check metrics"
                        .formatted(authority.certificate(), Prometheus.program("promtool"));
        assertThat(
                        Command.run(
                                lab.client()
                                        .host()
                                        .namespace()
                                        .command("sh", "-c", check)
                                        .toArray(String[]::new)))
                .isEmpty();
    }

    /** As Grafana would ask them at a scrape interval of a second. */
    private static List<String> dashboard() throws IOException {
        List<String> queries = new ArrayList<>();
        Map<String, Object> board = JSON.std.mapFrom(Files.readString(DASHBOARD));
        for (Object panel : (List<?>) board.get("panels")) {
            for (Object target : (List<?>) ((Map<?, ?>) panel).get("targets")) {
                String query = ((Map<?, ?>) target).get("expr").toString();
                queries.add(query.replace("$__rate_interval", "1m"));
            }
        }
        assertThat(queries).hasSizeGreaterThan(20);
        return queries;
    }

    private static List<String> rules() throws IOException {
        List<String> rules =
                EXPRESSION
                        .matcher(Files.readString(RULES))
                        .results()
                        .map(match -> match.group(1))
                        .toList();
        assertThat(rules).hasSizeGreaterThan(10);
        return rules;
    }

    // ---- what is scraped ---------------------------------------------------------------------

    /** With all that has metrics; the provider refuses everything. */
    private static String settings(TestAuthority authority, Host host) {
        TestAuthority.Issued own = authority.issueFor(host.name(), "IP:10.0.0." + host.number());
        return """
               http-listen: "*:8010"
               http-cert-file: %s
               http-key-file: %s
               notify-command: /bin/true
               provider-command: /bin/false
               vips: [{ip: 10.0.0.98, netmask: 24, manager-type: command}]
               """
                .formatted(own.certificate(), own.key());
    }

    private static String jobs(TestAuthority authority) {
        return """
               - job_name: vip-manager
                 scheme: https
                 tls_config: {ca_file: %s}
                 static_configs: [{targets: ["10.0.0.1:8010", "10.0.0.2:8010"]}]
               - job_name: patroni
                 static_configs: [{targets: ["127.0.0.1:8008"]}]
               - job_name: prometheus
                 static_configs: [{targets: ["127.0.0.1:9090"]}]
               """
                .formatted(authority.certificate());
    }

    /**
     * What the dashboard asks of Patroni, from something that has its metrics: their names are
     * those in the source of the Patroni that was fetched.
     */
    private static void servePatroni(Lab lab) throws IOException {
        Set<String> names =
                dashboard().stream()
                        .flatMap(
                                query ->
                                        Pattern.compile("patroni_[a-z_]+")
                                                .matcher(query)
                                                .results()
                                                .map(MatchResult::group))
                        .collect(Collectors.toCollection(TreeSet::new));
        String source =
                Files.readString(
                        Servers.tree("patroni")
                                .resolve("usr/lib/python3/dist-packages/patroni/api.py"));
        assertThat(names).isNotEmpty().allMatch(name -> source.contains("\"" + name + "{0} "));
        String page =
                names.stream()
                        .map(name -> name + "{scope=\"db\",name=\"pg1\"} 1\n")
                        .collect(Collectors.joining());
        HttpServer server = lab.client().host().namespace().call(PrometheusIT::listen);
        lab.keep(() -> server.stop(0));
        server.createContext(
                "/metrics",
                exchange -> {
                    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    private static HttpServer listen() {
        try {
            return HttpServer.create(new InetSocketAddress("127.0.0.1", 8008), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
