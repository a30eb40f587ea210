package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A booted Debian in the first host's network, on which packages are tried. */
final class InstalledSystem implements AutoCloseable {

    private static final String FILE = "/etc/default/vip-manager.yml";

    private final String name;
    private final BootedSystem system;

    private InstalledSystem(String name, BootedSystem system) {
        this.name = name;
        this.system = system;
    }

    static InstalledSystem boot(Lab lab, String tree, Map<String, Path> folders) {
        return new InstalledSystem(
                tree, BootedSystem.boot(lab, lab.host(1), tree, "dbus.service", folders));
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
        return run("systemctl show --property=MainPID --value vip-manager");
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
