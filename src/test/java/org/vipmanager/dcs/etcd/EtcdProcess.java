package org.vipmanager.dcs.etcd;

import static org.awaitility.Awaitility.await;

import org.vipmanager.dcs.FreePorts;
import org.vipmanager.tls.TestAuthority;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real etcd on the loopback interface, on ports that were free; its data survive a restart. Needs
 * what {@code build/fetch-servers etcd-3.5 etcd-3.4} unpacks.
 */
final class EtcdProcess implements AutoCloseable {

    private final String tree;
    private final String name;
    private final Path folder;
    private final int clientPort = FreePorts.next();
    private final int peerPort = FreePorts.next();
    private final List<String> flags = new ArrayList<>();
    private String scheme = "http";
    private List<EtcdProcess> members = List.of(this);
    private final List<String> clientFlags = new ArrayList<>();
    private Process process;

    /**
     * An etcd that is not yet started.
     *
     * @param tree {@code etcd-3.5} or {@code etcd-3.4}
     */
    EtcdProcess(String tree, Path folder, String name, String... flags) {
        this.tree = tree;
        this.name = name;
        this.folder = folder;
        this.flags.addAll(Arrays.asList(flags));
    }

    static EtcdProcess start(String tree, Path folder, String... flags) {
        EtcdProcess etcd = new EtcdProcess(tree, folder, "one", flags);
        etcd.start();
        etcd.awaitReady();
        return etcd;
    }

    /** Three members of one cluster. */
    static List<EtcdProcess> startThree(String tree, Path folder) {
        List<EtcdProcess> members =
                Stream.of("one", "two", "three")
                        .map(name -> new EtcdProcess(tree, folder, name))
                        .toList();
        members.forEach(member -> member.members = members);
        members.forEach(EtcdProcess::start);
        members.forEach(EtcdProcess::awaitReady);
        return members;
    }

    /** Serves clients with this certificate. */
    EtcdProcess withTls(TestAuthority.Issued server) {
        scheme = "https";
        flags.add("--cert-file=" + server.certificate());
        flags.add("--key-file=" + server.key());
        administrator("--cacert=" + server.authority());
        return this;
    }

    /** Demands client certificates of this authority; etcdctl shows one. */
    EtcdProcess demanding(TestAuthority.Issued client) {
        flags.add("--client-cert-auth");
        flags.add("--trusted-ca-file=" + client.authority());
        administrator("--cert=" + client.certificate());
        administrator("--key=" + client.key());
        return this;
    }

    EtcdProcess with(String flag) {
        flags.add(flag);
        return this;
    }

    /** Gives etcdctl another flag from now on. */
    void administrator(String flag) {
        clientFlags.add(flag);
    }

    /** Turns authentication on: user {@code vip} with password {@code secret} may read one key. */
    void enableAuthentication(String key) {
        ctl("user", "add", "root:geheim");
        ctl("user", "grant-role", "root", "root");
        ctl("role", "add", "reader");
        ctl("role", "grant-permission", "reader", "read", key);
        ctl("user", "add", "vip:secret");
        ctl("user", "grant-role", "vip", "reader");
        ctl("auth", "enable");
        administrator("--user=root:geheim");
    }

    /** Changes it from under who is logged in. */
    void changePassword(String user, String password) {
        ctlWithInput(password + "\n", "user", "passwd", user, "--interactive=false");
    }

    void start() {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program("etcd").toString(),
                                "--name=" + name,
                                "--data-dir=" + folder.resolve(name),
                                "--listen-client-urls=" + url(),
                                "--advertise-client-urls=" + url(),
                                "--listen-peer-urls=" + peerUrl(),
                                "--initial-advertise-peer-urls=" + peerUrl(),
                                "--initial-cluster="
                                        + String.join(
                                                ",",
                                                members.stream()
                                                        .map(m -> m.name + "=" + m.peerUrl())
                                                        .toList())));
        command.addAll(flags);
        try {
            Files.createDirectories(folder);
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve(name + ".log").toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() {
        await("etcd " + name + " listens")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(this::listens);
        if (scheme.equals("http") && members.size() == 1) {
            await("etcd answers")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> EtcdGateway.isHealthy(uri()));
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), clientPort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** As etcdctl; with the client's certificate when there is TLS. */
    String ctl(String... arguments) {
        return ctlWithInput("", arguments);
    }

    private String ctlWithInput(String input, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program("etcdctl").toString(),
                                "--endpoints=" + url(),
                                "--dial-timeout=30s",
                                "--command-timeout=30s"));
        command.addAll(clientFlags);
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        try {
            Process run = builder.start();
            try (OutputStream in = run.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!run.waitFor(40, TimeUnit.SECONDS) || run.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    EtcdGateway gateway() {
        return new EtcdGateway(uri());
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void restart() {
        kill();
        start();
        awaitReady();
    }

    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return URI.create(url());
    }

    int port() {
        return clientPort;
    }

    private String url() {
        return scheme + "://127.0.0.1:" + clientPort;
    }

    private String peerUrl() {
        return "http://127.0.0.1:" + peerPort;
    }

    private Path program(String program) {
        Path path = cache().resolve(tree).resolve("usr/bin").resolve(program);
        if (!Files.isExecutable(path)) {
            throw new IllegalStateException(path + " is missing: run build/fetch-servers " + tree);
        }
        return path;
    }

    private static Path cache() {
        return Optional.ofNullable(System.getenv("VIP_TEST_CACHE"))
                .map(Path::of)
                .orElseGet(
                        () -> Path.of(System.getProperty("user.home"), ".cache/vip-manager-test"));
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }
}
