package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the installed packages cost, vip-manager2 5.0.0 and ours one after the other in one run, on
 * Debian 13: {@code make test-packages}.
 */
final class FiguresIT {

    private static final String TREE = "package-trixie";

    /** After the start, so that what it cost is given back. */
    private static final Duration SETTLED = Duration.ofSeconds(25);

    /** What is told of one package. */
    private record Figures(
            String version,
            String packed,
            String installed,
            String plain,
            String secured,
            String exposure,
            String gap) {}

    /** Installed, leading for half a minute, upgraded under a client; the same with mutual TLS. */
    @Test
    void sideBySide() throws Exception {
        Figures go = figures("vip-manager2", "/old/package-old2/vip-manager2.deb");
        Figures ours = figures("vip-manager-java", "/packages/*.deb");
        Results.add("figures", go.version + " | " + ours.version);
        Results.add("figures: package", go.packed + " | " + ours.packed);
        Results.add("figures: installed", go.installed + " | " + ours.installed);
        Results.add("figures: VmRSS, etcd", go.plain + " | " + ours.plain);
        Results.add("figures: VmRSS, mutual TLS", go.secured + " | " + ours.secured);
        Results.add("figures: systemd-analyze security", go.exposure + " | " + ours.exposure);
        Results.add("figures: upgrade", go.gap + " | " + ours.gap);
        assertThat(Double.parseDouble(ours.exposure)).isLessThanOrEqualTo(2.0);
    }

    private static Figures figures(String name, String deb) throws Exception {
        String install =
                name.equals("vip-manager2")
                        ? "dpkg --force-depends --install " + deb
                        : InstalledSystem.INSTALL;
        try (Lab lab = Lab.open("figures " + name);
                InstalledSystem system = InstalledSystem.boot(lab, TREE)) {
            lab.leaderKey().name(lab.host(1));
            system.run(install);
            start(lab, system, "");
            String memory = memory(system);
            String exposure = system.exposure();
            PingingClient control = lab.control();
            Thread.sleep(Duration.ofSeconds(1));
            String before = system.mainProcess();
            long at = lab.timeline().note("upgrade");
            system.run(install);
            await("another process")
                    .atMost(Lab.START)
                    .until(
                            () ->
                                    !system.mainProcess().equals(before)
                                            && !system.mainProcess().equals("0"));
            lab.holders().awaitServing(lab.host(1), Lab.START);
            Thread.sleep(Duration.ofSeconds(3));
            long until = System.nanoTime();
            String gap =
                    "client's longest gap %s, of another address %s, address removed %s"
                            .formatted(
                                    Samples.text(lab.client().longestGap(at, until)),
                                    Samples.text(control.longestGap(at, until)),
                                    lab.holders().untilRemoved(lab.host(1), at));
            String size = "stat -c %s " + deb + " | awk '{ printf \"%.1f MB\", $1 / 1e6 }'";
            String files =
                    "dpkg -L %s | while read -r f; do [ ! -f \"$f\" ] || [ -h \"$f\" ] || stat -c %%s \"$f\"; done | awk '{ s += $1 } END { printf \"%%.1f MB\", s / 1e6 }'";
            return new Figures(
                    system.run("dpkg-query -W -f '${Package} ${Version}' " + name),
                    system.run(size),
                    system.run(files.formatted(name)),
                    memory,
                    secured(name, install),
                    exposure,
                    gap);
        }
    }

    private static String secured(String name, String install) throws Exception {
        try (Lab lab = Lab.openWithoutEtcd("figures with TLS " + name);
                InstalledSystem system = InstalledSystem.boot(lab, TREE)) {
            SecuredEtcd etcd = new SecuredEtcd(lab, "etcd-3.5");
            etcd.start();
            etcd.nameLeader(lab.host(1));
            system.run(install);
            start(lab, system, variables(system, etcd));
            return memory(system);
        }
    }

    /** Its flags as variables, the files copied to where the system sees them. */
    private static String variables(InstalledSystem system, SecuredEtcd etcd) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String flag : etcd.flags()) {
            String name = flag.substring(2, flag.indexOf('='));
            String value = flag.substring(flag.indexOf('=') + 1);
            if (name.endsWith("-file")) {
                String copy = "/etc/" + name + ".pem";
                system.write(copy, "644", Files.readString(Path.of(value)));
                value = copy;
            }
            lines.add(
                    "VIP_"
                            + name.toUpperCase(Locale.ROOT).replace('-', '_')
                            + "=\""
                            + value
                            + "\"\n");
        }
        return String.join("", lines);
    }

    private static void start(Lab lab, InstalledSystem system, String more) {
        OldPackage.DEBIAN2.configure(lab, system);
        system.run("cat >>/etc/default/vip-manager <<'END'\n" + more + "END");
        system.run("chmod 644 /etc/default/vip-manager; systemctl enable vip-manager");
        // Its package started it without a configuration, again and again.
        system.run("systemctl reset-failed vip-manager || true");
        system.run("systemctl restart vip-manager");
        lab.holders().awaitServing(lab.host(1), Lab.START);
    }

    private static String memory(InstalledSystem system) throws InterruptedException {
        Thread.sleep(SETTLED);
        String kib =
                system.run("awk '/VmRSS/ { print $2 }' /proc/" + system.mainProcess() + "/status");
        return "%.1f MiB".formatted(Double.parseDouble(kib) / 1024);
    }
}
