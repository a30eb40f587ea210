package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/**
 * What a person who installs the packages meets, on Debians that their own systemd has booted:
 * {@code make test-packages}.
 */
final class PackagesIT {

    /** Of an outage of the client. */
    private static final Duration UNDISTURBED = Duration.ofSeconds(2);

    /**
     * Installed, configured, started, troubled in every way, upgraded, removed, installed again,
     * purged.
     */
    @ParameterizedTest
    @ValueSource(strings = {"package-bookworm", "package-trixie"})
    void wholeLife(String tree) throws InterruptedException {
        try (Lab lab = Lab.open("package " + tree);
                InstalledSystem system = InstalledSystem.boot(lab, tree)) {
            lab.leaderKey().name(lab.host(1));
            installed(system);
            started(lab, system);
            reloaded(lab, system, tree);
            troubled(lab, system);
            upgraded(lab, system, tree);
            stopped(lab, system);
            removed(lab, system);
        }
    }

    private static void installed(InstalledSystem system) {
        assertThat(system.run(InstalledSystem.INSTALL))
                .doesNotContain("rror", "arning", "onfiguration file");
        assertThat(system.run("stat -c '%a %U:%G' /etc/default/vip-manager.yml"))
                .isEqualTo("640 root:vip-manager");
        assertThat(system.state()).as("not configured").isEqualTo("inactive");
        assertThat(system.run("cat /etc/default/vip-manager.yml; id vip-manager"))
                .contains("#ip: ", "(vip-manager)");
        assertThat(system.run("vip-manager --version")).startsWith("version: ");
        String demanding = "VIPMANAGER_JVM_OPTIONS=-XX:AOTMode=on vip-manager --version";
        assertThat(system.run(demanding)).as("uses the AOT cache").startsWith("version: ");
    }

    private static void started(Lab lab, InstalledSystem system) {
        system.configure(lab);
        system.run("systemctl enable --now vip-manager");
        lab.holders().awaitServing(lab.host(1), Lab.START);
        system.awaitStatus("holding 10.0.0.99/24 on eth0");
        String main = "$(systemctl show -P MainPID vip-manager)";
        assertThat(system.userOf("vip-manager")).isEqualTo("vip-manager");
        assertThat(system.capabilitiesOf("vip-manager"))
                .as("CAP_NET_ADMIN and CAP_NET_RAW alone")
                .containsOnly("0000000000003000");
        String exposure = system.exposure();
        Results.add("systemd-analyze security, " + system, exposure);
        assertThat(Double.parseDouble(exposure)).isLessThanOrEqualTo(2.0);
        Results.add(
                "memory of the service, " + system,
                system.run("grep VmRSS /proc/" + main + "/status").replaceAll("\\s+", " "));
    }

    private static void reloaded(Lab lab, InstalledSystem system, String tree) {
        long since = System.nanoTime();
        reload(system);
        if (tree.equals("package-trixie")) {
            system.run(
                    "mkdir -p /etc/systemd/system/vip-manager.service.d && cd /etc/systemd/system/vip-manager.service.d &&"
                            + " printf '[Service]\\nType=notify-reload\\nExecReload=\\n' >reload.conf &&"
                            + " systemctl daemon-reload && touch /run/vip-manager/keep-address && systemctl restart vip-manager");
            lab.holders().awaitServing(lab.host(1), Lab.START);
            system.awaitStatus("holding");
            reload(system);
        }
        assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), since)).isNegative();
    }

    /** Accepted, refused, and right again. */
    private static void reload(InstalledSystem system) {
        String file = "/etc/default/vip-manager.yml";
        system.run("echo 'interval: 900' >>" + file + "; systemctl reload vip-manager");
        system.awaitLog("configuration reloaded");
        system.run(
                "cp -p "
                        + file
                        + " /right; echo 'intervall: 1' >>"
                        + file
                        + "; systemctl reload vip-manager");
        system.awaitStatus("; the configuration was not reloaded: see the log");
        await().until(() -> system.state().equals("active"));
        system.run("grep -v interval /right >" + file + "; systemctl reload vip-manager");
        system.awaitStatus("holding 10.0.0.99/24 on eth0");
        await().until(() -> system.state().equals("active"));
    }

    private static void troubled(Lab lab, InstalledSystem system) {
        for (String signal : new String[] {"KILL", "STOP", "TERM"}) {
            String before = system.mainProcess();
            lab.timeline().note("SIG" + signal);
            system.run("kill -" + signal + " " + before);
            await("another process after SIG" + signal)
                    .atMost(Lab.START)
                    .until(
                            () ->
                                    !system.mainProcess().equals(before)
                                            && system.state().equals("active"));
            lab.holders().awaitServing(lab.host(1), Lab.START);
        }
    }

    /** The package is installed again while a client asks every 2 ms. */
    private static void upgraded(Lab lab, InstalledSystem system, String tree)
            throws InterruptedException {
        PingingClient control = lab.control();
        Thread.sleep(Duration.ofSeconds(1));
        String before = system.mainProcess();
        byte[] configuration = system.configuration();
        long at = lab.timeline().note("upgrade");
        assertThat(system.run(InstalledSystem.INSTALL)).doesNotContain("onfiguration file");
        await("another process")
                .atMost(Lab.START)
                .until(() -> !system.mainProcess().equals(before));
        system.awaitStatus("holding");
        Thread.sleep(Duration.ofSeconds(2));
        long until = System.nanoTime();
        assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), at)).isNegative();
        assertThat(system.configuration()).isEqualTo(configuration);
        Duration gap = lab.client().longestGap(at, until);
        Results.add(
                "upgrade of the package, " + tree,
                "client's longest gap %.1f ms, of another address %.1f ms"
                        .formatted(
                                gap.toNanos() / 1e6,
                                control.longestGap(at, until).toNanos() / 1e6));
        assertThat(gap).isLessThan(UNDISTURBED);
        assertThat(system.run("ls /run/vip-manager")).doesNotContain("keep-address");
    }

    private static void stopped(Lab lab, InstalledSystem system) {
        system.run("systemctl stop vip-manager");
        lab.holders().awaitNobody(Lab.AT_ONCE);
        system.run("systemctl start vip-manager");
        lab.holders().awaitServing(lab.host(1), Lab.START);
        system.run("systemctl disable --now vip-manager");
        lab.holders().awaitNobody(Lab.AT_ONCE);
        system.run("systemctl enable --now vip-manager");
        lab.holders().awaitServing(lab.host(1), Lab.START);
    }

    private static void removed(Lab lab, InstalledSystem system) {
        byte[] configuration = system.configuration();
        system.run("dpkg --remove vip-manager-java");
        lab.holders().awaitNobody(Lab.AT_ONCE);
        assertThat(system.run("ls /proc/*/exe -l 2>/dev/null | grep -c vip-manager || true"))
                .isEqualTo("0");
        assertThat(system.configuration()).isEqualTo(configuration);
        system.run(InstalledSystem.INSTALL);
        lab.holders().awaitServing(lab.host(1), Lab.START);
        assertThat(system.configuration()).isEqualTo(configuration);
        system.run(
                "rm -f /etc/systemd/system/vip-manager.service.d/reload.conf; dpkg --purge vip-manager-java");
        lab.holders().awaitNobody(Lab.AT_ONCE);
        assertThat(
                        system.run(
                                "find /etc /usr/lib /usr/bin /usr/share /run /var/lib -name '*vip-manager*' -not -path '*/dpkg/*'"))
                .isEmpty();
    }

    /**
     * Each package of the known program holds the address when ours is installed over it. The
     * configuration stays as it is, byte for byte, and the address where it is.
     */
    @ParameterizedTest
    @CsvSource({
        "package-bookworm, DEBIAN",
        "package-bookworm, DEBIAN2",
        "package-bookworm, CYBERTEC",
        "package-trixie, DEBIAN2",
        "package-trixie, CYBERTEC",
        "package-trixie, INSTANCE",
        "package-trixie, CYBERTEC_RPM"
    })
    void replaces(String tree, OldPackage old) throws InterruptedException {
        try (Lab lab = Lab.open("package %s over %s".formatted(tree, old));
                InstalledSystem system = InstalledSystem.boot(lab, tree)) {
            lab.leaderKey().name(lab.host(1));
            old.install(lab, system);
            if (old.holds()) {
                lab.holders().awaitServing(lab.host(1), Lab.START);
            }
            String before = system.run(old.checksum());
            long at = lab.timeline().note("install ours");
            String told =
                    system.run(
                            old.isRpm()
                                    ? "rpm --upgrade --nodeps --force /packages/*.rpm"
                                    : InstalledSystem.INSTALL);
            assertThat(told).doesNotContain("onfiguration file");
            lab.timeline().note(told);
            await("ours runs")
                    .atMost(Lab.START)
                    .until(
                            () ->
                                    system.run(
                                                    "ps -ax -o comm 2>/dev/null || cat /proc/[0-9]*/comm || true")
                                            .contains("java"));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            await("ours has given it a lifetime")
                    .atMost(Lab.START)
                    .until(
                            () ->
                                    !lab.timeline()
                                            .events(lab.host(1), lab.vip())
                                            .getLast()
                                            .isPermanent());
            Thread.sleep(Duration.ofSeconds(3));
            assertThat(system.run(old.checksum())).isEqualTo(before);
            assertThat(lab.timeline().firstRemoved(lab.host(1), lab.vip(), at)).isNegative();
            assertThat(system.run("systemctl is-enabled " + old.unit())).contains("enabled");
            system.run("systemctl stop " + old.unit());
            lab.holders().awaitNobody(Lab.AT_ONCE);
        }
    }

    /**
     * Files that the configuration names and that the service's user may not read: the installation
     * grants the least that suffices, and the daemon then reads them.
     */
    @ParameterizedTest
    @ValueSource(strings = {"package-bookworm", "package-trixie"})
    void unreadableFiles(String tree) throws InterruptedException {
        try (Lab lab = Lab.open("unreadable files " + tree);
                InstalledSystem system = InstalledSystem.boot(lab, tree)) {
            lab.leaderKey().name(lab.host(1));
            system.run("groupadd postgres; useradd -g postgres postgres");
            system.configure(lab);
            system.run("chmod 600 /etc/default/vip-manager.yml");
            assertThat(system.run(InstalledSystem.INSTALL))
                    .contains(
                            "user vip-manager cannot read /etc/default/vip-manager.yml",
                            "as user root with no other rights than before");
            system.run("systemctl enable --now vip-manager");
            lab.holders().awaitServing(lab.host(1), Lab.START);
            String main = "$(systemctl show -P MainPID vip-manager)";
            assertThat(system.run("stat -c %U /proc/" + main)).isEqualTo("root");
            assertThat(system.run("grep CapEff /proc/" + main + "/status"))
                    .endsWith("0000000000003000");

            system.run(
                    "chgrp vip-manager /etc/default/vip-manager.yml; chmod 640 /etc/default/vip-manager.yml");
            assertThat(granted(system, "")).isEmpty();
            String key =
                    "echo secret >/etc/key; %s; echo 'etcd-key-file: \"/etc/key\" # ours' >>/etc/default/vip-manager.yml";
            assertThat(granted(system, key.formatted("chmod 600 /etc/key"))).isEqualTo("User=root");
            String ofPostgres = "chgrp postgres /etc/key; chmod 640 /etc/key";
            assertThat(granted(system, ofPostgres)).isEqualTo("SupplementaryGroups=postgres");
            assertThat(granted(system, "chown postgres /etc/key; chmod 600 /etc/key")).isEmpty();
            assertThat(
                            granted(
                                    system,
                                    "mv /etc/key /root/key; ln -s /root/key /etc/key; chown root /root/key"))
                    .isEqualTo("User=root\nProtectHome=read-only");
            String variables =
                    "rm /etc/key; echo 'VIP_ETCD_CA_FILE=\"/etc/ca\"' >/etc/default/vip-manager; ";
            assertThat(
                            granted(
                                    system,
                                    variables
                                            + "echo ca >/etc/ca; chmod 640 /etc/ca; chgrp postgres /etc/ca"))
                    .isEqualTo("SupplementaryGroups=postgres");
            String robot =
                    "rm /etc/ca; echo 'VIP_MANAGER_TYPE=hetzner' >/etc/default/vip-manager; ";
            assertThat(granted(system, robot + "echo >/etc/hetzner; chmod 600 /etc/hetzner"))
                    .isEqualTo("User=root");
        }
    }

    /** What the drop-in grants after that command. */
    private static String granted(InstalledSystem system, String command) {
        String dropIn = "/etc/systemd/system/vip-manager.service.d/10-readable-files.conf";
        system.run("rm -f " + dropIn + "; " + command);
        system.run("/usr/lib/vip-manager/grant-files vip-manager.service");
        return system.run("[ ! -e %1$s ] || sed '1,/Service/d' %1$s".formatted(dropIn));
    }
}
