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
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the shipped unit allows its daemon, around the daemons of one host: a system booted there
 * starts them as transient services with all lines of the unit that limit it. {@code
 * -Dlab.sandbox=package-trixie} plays the scenarios so, with the systemd of that tree.
 */
final class Sandbox implements AutoCloseable {

    private static final Path UNIT = Path.of("packaging/vip-manager.service");
    private static final Path IMAGE = Path.of("target/image").toAbsolutePath();
    private static final String LAUNCHER = IMAGE.resolve("bin/vip-manager").toString();

    /** Of how it is started, watched and started again: the scenarios do that themselves. */
    private static final Set<String> NOT_OF_THE_SANDBOX =
            Set.of(
                    "Type",
                    "EnvironmentFile",
                    "ExecStart",
                    "ExecReload",
                    "ExecStopPost",
                    "Restart",
                    "RestartSec",
                    "RestartPreventExitStatus",
                    "WatchdogSec",
                    "WatchdogSignal");

    private final BootedSystem system;
    private int started;

    private Sandbox(BootedSystem system) {
        this.system = system;
    }

    /** The tree whose systemd makes it, if the scenarios are to be played within one. */
    static Optional<String> tree() {
        return Optional.ofNullable(System.getProperty("lab.sandbox"));
    }

    /** Whether it is the image that is started so: the known program runs as root. */
    static boolean isFor(List<String> program) {
        return program.contains(LAUNCHER);
    }

    static Sandbox boot(Lab lab, Host host, String tree) {
        Map<String, Path> folders =
                Map.of(
                        "/usr/lib/vip-manager", IMAGE.resolve("lib/vip-manager"),
                        "/usr/bin/vip-manager", IMAGE.resolve("bin/vip-manager"),
                        "/packaging", Path.of("packaging").toAbsolutePath(),
                        "/dev/shm", Path.of("/dev/shm")); // configurations, certificates
        BootedSystem system = BootedSystem.boot(lab, host, tree, "dbus.service", folders);
        system.run("systemd-sysusers /packaging/vip-manager.sysusers");
        return new Sandbox(system);
    }

    /** The command line that runs the image, or a script around it, in there. */
    List<String> command(List<String> program) {
        started++;
        List<String> words =
                system.command(
                        "systemd-run",
                        "--quiet",
                        "--pipe",
                        "--wait",
                        "--collect",
                        "--unit=" + unit());
        try (Stream<String> lines = Files.lines(UNIT)) {
            lines.dropWhile(line -> !line.equals("[Service]"))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("["))
                    .filter(line -> line.contains("=") && !line.startsWith("#"))
                    .filter(
                            line ->
                                    !NOT_OF_THE_SANDBOX.contains(
                                            line.substring(0, line.indexOf('='))))
                    .forEach(line -> words.add("--property=" + line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        program.forEach(word -> words.add(word.equals(LAUNCHER) ? "/usr/bin/vip-manager" : word));
        return words;
    }

    private String unit() {
        return "daemon" + started + ".service";
    }

    /** The process that was started last, as it is numbered out here; nothing if it has ended. */
    Optional<Long> awaitProcess(ServerProcess starting) {
        List<Long> found = new ArrayList<>();
        await("a process of " + unit())
                .atMost(Lab.START)
                .until(
                        () -> {
                            system.init()
                                    .children()
                                    .filter(child -> isOf(unit(), child.pid()))
                                    .forEach(child -> found.add(child.pid()));
                            return !found.isEmpty() || !starting.isAlive();
                        });
        return found.stream().findFirst();
    }

    /** Whether it belongs to the service, and is no longer systemd itself: "(sd-mkdcreds)". */
    private static boolean isOf(String unit, long pid) {
        Path proc = Path.of("/proc", String.valueOf(pid));
        try {
            return Files.readString(proc.resolve("cgroup")).strip().endsWith("/" + unit)
                    && Set.of("java", "start", "sh", "vip-manager")
                            .contains(Files.readString(proc.resolve("comm")).strip());
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    @Override
    public void close() {
        system.close();
    }
}
