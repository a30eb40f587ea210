package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

/**
 * Other ways in which systemd starts the installed program: by a unit of the known program, with
 * credentials, without capabilities, as an instance. {@code make test-packages} runs it.
 */
final class UnitsIT {

    private static final String SERVICE = "vip-manager.service";
    private static final String DROP_IN =
            "mkdir -p /etc/systemd/system/vip-manager.service.d; cat >/etc/systemd/system/vip-manager.service.d/own.conf <<'END'\n%s\nEND\nsystemctl daemon-reload";

    /**
     * Each unit that users of the known program have, copied to /etc as administrators do, runs
     * ours unchanged as root: it holds, is back after a kill, and leaves nothing at its stop.
     */
    @ParameterizedTest
    @ValueSource(strings = {"package-bookworm", "package-trixie"})
    void unitsOfTheKnownProgram(String tree) throws InterruptedException {
        try (Lab lab = Lab.open("units of the known program " + tree);
                InstalledSystem system = InstalledSystem.bootWithOurs(lab, tree)) {
            lab.leaderKey().name(lab.host(1));
            for (OldPackage old :
                    List.of(OldPackage.CYBERTEC, OldPackage.DEBIAN2, OldPackage.INSTANCE)) {
                String unit = old.unit();
                lab.timeline().note("the unit of " + old);
                old.configure(lab, system);
                String file = old.writeUnit(system);
                system.run("systemctl enable --now " + unit);
                lab.holders().awaitServing(lab.host(1), Lab.START);
                assertThat(system.run("systemctl show -P FragmentPath " + unit)).isEqualTo(file);
                assertThat(system.userOf(unit)).isEqualTo("root");
                String before = system.mainProcess(unit);
                system.run("kill -KILL " + before);
                long killed = System.nanoTime();
                await("started again")
                        .atMost(Lab.START)
                        .until(() -> !system.mainProcess(unit).equals(before));
                awaitRenewed(lab, killed);
                system.run("systemctl restart " + unit);
                long restarted = System.nanoTime();
                awaitRenewed(lab, restarted);
                system.run("systemctl disable --now " + unit);
                lab.holders().awaitNobody(Lab.AT_ONCE);
                assertThat(system.run("systemctl is-failed " + unit + " || true"))
                        .isEqualTo("inactive");
                system.run("rm " + file + "; systemctl daemon-reload");
            }
        }
    }

    /** What a killed daemon has left may still be there: waits until another one has put it. */
    private static void awaitRenewed(Lab lab, long since) {
        await("put by another daemon")
                .atMost(Lab.START)
                .until(() -> lab.timeline().firstHeld(lab.host(1), lab.vip(), since) >= 0);
        lab.holders().awaitServing(lab.host(1), Lab.START);
    }

    /**
     * The password and the configuration come as credentials, from files that only root may read.
     * The password is changed in etcd and in its file, and the service restarted as
     * docs/security.md has it: no client notices.
     */
    @ParameterizedTest
    @ValueSource(strings = {"package-bookworm", "package-trixie"})
    void rotatedCredential(String tree) throws InterruptedException {
        try (Lab lab = Lab.open("credential " + tree);
                InstalledSystem system = InstalledSystem.bootWithOurs(lab, tree)) {
            lab.leaderKey().name(lab.host(1));
            demandPassword(lab.etcd());
            system.write(
                    "/etc/default/vip-manager.yml",
                    "600",
                    InstalledSystem.yaml(lab) + "etcd-user: vip\n");
            system.run("mkdir -p /etc/vip-manager");
            system.write("/etc/vip-manager/etcd-password", "600", "first");
            system.run(
                    DROP_IN.formatted(
                            """
                            [Service]
                            LoadCredential=etcd-password:/etc/vip-manager/etcd-password
                            LoadCredential=vip-manager.yml:/etc/default/vip-manager.yml
                            Environment=VIP_ETCD_PASSWORD_FILE=%d/etcd-password
                            ExecStart=
                            ExecStart=/usr/bin/vip-manager --config=${CREDENTIALS_DIRECTORY}/vip-manager.yml
                            """));
            system.run("systemctl enable --now vip-manager");
            lab.holders().awaitServing(lab.host(1), Lab.START);
            assertThat(system.userOf(SERVICE)).isEqualTo("vip-manager");

            long at = lab.timeline().note("rotate the password");
            String before = system.mainProcess(SERVICE);
            asRoot(lab.etcd(), "second\n", "user", "passwd", "vip", "--interactive=false");
            system.write("/etc/vip-manager/etcd-password", "600", "second");
            system.run("touch /run/vip-manager/keep-address; systemctl restart vip-manager");
            assertThat(system.mainProcess(SERVICE)).isNotEqualTo(before);
            system.awaitStatus("holding 10.0.0.99/24 on eth0");
            Thread.sleep(Duration.ofSeconds(12)); // longer than what the kernel was given
            lab.holders().assertKept(lab.host(1), "rotated credential, " + tree, at);
            assertThat(system.run("ls /run/vip-manager")).doesNotContain("keep-address");
            system.run("systemctl stop vip-manager");
            lab.holders().awaitNobody(Lab.AT_ONCE);
        }
    }

    private static void demandPassword(EtcdServer etcd) {
        for (String user : new String[] {"root", "vip"}) {
            etcd.control("", "user", "add", user + ":first");
        }
        etcd.control("", "user", "grant-role", "root", "root");
        etcd.control("", "role", "add", "reader");
        etcd.control("", "role", "grant-permission", "reader", "read", Lab.KEY);
        etcd.control("", "user", "grant-role", "vip", "reader");
        etcd.control("", "auth", "enable");
    }

    private static void asRoot(EtcdServer etcd, String input, String... arguments) {
        String[] words = new String[arguments.length + 1];
        words[0] = "--user=root:first";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        etcd.control(input, words);
    }

    /**
     * A provider alone moves the address: with the drop-in of docs/security.md the daemon starts
     * without any capability, and its program is told to acquire and to release.
     */
    @ParameterizedTest
    @ValueSource(strings = {"package-bookworm", "package-trixie"})
    void noCapabilitiesForAProvider(String tree) throws InterruptedException {
        try (Lab lab = Lab.open("no capabilities " + tree);
                InstalledSystem system = InstalledSystem.bootWithOurs(lab, tree)) {
            lab.leaderKey().name(lab.host(1));
            String calls = "/var/lib/vip-manager/calls";
            system.write(
                    "/usr/local/bin/route-address",
                    "755",
                    "#!/bin/sh\necho $1 >>" + calls + "\n[ $1 != state ] || exit 10");
            system.write(
                    "/etc/default/vip-manager.yml",
                    "644",
                    InstalledSystem.yaml(lab).replaceAll("(?m)^(netmask|interface):.*\n", "")
                            + "manager-type: command\nprovider-command: /usr/local/bin/route-address\n");
            system.run(
                    DROP_IN.formatted(
                            """
                            [Service]
                            AmbientCapabilities=
                            CapabilityBoundingSet=
                            """));
            system.run("systemctl enable --now vip-manager");
            await("acquired")
                    .atMost(Lab.START)
                    .until(() -> system.run("cat " + calls + " || true").contains("acquire"));
            assertThat(system.capabilitiesOf(SERVICE)).containsOnly("0000000000000000");
            assertThat(system.userOf(SERVICE)).isEqualTo("vip-manager");
            system.run("systemctl stop vip-manager");
            assertThat(system.run("tail -n 1 " + calls)).isEqualTo("release");
            assertThat(system.run("systemctl is-failed vip-manager || true")).isEqualTo("inactive");
            Results.add(
                    "systemd-analyze security without capabilities, " + tree, system.exposure());
        }
    }

    /**
     * Two clusters on one host: one configured by Debian's variables, one by a file; and variables
     * beside a file. Each instance moves its own address and is told of by its own status.
     */
    @ParameterizedTest
    @ValueSource(strings = {"package-bookworm", "package-trixie"})
    void instances(String tree) throws InterruptedException {
        try (Lab lab = Lab.open("instances " + tree);
                InstalledSystem system = InstalledSystem.bootWithOurs(lab, tree)) {
            lab.leaderKey().name(lab.host(1));
            lab.leaderKey("/service/other/leader").name(lab.host(1));
            OldPackage.INSTANCE.configure(lab, system);
            system.run("mkdir -p /etc/vip-manager");
            system.write(
                    "/etc/vip-manager/17-other.yml",
                    "600",
                    InstalledSystem.yaml(lab)
                            .replace("10.0.0.99", "10.0.0.98")
                            .replace("/service/db/", "/service/other/"));
            assertThat(system.run(InstalledSystem.INSTALL))
                    .contains(
                            "cannot read /etc/vip-manager/17-other.yml",
                            "vip-manager@17-other.service reads them as user root");
            system.run("systemctl enable --now vip-manager@16-main vip-manager@17-other");
            lab.holders().awaitServing(lab.host(1), Lab.START);
            await("the other one's").atMost(Lab.START).until(() -> system.has("10.0.0.98/24"));
            assertThat(system.run("ls -d /run/vip-manager-*"))
                    .isEqualTo("/run/vip-manager-16-main\n/run/vip-manager-17-other");
            // The variable wins over the file.
            system.write("/etc/patroni/17-other.vip", "600", "VIP_IP=\"10.0.0.97\"");
            system.run("systemctl restart vip-manager@17-other");
            await("the variable's").atMost(Lab.START).until(() -> system.has("10.0.0.97/24"));
            assertThat(system.has("10.0.0.98/24")).isFalse();
            system.run("systemctl stop vip-manager@16-main");
            lab.holders().awaitNobody(Lab.AT_ONCE);
            assertThat(system.has("10.0.0.97/24")).isTrue();
            system.run("systemctl stop 'vip-manager@*'");
            await("all gone").atMost(Lab.AT_ONCE).until(() -> !system.has("10.0.0.97/24"));
        }
    }

    /**
     * The cache of classes is damaged on the installed system: the service starts all the same, and
     * says so once; also where Java crashes of it, which only its second start survives.
     */
    @ParameterizedTest
    @ValueSource(strings = {"package-bookworm", "package-trixie"})
    void damagedCache(String tree) throws InterruptedException {
        try (Lab lab = Lab.open("damaged cache " + tree);
                InstalledSystem system = InstalledSystem.bootWithOurs(lab, tree)) {
            lab.leaderKey().name(lab.host(1));
            system.configure(lab);
            String cache = "/usr/lib/vip-manager/jars/vip-manager.aot";
            String told =
                    "journalctl --no-pager -u vip-manager | grep -c 'is not used, as it is' || true";
            system.run("cp -p %1$s /aot; head -c 3000000 /aot >%1$s".formatted(cache));
            system.run("systemctl enable --now vip-manager");
            lab.holders().awaitServing(lab.host(1), Lab.START);
            assertThat(system.run(told)).isEqualTo("1");
            assertThat(system.run("journalctl --no-pager -u vip-manager | grep -c aot || true"))
                    .as("lines that speak of it")
                    .isEqualTo("1");
            system.run("systemctl stop vip-manager");
            lab.holders().awaitNobody(Lab.AT_ONCE);

            system.run(
                    "cp -p /aot %s; dd if=/dev/urandom of=%1$s bs=1M seek=5 count=30 conv=notrunc status=none; touch -r /aot %1$s"
                            .formatted(cache));
            system.run("systemctl start vip-manager || true");
            lab.holders().awaitServing(lab.host(1), Lab.START);
            assertThat(system.run("ls /var/lib/vip-manager")).contains("crashed");
            assertThat(system.run(told)).isEqualTo("2");
            system.run(InstalledSystem.INSTALL);
            lab.holders().awaitServing(lab.host(1), Lab.START);
            assertThat(system.run("ls /var/lib/vip-manager")).doesNotContain("crashed");
            assertThat(system.run(told)).as("whole again").isEqualTo("2");
            system.run("systemctl stop vip-manager");
            lab.holders().awaitNobody(Lab.AT_ONCE);
        }
    }
}
