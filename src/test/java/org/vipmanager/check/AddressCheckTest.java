package org.vipmanager.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.netlink.HostNetwork;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who has the address, beside who should: every case of the two. */
final class AddressCheckTest {

    private static final InetAddress VIP = InetAddress.ofLiteral("10.0.0.9");
    private static final InetAddress LEADER = InetAddress.ofLiteral("10.0.0.2");
    private static final HardwareAddress ONE = new HardwareAddress(0x020000000002L);
    private static final HardwareAddress TWO = new HardwareAddress(0x020000000003L);

    /** Who leads, whether the address is here, how many others answer, and what is said. */
    @ParameterizedTest
    @CsvSource({
        "pg1, true,  0, GOOD",
        "pg1, true,  1, ERROR",
        "pg1, false, 0, ERROR",
        "pg1, false, 1, ERROR",
        "pg2, false, 1, GOOD",
        "pg2, false, 2, ERROR",
        "pg2, false, 0, WARNING",
        "pg2, true,  0, ERROR",
        "pg2, true,  1, ERROR",
        "'',  false, 0, GOOD",
        "'',  false, 1, WARNING",
        "'',  true,  0, ERROR",
        "?,   false, 1, UNSEEN",
        "?,   true,  0, UNSEEN",
    })
    void whoHasItAndWhoShould(String leader, boolean isHere, int others, Sign sign) {
        assertThat(findings(leader, isHere, wire(others), Map.of()))
                .extracting(Finding::sign)
                .containsExactly(sign);
    }

    @Test
    void holderIsNotTheLeader() {
        Wire known =
                new Wire(
                        Map.of(VIP, Set.of(TWO), LEADER, Set.of(ONE)),
                        Map.of(),
                        List.of(),
                        Set.of(LEADER),
                        "");

        assertThat(findings("pg2", false, known, Map.of(VIP, LEADER)))
                .extracting(Finding::found)
                .containsExactly(
                        "02:00:00:00:00:03 answers for 10.0.0.9, though \"pg2\" leads, which is found at"
                                + " 10.0.0.2 by 02:00:00:00:00:02 (10.0.0.2)");
    }

    @Test
    void whoAnswersForEverythingIsNoHolder_andIsNamed() {
        Wire proxied = new Wire(Map.of(), Map.of(VIP, Set.of(ONE)), List.of(), Set.of(), "");

        assertThat(findings("pg1", true, proxied, Map.of()))
                .extracting(Finding::sign)
                .containsExactly(Sign.GOOD, Sign.WARNING);
    }

    /** Without the right to ask, what is on this host is still known. */
    @Test
    void networkCannotBeAsked() {
        Wire unseen = Wire.unseen("EPERM");

        assertThat(findings("pg2", true, unseen, Map.of()))
                .extracting(Finding::sign)
                .containsExactly(Sign.UNSEEN, Sign.ERROR);
        assertThat(findings("pg2", false, unseen, Map.of()))
                .extracting(Finding::sign)
                .containsExactly(Sign.UNSEEN, Sign.GOOD);
    }

    private static Wire wire(int others) {
        Set<HardwareAddress> answering = new HashSet<>(List.of(ONE, TWO).subList(0, others));
        return new Wire(Map.of(VIP, answering), Map.of(), List.of(), Set.of(), "");
    }

    private static List<Finding> findings(
            String leader, boolean isHere, Wire wire, Map<InetAddress, InetAddress> leaders) {
        HostNetwork host = isHere ? Given.host(Given.address(2, "10.0.0.9/24")) : Given.host();
        Map<String, KeyState> keys =
                leader.equals("?")
                        ? Map.of()
                        : Map.of(
                                "/service/db/leader",
                                new KeyState(
                                        Optional.of(leader).filter(name -> !name.isEmpty()),
                                        new KeyState.Session()));
        return new AddressCheck(
                        Given.settings().config(),
                        host,
                        wire,
                        new AddressCheck.Leadership(keys, leaders),
                        false)
                .findings();
    }
}
