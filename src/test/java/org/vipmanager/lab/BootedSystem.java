package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Debian that its own systemd has booted, in the network namespace of a host: systemd-nspawn(1).
 *
 * <p>What it writes is forgotten at the end, except in the folders that it was given.
 */
final class BootedSystem implements AutoCloseable {

    private static final String TREE = "booted-host";
    private static final Path NSPAWN = Path.of("/usr/bin/systemd-nspawn");

    /**
     * It may change its network, /proc/sys/net included, as on a machine of its own; and it needs
     * no systemd outside.
     */
    private static final List<String> COMMAND =
            List.of(
                    "env",
                    "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1",
                    "SYSTEMD_NSPAWN_API_VFS_WRITABLE=network",
                    NSPAWN.toString(),
                    "--quiet",
                    "--boot",
                    "--volatile=overlay",
                    "--register=no",
                    "--keep-unit",
                    "--capability=CAP_NET_ADMIN,CAP_NET_RAW",
                    "--console=pipe");

    private final String name;
    private final ServerProcess container;
    private final Path journal;

    private BootedSystem(String name, ServerProcess container, Path journal) {
        this.name = name;
        this.container = container;
        this.journal = journal;
    }

    /** Why none can be booted here; empty when one can. */
    static Optional<String> whyNot() {
        return whyNot(TREE);
    }

    static Optional<String> whyNot(String tree) {
        if (!Files.exists(Servers.tree(tree).resolve("sbin/init"))) {
            return Optional.of("build/fetch-servers could not make the tree " + tree);
        }
        return Files.isExecutable(NSPAWN) ? Optional.empty() : Optional.of(NSPAWN + " is missing");
    }

    /**
     * Boots it and waits until the service runs.
     *
     * @param service the one that configures the network
     * @param folders of this machine, by the path at which the system sees them
     */
    static BootedSystem boot(Lab lab, Host host, String service, Map<String, Path> folders) {
        return boot(lab, host, TREE, service, folders);
    }

    /**
     * Boots it and waits until the service runs.
     *
     * @param tree of build/fetch-servers
     */
    static BootedSystem boot(
            Lab lab, Host host, String tree, String service, Map<String, Path> folders) {
        String name = host.namespace().name();
        List<String> words = new ArrayList<>(COMMAND);
        words.add("--directory=" + Servers.tree(tree));
        words.add("--machine=" + name);
        words.add("--network-namespace-path=/run/netns/" + name);
        folders.forEach((path, folder) -> words.add("--bind=" + folder + ":" + path));
        words.add("systemd.mask=NetworkManager-wait-online.service");
        for (String rival : List.of("NetworkManager.service", "systemd-networkd.service")) {
            words.add((rival.equals(service) ? "systemd.wants=" : "systemd.mask=") + rival);
        }
        lab.timeline().note("boot a system in " + host);
        Path log = lab.folder().resolve("system.log");
        BootedSystem system =
                new BootedSystem(
                        name,
                        ServerProcess.start(words, Map.of(), log, lab.timeline()),
                        lab.folder().resolve("journal.log"));
        try {
            await("the system in " + host + " runs " + service)
                    .atMost(Lab.START)
                    .ignoreExceptions()
                    .until(() -> system.run("systemctl is-active " + service).equals("active"));
            return system;
        } catch (RuntimeException e) {
            system.close();
            throw e;
        }
    }

    /** A shell command in there; what it printed. */
    String run(String command) {
        return Command.run(command("sh", "-ec", command).toArray(String[]::new)).strip();
    }

    /** The command line that runs a command in there. */
    List<String> command(String... command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--all", "--target"));
        words.add(String.valueOf(init().pid()));
        words.addAll(List.of(command));
        return words;
    }

    /** The process that it takes for the first one: a child of systemd-nspawn. */
    ProcessHandle init() {
        return ProcessHandle.of(container.pid())
                .flatMap(nspawn -> nspawn.children().findFirst())
                .orElseThrow();
    }

    /** SIGTERM powers it off; what its services have told stays. */
    @Override
    public void close() {
        try {
            Files.writeString(journal, run("journalctl --no-pager -o short-precise || true"));
        } catch (IOException | RuntimeException e) {
            Results.add("journal of " + name, "cannot be read: " + e);
        }
        container.signal(Kernel.SIGTERM);
        try {
            container.awaitExit(20);
        } catch (AssertionError e) {
            container.kill();
        } catch (InterruptedException e) {
            container.kill();
            Thread.currentThread().interrupt();
        }
        try {
            // A mount point that systemd-nspawn of Debian 12 leaves behind.
            Files.deleteIfExists(Path.of("/run/systemd/nspawn/propagate", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
