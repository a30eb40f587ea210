package org.vipmanager.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.netlink.HostNetwork;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What is said of a host, of its kernel and of the programs on it. */
final class HostChecksTest {

    private static final List<String> ALL_RIGHTS = List.of("Uid:\t0\t0\t0\t0", "CapEff:\t3000");
    private static final List<String> NO_RIGHTS = List.of("Uid:\t7\t7\t7\t7", "CapEff:\t0");

    @TempDir private Path folder;

    @Test
    void interface_inOrder() {
        assertThat(ofInterface(Given.host(Given.address(2, "10.0.0.1/24"))))
                .isEqualTo(
                        Finding.good(
                                Item.INTERFACE,
                                "10.0.0.9/24 on eth0: eth0 is up and has carrier, with 10.0.0.1/24 in"
                                        + " the same subnet"));
    }

    @Test
    void interface_downOrWithoutCarrier() {
        assertThat(ofInterface(Given.host(false, false)).remedy()).hasValue("ip link set eth0 up");
        assertThat(ofInterface(Given.host(true, false)))
                .satisfies(finding -> assertThat(finding.sign()).isEqualTo(Sign.ERROR))
                .satisfies(finding -> assertThat(finding.found()).contains("has no carrier"));
    }

    @Test
    void interface_absent_namesTheOneThatIsInTheSubnet() {
        Finding finding =
                new InterfaceCheck(
                                Given.settings("interface", "ens3").config(),
                                Given.host(Given.address(2, "10.0.0.1/24")))
                        .findings()
                        .getFirst();

        assertThat(finding.sign()).isEqualTo(Sign.ERROR);
        assertThat(finding.found()).contains("ens3 does not exist", "lo, eth0, eth1");
        assertThat(finding.remedy().orElseThrow()).startsWith("write interface: eth0");
    }

    @Test
    void interface_inAnotherSubnet_namesTheRightOne() {
        Finding finding =
                ofInterface(
                        Given.host(
                                Given.address(2, "192.0.2.1/24"), Given.address(3, "10.0.0.1/24")));

        assertThat(finding.sign()).isEqualTo(Sign.WARNING);
        assertThat(finding.found()).endsWith("it has 192.0.2.1/24");
        assertThat(finding.remedy().orElseThrow()).startsWith("is interface: eth1 meant?");
    }

    /** The address itself, which is there where this host leads, is nobody's subnet. */
    @Test
    void interface_withTheAddressAlone() {
        assertThat(ofInterface(Given.host(Given.address(2, "10.0.0.9/24"))).found())
                .endsWith("it has no address of its own");
    }

    @Test
    void interface_withAnotherNetmask() {
        assertThat(ofInterface(Given.host(Given.address(2, "10.0.0.1/16"))).remedy())
                .hasValue("write netmask: 16, as the network has");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, GOOD",
        "1, 0, GOOD",
        "2, 0, WARNING",
        "0, 2, WARNING",
        "8, 0, ERROR",
        "3, 1, ERROR"
    })
    void arpIgnore_theGreaterOneCounts(String all, String own, Sign sign) throws IOException {
        write("ipv4/conf/all/arp_ignore", all);
        write("ipv4/conf/eth0/arp_ignore", own);

        assertThat(ofKernel("arp_ignore", Given.host()).sign()).isEqualTo(sign);
    }

    @ParameterizedTest
    @CsvSource({"0, 10.0.0.1/24, GOOD", "0, 10.1.0.1/24, WARNING", "1, 10.1.0.1/24, GOOD"})
    void promoteSecondaries_mattersWhereTheHostHasNoAddressOfItsOwn(
            String value, String own, Sign sign) throws IOException {
        write("ipv4/conf/eth0/promote_secondaries", value);

        assertThat(ofKernel("promote_secondaries", Given.host(Given.address(2, own))).sign())
                .isEqualTo(sign);
    }

    @Test
    void kernelSettingThatIsNotShown_isNotTakenForGood() {
        assertThat(ofKernel("rp_filter", Given.host()).sign()).isEqualTo(Sign.UNSEEN);
    }

    @Test
    void privileges_ofTheRunningDaemonCount_whoeverAsks() {
        AddressManager daemon = manager(AddressManager.Kind.OURS, NO_RIGHTS, "--ip=10.0.0.9");

        assertThat(new PrivilegeCheck(ALL_RIGHTS, List.of(daemon)).findings())
                .extracting(Finding::sign, Finding::found)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                Sign.ERROR,
                                "the running daemon, process 7 may not change addresses, nor announce"
                                        + " addresses and hear who else claims them: it lacks"
                                        + " CAP_NET_ADMIN and CAP_NET_RAW"));
    }

    @Test
    void privileges_ofAnotherUserAreAWarning_asTheUnitMayGiveThem() {
        assertThat(new PrivilegeCheck(NO_RIGHTS, List.of()).findings())
                .extracting(Finding::sign)
                .containsExactly(Sign.WARNING);
        assertThat(new PrivilegeCheck(List.of(), List.of()).findings())
                .extracting(Finding::sign)
                .containsExactly(Sign.UNSEEN);
    }

    @Test
    void managers_keepalivedWithTheAddress() {
        assertThat(ofManagers(AddressManager.Kind.KEEPALIVED, "virtual_ipaddress { 10.0.0.9/24 }"))
                .extracting(Finding::sign)
                .containsExactly(Sign.ERROR);
        assertThat(ofManagers(AddressManager.Kind.KEEPALIVED, "10.0.0.99/24 110.0.0.9/24"))
                .extracting(Finding::found)
                .containsExactly("nobody else on this host manages the same addresses");
    }

    @Test
    void managers_theProgramBeforeIsToBeStopped_andTheOwnDaemonMayRun() {
        assertThat(ofManagers(AddressManager.Kind.GO, "VIP_IP=10.0.0.9"))
                .extracting(Finding::sign)
                .containsExactly(Sign.WARNING);
        assertThat(ofManagers(AddressManager.Kind.OURS, "ip: 10.0.0.9"))
                .extracting(Finding::sign)
                .containsExactly(Sign.GOOD);
    }

    @Test
    void managers_twoDaemonsWithOneAddress() {
        AddressManager daemon = manager(AddressManager.Kind.OURS, ALL_RIGHTS, "ip: 10.0.0.9");

        assertThat(
                        new ManagersCheck(
                                        Given.settings().config(),
                                        Given.host(),
                                        List.of(daemon, daemon))
                                .findings())
                .extracting(Finding::sign)
                .containsExactly(Sign.ERROR);
    }

    @ParameterizedTest
    @CsvSource({"0, WARNING", "18, ERROR", "86, GOOD"})
    void managers_theKernelTellsWhoPutTheAddress(int protocol, Sign sign) {
        HostNetwork host =
                Given.host(Given.address(2, "10.0.0.9/24", protocol, OptionalInt.empty()));

        assertThat(new ManagersCheck(Given.settings().config(), host, List.of()).findings())
                .extracting(Finding::sign)
                .containsExactly(sign);
    }

    @Test
    void report_hasTheWorstSignAsItsExitCode_andNoEscapeSequenceOfOthers() {
        Finding good = Finding.good(Item.KERNEL, "a\u001b[2Jb");
        Finding warning = Finding.warning(Item.SETTINGS, "odd", "mend it");

        assertThat(new Report(List.of(), List.of(good)).exitCode().number()).isZero();
        Report report = new Report(List.of(), List.of(good, warning));
        assertThat(report.exitCode().number()).isEqualTo(1);
        assertThat(report.text(false))
                .isEqualTo(
                        """

                        warning  settings    odd
                                   do:       mend it
                        ok       kernel      a\\x1b[2Jb

                        0 errors, 1 warning.
                        """);
        assertThat(report.text(true)).contains("\u001b[33mwarning  \u001b[0m");
        assertThat(
                        new Report(List.of(), List.of(Finding.error(Item.KERNEL, "", "")))
                                .exitCode()
                                .number())
                .isEqualTo(2);
    }

    private static Finding ofInterface(HostNetwork host) {
        return new InterfaceCheck(Given.settings().config(), host).findings().getFirst();
    }

    private Finding ofKernel(String setting, HostNetwork host) {
        return new KernelCheck(Given.settings().config(), host, folder)
                .findings().stream()
                        .filter(finding -> finding.found().startsWith(setting + " of eth0"))
                        .findFirst()
                        .orElseThrow();
    }

    private static List<Finding> ofManagers(AddressManager.Kind kind, String settings) {
        return new ManagersCheck(
                        Given.settings().config(),
                        Given.host(),
                        List.of(manager(kind, ALL_RIGHTS, settings)))
                .findings();
    }

    private static AddressManager manager(
            AddressManager.Kind kind, List<String> status, String settings) {
        return new AddressManager(kind, 7, status, Optional.of(settings), true);
    }

    private void write(String setting, String value) throws IOException {
        Path file = folder.resolve(setting);
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
    }
}
