package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The OCI archive, loaded and run by podman in a host's network, with the two capabilities and with
 * variables only: {@code make test-container}.
 */
final class ContainerIT {

    /** What a person gives; the rest is for kernels and users that may not do all. */
    private static final List<String> RUN =
            List.of(
                    "run",
                    "--rm",
                    "--name=vip",
                    "--network=host",
                    "--cap-drop=ALL",
                    "--cap-add=NET_ADMIN",
                    "--cap-add=NET_RAW",
                    "--read-only",
                    "--cgroups=disabled",
                    "--ulimit=nofile=4096:4096",
                    "--ulimit=nproc=4096:4096");

    /**
     * It starts from the variables of a file as users of docker compose have it, holds the address,
     * loses it to another host and gets it back, and leaves nothing when it is stopped.
     */
    @Test
    void holdsTheAddress() throws Exception {
        try (Lab lab = Lab.open("container")) {
            Podman podman = lab.keep(new Podman(lab));
            Path file = Files.writeString(lab.folder().resolve("vip.env"), variables(lab));
            lab.leaderKey().name(lab.host(1));
            podman.start(
                    Stream.concat(RUN.stream(), Stream.of("--env-file=" + file, podman.image)));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            lab.daemon(lab.host(2));
            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), Lab.START);
            lab.leaderKey().name(lab.host(1));
            lab.holders().awaitServing(lab.host(1), Lab.AT_ONCE);
            assertThat(podman.run("exec", "vip", "/usr/bin/vip-manager", "status"))
                    .contains("10.0.0.99");
            podman.run("stop", "vip");
            lab.holders().awaitNobody(Lab.AT_ONCE);
            assertThat(podman.log())
                    .anyMatch(line -> line.contains("the variable VIP_PROJECT is ignored"))
                    .noneMatch(line -> line.contains("locale") || line.contains("ERROR"));
        }
    }

    /**
     * Blanks at the end, quotes, a variable that nobody knows, an old name, one without a value.
     */
    private static String variables(Lab lab) {
        return """
        # of compose
        VIP_IP=10.0.0.99\s\s
        VIP_NETMASK="24"
        VIP_IFACE=eth0
        VIP_TRIGGER_KEY='%s'
        VIP_TRIGGER_VALUE=pg1\t
        VIP_DCS_TYPE=etcd
        VIP_DCS_ENDPOINTS="%s"\s
        VIP_ETCD_USER=
        VIP_PROJECT=db
        """
                .formatted(Lab.KEY, lab.endpoints());
    }

    /** Debian's podman, unpacked and not installed, in the first host's network. */
    private static final class Podman implements AutoCloseable {

        private final Lab lab;
        private final List<String> before = new ArrayList<>();
        private final String image;
        private @Nullable ServerProcess container;

        Podman(Lab lab) throws IOException {
            this.lab = lab;
            Path tree = Servers.tree("podman");
            Path archive = archive();
            assumeTrue(archive != null, "there is no target/container: make container");
            Path folder = lab.memory("podman");
            Path libraries;
            try (Stream<Path> folders = Files.list(tree.resolve("usr/lib"))) {
                libraries =
                        folders.filter(f -> f.toString().contains("linux-gnu"))
                                .findFirst()
                                .orElseThrow();
            }
            Path runtime = folder.resolve("crun");
            Files.writeString(
                    runtime,
                    "#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s/usr/bin/crun \"$@\"\n"
                            .formatted(libraries, tree));
            Command.run("chmod", "755", runtime.toString());
            Path policy = folder.resolve("policy.json");
            Files.writeString(policy, "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}");
            // Its locks are not to be those of a podman of this machine.
            Path settings = folder.resolve("containers.conf");
            Files.writeString(settings, "[engine]\nlock_type = \"file\"\n");
            // In its own mount namespace; one hierarchy of control groups, as crun wants it.
            String script =
                    "mount -t cgroup2 none /sys/fs/cgroup; export CONTAINERS_CONF=%s LD_LIBRARY_PATH=%s; exec %s/usr/bin/podman \"$@\""
                            .formatted(settings, libraries, tree);
            before.addAll(lab.host(1).namespace().command("sh", "-c", script, "sh"));
            before.addAll(
                    List.of(
                            "--conmon=" + tree.resolve("usr/bin/conmon"),
                            "--runtime=" + runtime,
                            "--root=" + folder.resolve("root"),
                            "--runroot=" + folder.resolve("run"),
                            "--tmpdir=" + folder.resolve("tmp"),
                            "--cgroup-manager=cgroupfs",
                            "--events-backend=none",
                            "--storage-driver=vfs"));
            String loaded =
                    run("load", "--signature-policy=" + policy, "--input=" + archive).strip();
            image = loaded.substring(loaded.lastIndexOf(' ') + 1);
            String demanding = "--env=VIPMANAGER_JVM_OPTIONS=-XX:AOTMode=on";
            try {
                List<String> words = new ArrayList<>(RUN);
                words.addAll(List.of(demanding, image, "--version"));
                assertThat(run(words.toArray(String[]::new))).contains("version: ");
            } catch (IllegalStateException e) {
                assumeTrue(false, "podman runs no container here: " + e.getMessage());
            }
        }

        private static @Nullable Path archive() throws IOException {
            Path folder = Path.of("target/container");
            if (!Files.isDirectory(folder)) {
                return null;
            }
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(f -> f.toString().endsWith(".oci.tar"))
                        .findFirst()
                        .orElse(null);
            }
        }

        String run(String... arguments) {
            List<String> words = new ArrayList<>(before);
            words.addAll(List.of(arguments));
            return Command.run(words.toArray(String[]::new));
        }

        void start(Stream<String> arguments) {
            List<String> words = new ArrayList<>(before);
            arguments.forEach(words::add);
            container =
                    ServerProcess.start(
                            words, Map.of(), lab.folder().resolve("pg1.log"), lab.timeline());
        }

        List<String> log() {
            return Objects.requireNonNull(container).allLines();
        }

        @Override
        public void close() {
            run("rm", "--force", "--all");
            if (container != null) {
                container.kill();
            }
        }
    }
}
