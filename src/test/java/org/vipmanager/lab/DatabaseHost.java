package org.vipmanager.lab;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A host with PostgreSQL, the Patroni that runs it, and a daemon that holds the address. */
final class DatabaseHost implements AutoCloseable {

    private static final String SCOPE = "db";
    private static final int TIMEOUT_MILLIS = 12_000;

    private final Host host;
    private final PatroniInstallation installation;
    private final Path folder;
    private final Path configuration;
    private final Path logs;
    private final List<String> daemonCommand;
    private final Timeline timeline;
    private final List<ServerProcess> processes = new ArrayList<>();
    private Optional<ServerProcess> patroni = Optional.empty();
    private Optional<ServerProcess> daemon = Optional.empty();

    DatabaseHost(
            Host host,
            PatroniInstallation installation,
            Path folder,
            Path logs,
            Store store,
            List<String> daemonCommand,
            Timeline timeline) {
        this.host = host;
        this.installation = installation;
        this.folder = folder;
        this.configuration = folder.resolve("patroni.yml");
        this.logs = logs;
        this.daemonCommand = daemonCommand;
        this.timeline = timeline;
        try {
            Files.writeString(configuration, configuration(store));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Command.run("chown", "-R", "postgres:postgres", folder.toString());
    }

    /**
     * Short times, so that a scenario takes seconds; 20 s is the shortest lease that Patroni takes.
     */
    private String configuration(Store store) {
        String address = "10.0.0." + host.number();
        return """
        scope: %s
        namespace: /service/
        name: %s
        restapi: {listen: "0.0.0.0:8008", connect_address: "%s:8008"}
        %s
        bootstrap:
          dcs:
            ttl: 20
            loop_wait: 3
            retry_timeout: 5
            maximum_lag_on_failover: 1048576
            synchronous_mode: true
            postgresql:
              use_pg_rewind: true
              parameters: {max_connections: 40, wal_keep_size: 256MB}
          initdb: [{encoding: UTF8}, data-checksums]
        postgresql:
          listen: "0.0.0.0:5432"
          connect_address: "%s:5432"
          data_dir: %s/data
          bin_dir: %s
          pgpass: %s/pgpass
          authentication:
            superuser: {username: postgres, password: secret}
            replication: {username: replicator, password: secret}
            rewind: {username: rewinder, password: secret}
          basebackup: {checkpoint: fast}
          pg_hba:
            - local all all trust
            - host all all 0.0.0.0/0 trust
            - host replication all 0.0.0.0/0 trust
          parameters: {unix_socket_directories: "%s", shared_buffers: 32MB, dynamic_shared_memory_type: mmap}
        """
                .formatted(
                        SCOPE,
                        host.name(),
                        address,
                        store.patroniSection(),
                        address,
                        folder,
                        installation.postgresql(),
                        folder,
                        folder);
    }

    void startPatroni() {
        timeline.note("start Patroni on " + host);
        String[] words = {"-m", "patroni", configuration.toString()};
        patroni = Optional.of(start(installation.command(host, words), "-patroni.log"));
    }

    void startDaemon() {
        timeline.note("start the daemon of " + host);
        daemon = Optional.of(start(daemonCommand, ".log"));
    }

    private ServerProcess start(List<String> command, String log) {
        Path file = logs.resolve(host.name() + log);
        ServerProcess process = ServerProcess.start(command, Map.of(), file, timeline);
        processes.add(process);
        return process;
    }

    /** Patroni is gone from one moment to the next; its PostgreSQL runs on. */
    void killPatroni() {
        timeline.note("kill -9 Patroni on " + host);
        patroni.orElseThrow().signal(Kernel.SIGKILL);
    }

    /** What {@code check} says here, with these settings besides the daemon's own. */
    Checked check(String... settings) throws InterruptedException {
        List<String> words = new ArrayList<>(daemonCommand);
        words.addAll(List.of(settings));
        return Checked.of(words, logs);
    }

    void stopDaemon() {
        timeline.note("stop the daemon of " + host);
        daemon.orElseThrow().signal(Kernel.SIGTERM);
    }

    /** PostgreSQL answers nobody any more, or does so again. */
    void hangPostgres(boolean hung) {
        timeline.note("PostgreSQL on " + host + (hung ? " hangs" : " goes on"));
        host.namespace().processes().stream()
                .filter(process -> process.info().command().orElse("").endsWith("/bin/postgres"))
                .forEach(
                        process ->
                                Kernel.kill(process.pid(), hung ? Kernel.SIGSTOP : Kernel.SIGCONT));
    }

    /** Kills the postmaster as the kernel would for want of memory. */
    void killPostgres() {
        try {
            String pid = Files.readAllLines(folder.resolve("data/postmaster.pid")).getFirst();
            timeline.note("kill -9 PostgreSQL on " + host);
            Kernel.kill(Long.parseLong(pid.strip()), Kernel.SIGKILL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every process ends and every link goes down, at one moment. */
    void die() {
        timeline.note(host + " dies");
        host.namespace().ip("link set eth0 down", "link set dcs0 down");
        host.namespace().killProcesses();
    }

    /** The machine boots: links and processes are back. */
    void boot(Store store) {
        timeline.note(host + " boots");
        host.namespace().ip("link set eth0 up", "link set dcs0 up");
        store.join(host);
        startPatroni();
        startDaemon();
    }

    /** Runs {@code patronictl} against the cluster. */
    void patronictl(String... words) {
        timeline.note("patronictl " + String.join(" ", words));
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "-c",
                                "from patroni.ctl import ctl; ctl(prog_name='patronictl')",
                                "-c",
                                configuration.toString()));
        all.addAll(List.of(words));
        Command.run("", installation.command(host, all.toArray(String[]::new)));
    }

    /** The members of the cluster as this host's Patroni sees them. */
    List<Map<String, Object>> members() {
        Map<String, Object> cluster = ask("GET", "/cluster", "");
        List<Map<String, Object>> members = new ArrayList<>();
        if (cluster.get("members") instanceof List<?> list) {
            for (Object member : list) {
                Map<String, Object> fields = new java.util.LinkedHashMap<>();
                ((Map<?, ?>) member).forEach((k, v) -> fields.put(String.valueOf(k), v));
                members.add(fields);
            }
        }
        return members;
    }

    /** Changes the cluster's settings, such as {@code {"failsafe_mode": true}}. */
    void configure(String json) {
        timeline.note("configure " + json);
        ask("PATCH", "/config", json);
    }

    void switchOverTo(DatabaseHost next) {
        timeline.note("switchover from " + host + " to " + next.host);
        ask(
                "POST",
                "/switchover",
                "{\"leader\": \"%s\", \"candidate\": \"%s\"}"
                        .formatted(host.name(), next.host.name()));
    }

    private Map<String, Object> ask(String method, String path, String body) {
        return host.namespace().call(() -> request(method, path, body));
    }

    private static Map<String, Object> request(String method, String path, String body) {
        try (var socket = new java.net.Socket(Proxy.NO_PROXY)) {
            // HttpURLConnection knows no PATCH.
            socket.connect(new java.net.InetSocketAddress("127.0.0.1", 8008), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String head =
                    "%s %s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                            .formatted(method, path, bytes.length);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String content = answer.substring(answer.indexOf("\r\n\r\n") + 4).strip();
            if (!answer.startsWith("HTTP/1.0 200") && !answer.startsWith("HTTP/1.0 202")) {
                throw new IOException(path + ": " + answer);
            }
            return content.startsWith("{") ? JSON.std.mapFrom(content) : Map.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Host host() {
        return host;
    }

    String name() {
        return host.name();
    }

    /** Where clients that do not use the address reach its PostgreSQL. */
    String databaseUrl() {
        return "jdbc:postgresql://10.0.0." + host.number() + ":5432/postgres";
    }

    @Override
    public void close() {
        host.namespace().killProcesses();
        processes.forEach(ServerProcess::kill);
    }

    @Override
    public String toString() {
        return host.name();
    }
}
