package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Set-ups that are broken each in one way: {@code check} names what it is, and what it and the
 * daemon say of each is kept in {@code target/check-results.md}.
 */
final class CheckLiveIT {

    private static final Path RESULTS = Path.of("target/check-results.md");

    /** A daemon has said by then what it has to say. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(9);

    private static final String MEMBERS = "/service/db/members/";

    private static final List<String> TABLE = new ArrayList<>();

    @BeforeAll
    static void needsRootAndThisProgram() {
        assumeFalse(Boolean.getBoolean("lab.nobody"), "it sees as root, and takes rights away");
        assumeFalse(Program.underTest().isGo(), "vip-manager 5.0.0 has no check");
    }

    @AfterAll
    static void keepTheTable() throws IOException {
        Files.write(RESULTS, TABLE);
    }

    /** What is wrong with a name, a key or the host, beside an etcd that is well. */
    @Test
    void namesKeysAndTheHost() throws Exception {
        try (Lab lab = Lab.open("check, names and keys")) {
            lab.mayOverlap(Duration.ofHours(1)); // the test itself puts a second holder there
            store(lab, MEMBERS + "pg1", "{}");
            store(lab, MEMBERS + "pg2", "{}");

            store(lab, Lab.KEY, "pg1");
            broken("wrong trigger-value", lab, "which is no member", "--trigger-value=pg7");
            broken("wrong case", lab, "differ in upper and lower case", "--trigger-value=PG1");
            broken(
                    "FQDN against short name",
                    lab,
                    "one of them has a domain",
                    "--trigger-value=pg1.example.com");
            broken(
                    "wrong namespace",
                    lab,
                    "leader keys there are: /service/db/leader",
                    "--trigger-key=/db/db/leader");
            try (PatroniStub patroni = new PatroniStub(lab.host(1))) {
                patroni.answer(404);
                broken(
                        "etcd key with dcs-type patroni",
                        lab,
                        "it looks like a leader key, for dcs-type etcd or consul",
                        "--dcs-type=patroni",
                        "--dcs-endpoints=http://127.0.0.1:8008",
                        "--trigger-value=200");
            }
            missingCapability(lab);

            lab.host(2).namespace().ip("address add 10.0.0.99/24 dev eth0");
            broken("another program holding the address", lab, "is held by");
            lab.host(2).namespace().ip("address del 10.0.0.99/24 dev eth0");

            store(lab, Lab.KEY, "pg2");
            answerForEverything(lab.host(2));
            broken("proxy ARP", lab, "as for every address: proxy ARP");

            lab.etcd().control("", "del", Lab.KEY);
            broken("key absent", lab, "does not exist: nobody leads");

            store(lab, Lab.KEY, "pg1");
            lab.host(1).namespace().ip("link set eth0 down");
            broken("interface down", lab, "eth0 is down");
            lab.host(1).namespace().ip("link set eth0 up");
            lab.etcd().freeze();
            broken("endpoint silent", lab, "did not answer in time");
            lab.etcd().thaw();
        }
    }

    @Test
    void accessToEtcd() throws Exception {
        try (Lab lab = Lab.openWithoutEtcd("check, access")) {
            SecuredEtcd etcd = new SecuredEtcd(lab, "etcd-3.5");
            etcd.start();
            etcd.nameLeader(lab.host(1));
            for (AccessTrouble trouble :
                    List.of(
                            AccessTrouble.PASSWORD_CHANGED,
                            AccessTrouble.PERMISSION_REVOKED,
                            AccessTrouble.CERTIFICATE_EXPIRED,
                            AccessTrouble.AUTHORITY_UNKNOWN)) {
                trouble.begin(etcd);
                broken(name(trouble), lab, trouble.words(), etcd.flags());
                trouble.end(etcd);
            }
        }
    }

    @Test
    void etcdWithoutQuorum() throws Exception {
        try (Lab lab = Lab.open("check, no quorum", 2, 3, Lab.VIP)) {
            lab.leaderKey().name(lab.host(1));
            lab.etcdServers().get(1).kill();
            lab.etcdServers().get(2).kill();
            broken("etcd without quorum", lab, "no leader");
        }
    }

    /** A Patroni whose leader key is where this program does not look. */
    @Test
    void patroniThatUsesTheOldInterfaceOfEtcd() throws Exception {
        try (Lab lab = Lab.openWithoutEtcd("check, v2")) {
            lab.etcd().withOldInterface();
            lab.etcd().start();
            lab.etcd().awaitReady();
            lab.etcd().storeByOldInterface(Lab.KEY, "pg1");
            broken("Patroni on etcd's v2 API", lab, "it exists in the v2 API");
        }
    }

    /** Who answers neighbour solicitations. */
    @Test
    void addressOfIpv6() throws Exception {
        try (Lab lab = Lab.open("check, IPv6", 2, 1, Lab.VIP6)) {
            lab.mayOverlap(Duration.ofHours(1)); // the test itself puts a second holder there
            store(lab, MEMBERS + "pg1", "{}");
            store(lab, MEMBERS + "pg2", "{}");
            store(lab, Lab.KEY, "pg2");
            broken("IPv6: nobody has it", lab, "nobody answers for fd00::99");
            lab.host(2).namespace().ip("address add fd00::99/64 dev eth0 nodad");
            await("the leader has it")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    assertThat(check(lab).text())
                                            .contains("answers for fd00::99, and nobody else"));
            store(lab, Lab.KEY, "pg1");
            broken("IPv6: another host has it", lab, "fd00::99 is held by ");
        }
    }

    /** Debian's keepalived, which has the address by VRRP whoever leads. */
    @Test
    void keepalivedWithTheSameAddress() throws Exception {
        assumeTrue(Servers.has("keepalived"), "build/fetch-servers keepalived");
        try (Lab lab = Lab.open("check, keepalived");
                Keepalived _ = new Keepalived(lab, lab.host(1), "")) {
            store(lab, Lab.KEY, "pg1");
            broken("keepalived", lab, "manages 10.0.0.99 as well");
            assertThat(check(lab).text()).containsOnlyOnce("manages 10.0.0.99 as well");
        }
    }

    /**
     * Beside a running daemon, as root, where all is well: nothing is found, and nothing changed.
     */
    @Test
    void allIsWell() throws Exception {
        try (Lab lab = Lab.open("check, all is well").withLeasedLeader(Duration.ofSeconds(30))) {
            Checked checked = check(lab);
            assertThat(checked.text()).contains("this host leads; its lease has ");
            assertThat(checked.text()).contains("and nobody else answers for it");
            assertThat(checked.text()).contains("the running daemon, process ");
            assertThat(checked.text()).doesNotContain("\nerror", "\nwarning");
            assertThat(checked.code()).isZero();
            lab.holders().awaitServing(lab.host(1), Lab.AT_ONCE);
        }
    }

    private static void broken(String what, Lab lab, String found, String... flags)
            throws Exception {
        AtomicReference<Checked> last = new AtomicReference<>();
        await(what)
                .atMost(
                        Duration.ofSeconds(
                                60)) // a machine that is busy enough makes whoever is asked silent
                .untilAsserted(
                        () -> {
                            last.set(check(lab, flags));
                            assertThat(last.get().text()).contains(found);
                        });
        Checked checked = last.get();
        assertThat(checked.lines("error", "warning")).as(what).anyMatch(l -> l.contains(found));
        assertThat(checked.code()).as(what).isBetween(1, 2);
        add(what, checked, logOf(lab, Program.underTest(), flags));
    }

    private static void missingCapability(Lab lab) throws Exception {
        String within =
                "exec setpriv --inh-caps=-net_admin,-net_raw --bounding-set=-net_admin,-net_raw"
                        + " \"$@\"";
        Program without = Program.underTestWithin(within);
        Checked checked = check(lab, without);
        assertThat(checked.text()).contains("it lacks CAP_NET_ADMIN and CAP_NET_RAW");
        assertThat(checked.text()).contains("\nunseen   address     who answers for the address");
        add("missing capability", checked, logOf(lab, without));
    }

    private static Checked check(Lab lab, String... flags) throws Exception {
        return check(lab, Program.underTest(), flags);
    }

    private static Checked check(Lab lab, Program program, String... flags) throws Exception {
        return Checked.of(lab.commandLine(program, lab.host(1), flags), lab.folder());
    }

    /** What a daemon logs that is started like that, but for its settings. */
    private static List<String> logOf(Lab lab, Program program, String... flags)
            throws InterruptedException {
        Daemon daemon = lab.daemon(program, lab.host(1), flags);
        long end = System.nanoTime() + LONG_ENOUGH.toNanos();
        while (daemon.isAlive() && System.nanoTime() < end) {
            Thread.sleep(100);
        }
        List<String> log =
                daemon.log().stream().filter(line -> !line.contains(" INFO setting ")).toList();
        daemon.close();
        lab.host(1).namespace().ip("address flush dev eth0 scope global to 10.0.0.99/32");
        return log.stream().map(line -> line.replaceFirst("^\\S+Z ", "")).toList();
    }

    private static void add(String what, Checked checked, List<String> log) {
        TABLE.add("## " + what + "\n");
        TABLE.add("check (exit code " + checked.code() + "):\n");
        checked.lines("error", "warning", "unseen").forEach(line -> TABLE.add("    " + line));
        TABLE.add("\nlog:\n");
        log.stream().distinct().limit(12).forEach(line -> TABLE.add("    " + line));
        TABLE.add("");
    }

    private static void store(Lab lab, String key, String value) {
        lab.etcd().control("", "put", key, value);
    }

    /** A router that answers for whatever lies behind it, this address too. */
    private static void answerForEverything(Host host) {
        host.namespace().ip("route add default dev dcs0", "route add 10.0.0.99/32 dev dcs0");
        host.namespace().sysctl("ipv4/ip_forward", "1");
        host.namespace().sysctl("ipv4/conf/eth0/proxy_arp", "1");
        host.namespace().sysctl("ipv4/neigh/eth0/proxy_delay", "0");
    }

    private static String name(AccessTrouble trouble) {
        return switch (trouble) {
            case PASSWORD_CHANGED -> "wrong password";
            case PERMISSION_REVOKED -> "no permission";
            case CERTIFICATE_EXPIRED -> "expired certificate";
            default -> "wrong CA";
        };
    }
}
