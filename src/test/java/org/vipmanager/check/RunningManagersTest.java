package org.vipmanager.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder like /proc with programs in it. */
final class RunningManagersTest {

    @TempDir private Path proc;

    @Test
    void daemonIsFoundByItsJar_andItsFileIsReadWhereItRuns() throws IOException {
        process(7, "/opt/java", "-jar", "/opt/lib/vip-manager.jar", "--config", "/etc/vip.yml");
        Path file = proc.resolve("7/root/etc/vip.yml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "ip: 10.0.0.9\n");

        assertThat(list())
                .singleElement()
                .satisfies(found -> assertThat(found).hasToString("vip-manager (process 7)"))
                .satisfies(found -> assertThat(found.names("10.0.0.9")).isTrue());
    }

    @Test
    void commandsAndOtherProgramsAreNone() throws IOException {
        process(7, "java", "-jar", "/opt/lib/vip-manager.jar", "check", "--ip=10.0.0.9");
        process(8, "java", "-jar", "/opt/lib/vip-manager.jar", "status");
        process(9, "vi", "vip-manager");
        process(10);

        assertThat(list()).isEmpty();
    }

    @Test
    void theProgramInGoIsFoundByItsName_andByItsVariables() throws IOException {
        process(7, "/usr/bin/vip-manager");
        Files.writeString(proc.resolve("7/environ"), "A=b\0VIP_IP=10.0.0.9\0");

        assertThat(list())
                .singleElement()
                .satisfies(found -> assertThat(found.kind()).isEqualTo(AddressManager.Kind.GO))
                .satisfies(found -> assertThat(found.names("10.0.0.9")).isTrue());
    }

    @Test
    void whatMayNotBeReadIsUnknown_andNotWithoutTheAddress() throws IOException {
        process(7, "keepalived", "-f", "/etc/other.conf");

        assertThat(list()).singleElement().satisfies(k -> assertThat(k.settings()).isEmpty());
    }

    @Test
    void inAnotherNetworkNamespaceIsElsewhere() throws IOException {
        process(7, "/usr/bin/vip-manager");
        link("self/ns/net", "net:[1]");
        link("7/ns/net", "net:[2]");

        assertThat(list()).isEmpty();
    }

    @Test
    void whereItsNetworkNamespaceIsNotShown_itIsNotTakenToBeHere() throws IOException {
        process(7, "/usr/bin/vip-manager");
        process(8, "/usr/bin/vip-manager");
        link("self/ns/net", "net:[1]");
        link("8/ns/net", "net:[1]");

        assertThat(list()).filteredOn(AddressManager::isHere).hasSize(1);
        assertThat(list()).filteredOn(one -> !one.isHere()).hasSize(1);
    }

    @Test
    void keepalivedConsistsOfSeveralProcesses_andIsNamedOnce() throws IOException {
        process(7, "/usr/sbin/keepalived");
        process(8, "/usr/sbin/keepalived");
        Files.writeString(proc.resolve("8/status"), "Name:\tkeepalived\nPPid:\t7\n");

        assertThat(list()).extracting(AddressManager::pid).containsExactly(7L);
    }

    private List<AddressManager> list() {
        return new RunningManagers(proc).list();
    }

    private void process(int pid, String... words) throws IOException {
        Path folder = Files.createDirectories(proc.resolve(Integer.toString(pid)));
        Files.writeString(
                folder.resolve("cmdline"),
                words.length == 0 ? "" : String.join("\0", words) + "\0");
        Files.writeString(folder.resolve("status"), "CapEff:\t0\n");
        Files.writeString(folder.resolve("environ"), "");
    }

    private void link(String name, String target) throws IOException {
        Path file = proc.resolve(name);
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, Path.of(target));
    }
}
