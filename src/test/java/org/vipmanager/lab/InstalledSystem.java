package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A booted Debian in the first host's network, on which packages are tried. */
final class InstalledSystem implements AutoCloseable {

    /** Installs our package, or again; for where its folder is bound to /packages. */
    static final String INSTALL =
            "apt-get -qq -y --no-install-recommends --reinstall --allow-downgrades install /packages/*.deb";

    private static final Path PACKAGES = Path.of("target/packages").toAbsolutePath();
    private static final String FILE = "/etc/default/vip-manager.yml";

    private final String name;
    private final BootedSystem system;

    private InstalledSystem(String name, BootedSystem system) {
        this.name = name;
        this.system = system;
    }

    /** With our packages in /packages and those of the known program in /old. */
    static InstalledSystem boot(Lab lab, String tree) {
        Optional<String> whyNot = BootedSystem.whyNot(tree);
        assumeTrue(whyNot.isEmpty(), () -> whyNot.orElse(""));
        Map<String, Path> folders =
                Map.of(
                        "/packages",
                        PACKAGES,
                        "/old",
                        OldPackage.folder(),
                        "/made",
                        lab.memory("made"));
        return new InstalledSystem(
                tree, BootedSystem.boot(lab, lab.host(1), tree, "dbus.service", folders));
    }

    /** The same, and ours is installed. */
    static InstalledSystem bootWithOurs(Lab lab, String tree) {
        InstalledSystem system = boot(lab, tree);
        try {
            system.run(INSTALL);
            return system;
        } catch (RuntimeException e) {
            system.close();
            throw e;
        }
    }

    /** A shell command as root; what it printed. */
    String run(String command) {
        return system.run(
                "export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8; exec 2>&1; " + command);
    }

    /** Writes the configuration for the lab's leader key into the file that administrators have. */
    void configure(Lab lab) {
        write(FILE, "640", yaml(lab));
    }

    static String yaml(Lab lab) {
        return """
        # Of the administrator.
        ip: %s
        netmask: 24
        interface: eth0
        trigger-key: %s
        trigger-value: %s
        dcs-type: etcd
        dcs-endpoints: [%s]
        """
                .formatted(
                        lab.vip().getHostAddress(), Lab.KEY, lab.host(1).name(), lab.endpoints());
    }

    void write(String file, String mode, String text) {
        run("cat >%s <<'END'\n%s\nEND\nchmod %s %s".formatted(file, text, mode, file));
    }

    byte[] configuration() {
        return run("cat " + FILE).getBytes(StandardCharsets.UTF_8);
    }

    String state() {
        return run("systemctl is-active vip-manager || true");
    }

    String mainProcess() {
        return mainProcess("vip-manager");
    }

    /** Its number in there. */
    String mainProcess(String unit) {
        return run("systemctl show --property=MainPID --value " + unit);
    }

    String userOf(String unit) {
        return run("stat -c %U /proc/" + mainProcess(unit));
    }

    /** The sets of capabilities that it may ever use, in hexadecimal digits. */
    List<String> capabilitiesOf(String unit) {
        String status = "/proc/" + mainProcess(unit) + "/status";
        return run("grep -E '^Cap(Prm|Eff|Amb|Bnd)' " + status + " | cut -f 2").lines().toList();
    }

    /** What systemd-analyze(1) makes of the sandbox, from 0 to 10. */
    String exposure() {
        return run(
                "systemd-analyze security --no-pager vip-manager | sed -n 's/.*level for [^:]*: \\([0-9.]*\\).*/\\1/p'");
    }

    /** Whether eth0 has that address now, of that prefix length. */
    boolean has(String address) {
        return run("ip -o address show dev eth0").contains(" " + address + " ");
    }

    void awaitStatus(String text) {
        await("systemctl status has: " + text)
                .atMost(Lab.START)
                .until(
                        () ->
                                run("systemctl show --property=StatusText --value vip-manager")
                                        .contains(text));
    }

    void awaitLog(String text) {
        await("the journal has: " + text)
                .atMost(Lab.START)
                .until(() -> run("journalctl --no-pager -u vip-manager").contains(text));
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        system.close();
    }
}
