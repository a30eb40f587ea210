package org.vipmanager.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.core.Trigger;
import org.vipmanager.tls.ServerName;
import org.vipmanager.tls.TestAuthority;
import org.vipmanager.tls.TlsFiles;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What is taken, and as what. What is refused stands in BadInputTest. */
final class ConfigLoaderTest {

    private static final String SELF_SIGNED = TestAuthority.selfSigned();

    private static final Path FILE = Path.of("/etc/vip-manager.yml");

    private final Map<String, String> flags = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private final Map<Path, String> files = new HashMap<>();
    private boolean isOpenToAll;

    ConfigLoaderTest() {
        flags.put("ip", "10.0.0.9");
        flags.put("netmask", "24");
        flags.put("interface", "eth0");
        flags.put("trigger-key", "/service/db/leader");
        files.put(Path.of("/proc/sys/kernel/hostname"), "pg1\n");
    }

    @Test
    void defaultsAreThoseOfTheTable() {
        Config config = load().config();

        assertThat(config.interval()).hasSeconds(1);
        assertThat(config.dcsTimeout()).hasSeconds(2);
        assertThat(config.retryAfter()).hasMillis(250);
        assertThat(config.retryNum()).isEqualTo(3);
        assertThat(config.onDcsLoss()).isEqualTo(OnDcsLoss.HOLD);
        assertThat(config.addressLifetime()).hasSeconds(10);
        assertThat(config.announceCount()).isEqualTo(6);
        assertThat(config.announceRefresh()).hasMinutes(1);
        assertThat(config.onExit()).isEqualTo(OnExit.RELEASE);
        assertThat(config.yieldInDoubt()).isTrue();
        assertThat(config.verbose()).isFalse();
        assertThat(config.vips().getFirst().patroniUrl()).isEmpty();
        assertThat(config.hetzner()).isEmpty();
        assertThat(load().warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "etcd, ETCD, http://127.0.0.1:2379, pg1",
        "etcd3, ETCD, http://127.0.0.1:2379, pg1",
        "consul, CONSUL, http://127.0.0.1:8500, pg1",
        "patroni, PATRONI, http://127.0.0.1:8008, 200",
        "Patroni, PATRONI, http://127.0.0.1:8008, 200",
    })
    void endpointAndTriggerValueFollowTheDcs(
            String word, DcsType type, URI endpoint, String value) {
        flags.put("dcs-type", word);

        Config config = load().config();

        assertThat(config.dcs().type()).isEqualTo(type);
        assertThat(config.dcs().endpoints()).containsExactly(endpoint);
        assertThat(config.vips().getFirst().trigger().value()).isEqualTo(value);
    }

    @Test
    void triggerKeyOfPatroniIsLeader() {
        flags.remove("trigger-key");
        flags.put("dcs-type", "patroni");

        assertThat(load().config().vips())
                .extracting(VipConfig::trigger)
                .containsExactly(new Trigger("/leader", "200"));
    }

    @Test
    void flagBeatsVariableBeatsFile() {
        file("interval: 3000", "retry-num: 5", "dcs-timeout: 4s");
        variables.put("VIP_INTERVAL", "2000");
        variables.put("VIP_RETRY_NUM", "4");
        flags.put("interval", "1500");

        Config config = load().config();

        assertThat(config.interval()).hasMillis(1500);
        assertThat(config.retryNum()).isEqualTo(4);
        assertThat(config.dcsTimeout()).hasSeconds(4);
    }

    @Test
    void emptyIsUnset() {
        file("interval: 3000", "etcd-user:", "etcd-password: ''", "dcs-type: ~");
        flags.put("interval", "");
        variables.put("VIP_INTERVAL", " ");
        variables.put("VIP_IP", "");

        assertThat(load().config().interval()).hasSeconds(3);
    }

    @Test
    void oldNamesAreTaken_whateverTheirCaseAndDashes() {
        flags.clear();
        file(
                "Iface: eth1",
                "MASK: 25",
                "key: /k",
                "nodename: n",
                "endpoint_type: consul",
                "endpoints: [http://a:1]",
                "hosting-type: basic",
                "retry_num: 7",
                "consul_token: hush");
        variables.put("VIP_IP", "10.0.0.9");

        LoadOutcome.Loaded loaded = load();

        assertThat(loaded.config().vips())
                .containsExactly(
                        new VipConfig(
                                loaded.config().vips().getFirst().vip(),
                                new Trigger("/k", "n"),
                                Optional.empty(),
                                ManagerType.BASIC,
                                "10.0.0.9"));
        assertThat(loaded.config().vips().getFirst().vip()).hasToString("10.0.0.9/25 on eth1");
        assertThat(loaded.config().retryNum()).isEqualTo(7);
        assertThat(loaded.config().dcs())
                .isEqualTo(
                        new DcsConfig.Consul(
                                List.of(URI.create("http://a:1")),
                                Optional.of(new Secret("hush")),
                                TlsFiles.NONE));
        assertThat(loaded.warnings())
                .containsExactly(
                        "old names are in use: Iface is now interface, MASK is now netmask, key is"
                                + " now trigger-key, nodename is now trigger-value, endpoint_type"
                                + " is now dcs-type, endpoints is now dcs-endpoints, hosting-type"
                                + " is now manager-type");
    }

    /**
     * Every construct of the Go program's sample file, in its first and in its present spelling.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fileInTheStyleOfTheGoProgramsSampleIsTaken(boolean isOld) {
        flags.clear();
        String text =
                """
                # für den VIP, with the defaults

                interval: 1000

                # a comment above
                %1$s: "/service/db/leader"
                %2$s: "pg1"

                ip: 10.0.0.9 # the address
                %3$s: 24 # behind a value
                %4$s: enp0s3 #without a space

                hosting-type: basic # possible: basic, or hetzner.

                %5$s: etcd # one of three
                # with spaces at its end:\s\s
                %6$s:
                  - http://127.0.0.1:2379
                  - https://192.168.0.42:2379
                  # Isn't it the last item? A comment within the list's indentation.

                etcd-user: "patroni"
                etcd-password: "Somebody's secret password"
                etcd-ca-file: "/certificate.pem"
                etcd-cert-file: "/certificate.pem"
                etcd-key-file: "/key.pem"
                # of another DCS
                consul-token: "Somebody's secret token"

                retry-num: 2
                retry-after: 250  #in milliseconds

                verbose: false
                # log-file: /var/log/vip-manager.log
                """
                        .formatted(
                                isOld ? "key" : "trigger-key",
                                isOld ? "nodename" : "trigger-value",
                                isOld ? "mask" : "netmask",
                                isOld ? "iface" : "interface",
                                isOld ? "endpoint_type" : "dcs-type",
                                isOld ? "endpoints" : "dcs-endpoints");
        certificate();
        key();
        // Then the names with a dash had an underscore instead.
        Pattern name = Pattern.compile("(?m)^[a-z-]+:");
        file(isOld ? name.matcher(text).replaceAll(m -> m.group().replace('-', '_')) : text);

        Config config = load().config();

        assertThat(config.vips())
                .extracting(Object::toString)
                .containsExactly(
                        "VipConfig[vip=10.0.0.9/24 on enp0s3, trigger=Trigger[key=/service/db/leader,"
                                + " value=pg1], patroniUrl=Optional.empty, managerType=BASIC, label=10.0.0.9]");
        assertThat(config.dcs())
                .isEqualTo(
                        new DcsConfig.Etcd(
                                List.of(
                                        URI.create("http://127.0.0.1:2379"),
                                        URI.create("https://192.168.0.42:2379")),
                                Optional.of("patroni"),
                                Optional.of(new Secret("Somebody's secret password")),
                                new TlsFiles(
                                        Optional.of(Path.of("/certificate.pem")),
                                        Optional.of(Path.of("/certificate.pem")),
                                        Optional.of(Path.of("/key.pem")))));
        assertThat(config.retryNum()).isEqualTo(2);
        assertThat(config.verbose()).isFalse();
        assertThat(load().warnings())
                .allSatisfy(warning -> assertThat(warning).startsWith("old names are in use: "));
    }

    @ParameterizedTest
    @CsvSource({
        "VIP_IFACE, interface",
        "VIP_MASK, netmask",
        "VIP_KEY, trigger-key",
        "VIP_HOST, trigger-value",
        "VIP_NODENAME, trigger-value",
        "VIP_TYPE, dcs-type",
        "VIP_ENDPOINT_TYPE, dcs-type",
        "VIP_ENDPOINT, dcs-endpoints",
        "VIP_ENDPOINTS, dcs-endpoints",
        "VIP_HOSTINGTYPE, manager-type",
        "VIP_HOSTING_TYPE, manager-type",
        "VIP_hosting-type, manager-type",
        "VIP_Trigger_Value, trigger-value",
    })
    void oldVariablesAreTaken(String variable, String setting) {
        String value =
                Map.of(
                                "interface", "eth7",
                                "netmask", "30",
                                "trigger-key", "/other",
                                "trigger-value", "pg7",
                                "dcs-type", "consul",
                                "dcs-endpoints", "http://other:1",
                                "manager-type", "basic")
                        .get(setting);
        flags.remove(setting);
        variables.put(variable, value);

        assertThat(load().effective())
                .contains(new Effective(setting, value, new Source.Variable(variable)));
    }

    @Test
    void currentNameBeatsTheOldOne_silentlyWhenTheySayTheSame() {
        flags.remove("netmask");
        flags.remove("interface");
        variables.put("VIP_MASK", "24");
        variables.put("VIP_NETMASK", "24");
        variables.put("VIP_IFACE", "eth1");
        variables.put("VIP_INTERFACE", "eth2");

        LoadOutcome.Loaded loaded = load();

        assertThat(loaded.config().vips().getFirst().vip()).hasToString("10.0.0.9/24 on eth2");
        assertThat(loaded.warnings())
                .containsExactly(
                        "VIP_IFACE is an old name and is ignored: VIP_INTERFACE has another value");
    }

    @Test
    void sameNameInTwoSpellings_isNoOldName() {
        file("Retry_Num: 4", "retry-num: 5", "Retry-Num: 6");
        variables.put("VIP_interval", "700");

        assertThat(load().config().retryNum()).isEqualTo(5);
        assertThat(load().config().interval()).hasMillis(700);
        assertThat(load().warnings())
                .containsExactly(
                        "Retry_Num (/etc/vip-manager.yml:1) is another spelling of retry-num and is"
                                + " ignored: retry-num (/etc/vip-manager.yml:2) has another value",
                        "Retry-Num (/etc/vip-manager.yml:3) is another spelling of retry-num and is"
                                + " ignored: retry-num (/etc/vip-manager.yml:2) has another value");
    }

    /** vip-manager 5.0.0 ignores old names, so that what they say must not change the leader. */
    @ParameterizedTest
    @CsvSource({
        "VIP_IFACE, eth8, interface, eth1",
        "VIP_MASK, 25, netmask, 24",
        "VIP_KEY, /x, trigger-key, /service/db/leader",
        "VIP_HOST, pg2, trigger-value, pg1",
        "VIP_NODENAME, pg2, trigger-value, pg1",
        "VIP_TYPE, consul, dcs-type, etcd",
        "VIP_ENDPOINT_TYPE, consul, dcs-type, etcd",
        "VIP_ENDPOINT, http://b:2, dcs-endpoints, http://a:1",
        "VIP_ENDPOINTS, http://b:2, dcs-endpoints, http://a:1",
        "VIP_HOSTINGTYPE, hetzner, manager-type, basic",
        "VIP_hosting-type, hetzner, manager-type, basic",
    })
    void currentNameInTheFileBeatsAnOldVariable(
            String variable, String old, String setting, String current) {
        flags.remove(setting);
        file(setting + ": " + current);
        variables.put(variable, old);

        LoadOutcome.Loaded loaded = load();

        assertThat(loaded.effective())
                .contains(new Effective(setting, current, new Source.Line(FILE, 1)));
        assertThat(loaded.warnings())
                .containsExactly(
                        variable
                                + " is an old name and is ignored: "
                                + setting
                                + " (/etc/vip-manager.yml:1) has another value");
    }

    @Test
    void currentVariableBeatsAnOldNameInTheFile_andAFlagBeatsBoth() {
        file("host: pg1", "key: /old", "Trigger-Key: /current");
        flags.remove("trigger-key");
        variables.put("VIP_TRIGGER_VALUE", "pg2");

        assertThat(load().config().vips().getFirst().trigger())
                .isEqualTo(new Trigger("/current", "pg2"));
        assertThat(load().warnings())
                .containsExactly(
                        "host (/etc/vip-manager.yml:1) is an old name and is ignored:"
                                + " VIP_TRIGGER_VALUE has another value",
                        "key (/etc/vip-manager.yml:2) is an old name and is ignored: Trigger-Key"
                                + " (/etc/vip-manager.yml:3) has another value");

        flags.put("trigger-value", "pg3");
        assertThat(load().config().vips().getFirst().trigger().value()).isEqualTo("pg3");
        assertThat(load().warnings())
                .contains(
                        "host (/etc/vip-manager.yml:1) is an old name and is ignored:"
                                + " --trigger-value has another value");
    }

    @Test
    void oldNamesFillWhatHasNoCurrentOne_theVariableBeforeTheFile() {
        file("host: pg1", "endpoints: http://a:1");
        variables.put("VIP_NODENAME", "pg2");

        LoadOutcome.Loaded loaded = load();

        assertThat(loaded.config().vips().getFirst().trigger().value()).isEqualTo("pg2");
        assertThat(loaded.config().dcs().endpoints()).containsExactly(URI.create("http://a:1"));
        assertThat(loaded.warnings())
                .containsExactly(
                        "host (/etc/vip-manager.yml:1) is an old name and is ignored: VIP_NODENAME"
                                + " has another value",
                        "old names are in use: VIP_NODENAME is now VIP_TRIGGER_VALUE, endpoints is"
                                + " now dcs-endpoints");
    }

    @Test
    void oldNamesAreNeverSuggested() {
        file("hosts: a", "typ: etcd");

        assertThat(load().warnings())
                .containsExactly(
                        "hosts (/etc/vip-manager.yml:1) is ignored: no such setting; is"
                                + " trigger-value meant?",
                        "typ (/etc/vip-manager.yml:2) is ignored: no such setting; is dcs-type"
                                + " meant?");
    }

    @Test
    void netmaskOfMinusOneIsShownAsWhatItStandsFor_andClassAIsWarnedOf() {
        flags.put("netmask", "-1");

        assertThat(load().effective())
                .contains(
                        new Effective(
                                "netmask",
                                "8, the default, as -1 was given",
                                new Source.Flag("--netmask")));
        assertThat(load().warnings())
                .containsExactly(
                        "netmask (--netmask): -1 means 10.0.0.9/8, the default of its class;"
                                + " write the prefix length of the network, such as 24");

        flags.put("ip", "192.168.0.9");
        assertThat(load().warnings()).isEmpty();
    }

    @Test
    void unknownVariablesAreWarnedOf_andNothingElseOfTheEnvironment() {
        variables.put("VIP_COLOUR", "red");
        variables.put("VIP_INTERVALL", "1");
        variables.put("VIP_EMPTY", "");
        variables.put("PATH", "/bin");
        variables.put("vip_ip", "10.0.0.77");

        assertThat(load().warnings())
                .containsExactly(
                        "the variable VIP_COLOUR is ignored: no such setting",
                        "the variable VIP_INTERVALL is ignored: no such setting; is VIP_INTERVAL"
                                + " meant?");
    }

    /** As docker and podman hand over what stands in a file for {@code --env-file}. */
    @Test
    void variablesOfContainersMayHaveBlanksAndQuotes() {
        flags.clear();
        variables.put("VIP_IP", "10.0.0.9  ");
        variables.put("VIP_NETMASK", " 24 ");
        variables.put("VIP_INTERFACE", "\"eth0\" ");
        variables.put("VIP_TRIGGER_KEY", "'/service/db/leader'");
        variables.put("VIP_TRIGGER_VALUE", "pg1\t");
        variables.put("VIP_DCS_TYPE", "\"etcd\"");
        variables.put("VIP_DCS_ENDPOINTS", "\"http://10.0.0.1:2379,http://10.0.0.2:2379\"");
        variables.put("VIP_ETCD_USER", "\"vip\"");
        variables.put("VIP_ETCD_PASSWORD", "\"secret\"");
        variables.put("VIP_COMPOSE_PROJECT", "db");
        variables.put("VIP_PATRONI_URL", "\"\"");

        LoadOutcome.Loaded loaded = load();

        VipConfig vip = loaded.config().vips().getFirst();
        assertThat(vip.trigger()).isEqualTo(new Trigger("/service/db/leader", "pg1"));
        assertThat(vip.patroniUrl()).isEmpty();
        assertThat(loaded.config().dcs().endpoints())
                .containsExactly(
                        URI.create("http://10.0.0.1:2379"), URI.create("http://10.0.0.2:2379"));
        assertThat(loaded.warnings())
                .contains(
                        "the variable VIP_COMPOSE_PROJECT is ignored: no such setting",
                        "the quotes around VIP_ETCD_PASSWORD are taken as a part of it");
    }

    @Test
    void unknownKeysFarFromAllNamesAreWarnedOf() {
        file("colour: red", "x-common: {a: [1, 2]}", "config: other.yml");

        assertThat(load().warnings())
                .containsExactly(
                        "colour (/etc/vip-manager.yml:1) is ignored: no such setting",
                        "x-common (/etc/vip-manager.yml:2) is ignored: no such setting",
                        "config (/etc/vip-manager.yml:3) is ignored: a file cannot name another");
    }

    @ParameterizedTest
    @CsvSource({
        "010, 010",
        "200, 200",
        "1e3, 1e3",
        "yes, yes",
        "'\"0x1F\"', 0x1F",
        "1.10, 1.10",
        "2026-01-01, 2026-01-01",
        "true, true",
        "1_000, 1_000",
        "'\"it''s\"', it's",
    })
    void textKeepsTheWrittenScalar(String written, String value) {
        file("trigger-value: " + written);

        assertThat(load().config().vips().getFirst().trigger().value()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "24, 24", "'\"24\"', 24", "' 24 ', 24", "+24, 24", "0x18, 24", "030, 24", "0b11000, 24",
        "0o30, 24", "24.0, 24", "2.4e1, 24", "1_6, 16", "32, 32", "1, 1", "-1, 8",
    })
    void netmaskIsTakenAsTheGoProgramTakesNumbers(String written, int prefixLength) {
        flags.remove("netmask");
        file("netmask: " + written);

        assertThat(load().config().vips().getFirst().vip().prefixLength()).isEqualTo(prefixLength);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.9, 8", "172.16.0.9, 16", "192.168.0.9, 24", "2001:db8::9, 128"})
    void netmaskMinusOneIsTheDefaultOfTheClass(String ip, int prefixLength) {
        flags.put("ip", ip);
        flags.put("netmask", "-1");

        assertThat(load().config().vips().getFirst().vip().prefixLength()).isEqualTo(prefixLength);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0, 31", "10.0.0.1, 31", "10.0.0.255, 32", "10.0.0.255, 23"})
    void addressAtTheEdgeIsTaken_whereTheNetworkHasNoBroadcast(String ip, String netmask) {
        flags.put("ip", ip);
        flags.put("netmask", netmask);

        assertThat(load().config().vips()).hasSize(1);
    }

    /** The Go program starts with them, and Linux takes them. */
    @ParameterizedTest
    @CsvSource({"0.1.2.3, 0.0.0.0/8", "250.0.0.1, 240.0.0.0/4"})
    void reservedAddressIsTakenWithAWarning(String ip, String network) {
        flags.put("ip", ip);

        assertThat(load().warnings())
                .containsExactly(
                        "ip (--ip): %s is in the reserved network %s, which not every system and router accepts for a host"
                                .formatted(ip, network));
    }

    @ParameterizedTest
    @CsvSource({
        "true, true",
        "yes, true",
        "on, true",
        "1, true",
        "T, true",
        "FALSE, false",
        "no, false",
        "off, false",
        "0, false",
        "2, true",
        "0.0, false",
    })
    void switchesAreTakenInAllTheirForms(String written, boolean isOn) {
        file("verbose: " + written);

        assertThat(load().config().verbose()).isEqualTo(isOn);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 1000",
        "'\"500\"', 500",
        "1000.0, 1000",
        "250ms, 250",
        "2s, 2000",
        "1.5s, 1500",
        "1 min, 60000",
        "0.5min, 30000",
        "2S, 2000",
        "1e3, 1000",
    })
    void durationsAreMillisecondsWhenBare(String written, long milliseconds) {
        file("dcs-timeout: " + written);

        assertThat(load().config().dcsTimeout()).isEqualTo(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-100"})
    void retryNumOfZeroOrLessMeansThree(String written) {
        flags.put("retry-num", written);

        assertThat(load().config().retryNum()).isEqualTo(3);
    }

    @Test
    void retryAfterOfZeroMeansTheDefault() {
        flags.put("retry-after", "0");

        assertThat(load().config().retryAfter()).hasMillis(250);
        assertThat(load().warnings()).containsExactly("retry-after 0 means 250ms");
    }

    /** What vip-manager 5.0.0 takes is taken, and what can hardly be meant is told. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "interval | 1000 | ''",
                "interval | 100 | ''",
                "interval | 10s | ''",
                "interval | 5 | 5ms asks the DCS more than ten times a second (is 5s meant?)",
                "interval | 0.05s | 50ms asks the DCS more than ten times a second",
                "interval | 11s | 11s is long: a leader key whose lease is shorter cannot be"
                        + " confirmed in time, and the address is released",
                "retry-after | 250 | ''",
                "retry-after | 50 | ''",
                "retry-after | 2 | 2ms asks a DCS that has failed more than twenty times a second"
                        + " (is 2s meant?)",
                "retry-after | 250s | 250s is long: for so long a DCS that has failed is not asked"
                        + " again",
                "dcs-timeout | 100 | ''",
                "dcs-timeout | 1min | ''",
                "dcs-timeout | 2000s | 2000s is long: an endpoint that does not answer is given up"
                        + " only then",
                "address-lifetime | 2s | ''",
                "address-lifetime | 10min | ''",
                "address-lifetime | 10000s | 10000s is long: so long the address can stay on a host"
                        + " whose daemon is dead",
                "announce-refresh | 0 | ''",
                "announce-refresh | 0s | ''",
                "announce-refresh | 1s | ''",
                "announce-refresh | 1000 | ''",
                "announce-refresh | 60s | ''",
            })
    void aDurationThatCanHardlyBeMeantIsTold(String setting, String written, String warning) {
        file(setting + ": " + written);

        assertThat(load().warnings())
                .containsExactlyElementsOf(
                        warning.isEmpty() ? List.of() : List.of(setting + " " + warning));
    }

    @Test
    void asManyAddressesAsThereMayBeAreTaken_withAllTheirSettings() {
        flags.clear();
        StringBuilder vips = new StringBuilder("vips:\n");
        for (int i = 0; i < Settings.MOST_VIPS; i++) {
            vips.append("- ip: 10.9.%d.%d\n  netmask: 16\n".formatted(i / 250, 1 + i % 250))
                    .append("  interface: eth0\n  trigger-key: /service/pg%d/leader\n".formatted(i))
                    .append(
                            "  trigger-value: pg1\n  manager-type: basic\n  label: pg%d\n"
                                    .formatted(i));
        }
        file(vips.toString());

        assertThat(load().config().vips()).hasSize(Settings.MOST_VIPS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://a:1,http://b:2 | http://a:1 http://b:2",
                "' http://a:1 , https://b:2 ,' | http://a:1 https://b:2",
                "HTTP://a:1/ | http://a:1",
                "http://[::1]:2379 | http://[::1]:2379",
                "http://a:1,http://a:1 | http://a:1",
                "http://etcd-1.db_net:2379 | http://etcd-1.db_net:2379",
            })
    void endpointsAreSeparatedByCommas(String written, String uris) {
        variables.put("VIP_DCS_ENDPOINTS", written);

        assertThat(load().config().dcs().endpoints())
                .extracting(URI::toString)
                .containsExactly(uris.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dcs-endpoints: http://a:1,http://b:2",
                "dcs-endpoints: 'http://a:1, http://b:2'",
                "dcs-endpoints: [http://a:1, http://b:2]",
                "dcs-endpoints: ['http://a:1,http://b:2']",
                "dcs-endpoints:\n  - http://a:1\n  - http://b:2",
                "dcs-endpoints:\n- http://a:1\n-\n- http://b:2",
            })
    void endpointsInTheFileAreAListOrText(String lines) {
        file(lines);

        assertThat(load().config().dcs().endpoints())
                .containsExactly(URI.create("http://a:1"), URI.create("http://b:2"));
    }

    @Test
    void endpointOfEtcdWithoutASchemeIsTakenWithAWarning() {
        flags.put("dcs-endpoints", "a:1,[::1]:2");

        assertThat(load().config().dcs().endpoints())
                .containsExactly(URI.create("http://a:1"), URI.create("http://[::1]:2"));
        assertThat(load().warnings())
                .containsExactly(
                        "dcs-endpoints (--dcs-endpoints): \"a:1\" has no scheme and is taken as"
                                + " http://a:1",
                        "dcs-endpoints (--dcs-endpoints): \"[::1]:2\" has no scheme and is taken as"
                                + " http://[::1]:2");
    }

    @Test
    void endpointOfEtcdWithoutASchemeIsHttps_whenThereIsAnAuthority() {
        flags.put("dcs-endpoints", "a:1");
        flags.put("etcd-ca-file", certificate());

        assertThat(load().config().dcs().endpoints()).containsExactly(URI.create("https://a:1"));
    }

    @Test
    void userPasswordAndPathOfAnEndpointAreIgnoredWithAWarning() {
        flags.put("dcs-endpoints", "http://joe:hush@a:1/v3");

        assertThat(load().config().dcs().endpoints()).containsExactly(URI.create("http://a:1"));
        assertThat(load().warnings())
                .containsExactly(
                        "dcs-endpoints (--dcs-endpoints): the user and password before @ are"
                                + " ignored",
                        "dcs-endpoints (--dcs-endpoints): \"/v3\" after the host is ignored");
    }

    @Test
    void ofSeveralPatronisTheFirstIsUsed_withItsPath() {
        flags.put("dcs-type", "patroni");
        flags.put("dcs-endpoints", "https://a/patroni/,http://b:8008");
        flags.put("trigger-key", "/leader");

        assertThat(load().config().dcs().endpoints())
                .containsExactly(URI.create("https://a/patroni"));
        assertThat(load().warnings())
                .containsExactly(
                        "dcs-endpoints (--dcs-endpoints): only https://a/patroni is used, because"
                                + " each Patroni answers for its own host");
    }

    @Test
    void userWithoutPasswordIsNotUsed() {
        flags.put("etcd-user", "joe");

        assertThat(load().config().dcs()).extracting("user").isEqualTo(Optional.empty());
        assertThat(load().warnings())
                .containsExactly("etcd-user (--etcd-user) is not used: there is no etcd-password");
    }

    @Test
    void passwordComesFromItsFile_withoutTheLineBreak() {
        flags.put("etcd-user", "joe");
        flags.put("etcd-password-file", "/secret");
        files.put(Path.of("/secret"), " hu sh \r\n");

        assertThat(password().text()).isEqualTo(" hu sh ");
        assertThat(load().warnings()).isEmpty();
    }

    @Test
    void passwordOfAHigherSourceBeatsThePasswordFileOfALower_andTheReverse() {
        files.put(Path.of("/secret"), "from-file");
        file("etcd-user: joe", "etcd-password-file: /secret");
        variables.put("VIP_ETCD_PASSWORD", "from-variable");

        assertThat(password()).isEqualTo(new Secret("from-variable"));

        flags.put("etcd-password-file", "/secret");
        assertThat(password().text()).isEqualTo("from-file");
    }

    @Test
    void passwordIsWhatItsFileHoldsNow_unlessItIsAPipe() {
        flags.put("etcd-user", "joe");
        for (String file : List.of("/secret", "/dev/fd/63")) {
            flags.put("etcd-password-file", file);
            files.put(Path.of(file), "old");
            Supplier<String> password = password().current();
            files.put(Path.of(file), "new\n");

            assertThat(password.get()).isEqualTo(file.equals("/secret") ? "new" : "old");
        }
    }

    @Test
    void reloadingWithTheSamePasswordFileChangesNothing() {
        flags.put("etcd-user", "joe");
        flags.put("etcd-password-file", "/secret");
        files.put(Path.of("/secret"), "hush");
        ConfigLoader loader = new ConfigLoader(flags, variables, disk());

        assertThat(loader.load()).isEqualTo(loader.load());
    }

    @Test
    void secretsThatEverybodyMayReadAreWarnedOf() {
        isOpenToAll = true;
        files.put(Path.of("/token"), "hush");
        file("dcs-type: consul", "consul-token-file: /token", "etcd-password: unused");

        assertThat(load().warnings())
                .containsExactly(
                        "/etc/vip-manager.yml holds etcd-password, and every user of this host may"
                                + " read it; move it to a file for etcd-password-file, which the"
                                + " systemd unit hands over by LoadCredential= (docs/settings.md,"
                                + " Secrets)",
                        "consul-token-file: every user of this host may read /token; make it a file"
                                + " with mode 600, which the systemd unit hands over by"
                                + " LoadCredential= (docs/settings.md, Secrets)");
    }

    /** As packaging/start hands over what stood on the command line. */
    @Test
    void flagThatTheLauncherHidIsStillAFlag() {
        file("etcd-user: joe", "etcd-password-file: /missing");
        variables.put("VIP_ETCD_PASSWORD", "of the variable");
        variables.put("VIPMANAGER_FLAG_ETCD_PASSWORD", "of the flag");

        assertThat(load().config().dcs())
                .extracting("password")
                .isEqualTo(Optional.of(new Secret("of the flag")));
        assertThat(load().effective())
                .contains(
                        new Effective(
                                "etcd-password", "*****", new Source.Flag("--etcd-password")));
        assertThat(load().effective())
                .extracting(Effective::setting)
                .doesNotContain("etcd-password-file");
        assertThat(load().warnings()).isEmpty();

        variables.put("VIPMANAGER_FLAG_ETCD_PASSWORD", "");
        assertThat(load().config().dcs())
                .extracting("password")
                .isEqualTo(Optional.of(new Secret("of the variable")));
    }

    @Test
    void interfaceOfEachAddressIsNamedWithItsPlace_exceptWhereAProviderMovesIt() {
        file(
                "vips:",
                "  - ip: 10.0.0.10",
                "  - {ip: 10.0.0.11, interface: eth1}",
                "  - {ip: 10.0.0.12, manager-type: hetzner}",
                "hetzner-credentials-file: /robot");
        files.put(Path.of("/robot"), "user=\"joe\"\npass=\"hush\"\n");

        assertThat(load().interfaces())
                .containsExactly(
                        new Effective("interface", "eth0", new Source.Flag("--interface")),
                        new Effective("interface", "eth0", new Source.Flag("--interface")),
                        new Effective("interface", "eth1", new Source.Line(FILE, 3)));
    }

    @Test
    void noSecretIsShownAnywhere() {
        flags.put("etcd-user", "joe");
        flags.put("etcd-password", "hush");

        LoadOutcome.Loaded loaded = load();

        assertThat(loaded.toString()).doesNotContain("hush");
        assertThat(loaded.effective())
                .contains(
                        new Effective(
                                "etcd-password", "*****", new Source.Flag("--etcd-password")));
    }

    @Test
    void settingsOfAnotherDcsAreNotLookedAt() {
        file(
                "dcs-type: consul",
                "etcd-ca-file: /missing",
                "etcd-password: no user",
                "patroni-key-file: /missing",
                "hetzner-credentials-file: /missing",
                "hetzner-cloud-server-id: no number");

        assertThat(load().warnings()).isEmpty();
    }

    @Test
    void keyWithoutCertificateIsNotUsed_norOpened() {
        flags.put("etcd-key-file", "/missing");

        assertThat(load().config().dcs().tls()).isEqualTo(TlsFiles.NONE);
        assertThat(load().warnings())
                .containsExactly(
                        "etcd-key-file (--etcd-key-file) is not used: there is no etcd-cert-file");
    }

    @Test
    void certificateWithoutAuthorityMeansTheSystemsTrustStore() {
        flags.put("dcs-endpoints", "https://a:1");
        flags.put("etcd-cert-file", certificate());
        flags.put("etcd-key-file", key());

        assertThat(load().config().dcs().tls())
                .isEqualTo(
                        new TlsFiles(
                                Optional.empty(),
                                Optional.of(Path.of("/certificate.pem")),
                                Optional.of(Path.of("/key.pem"))));
        assertThat(load().warnings())
                .containsExactly(
                        "etcd-cert-file (--etcd-cert-file): without etcd-ca-file the servers'"
                                + " certificates are checked with the system's trust store");
    }

    @Test
    void authorityWithoutAnyHttpsEndpointIsWarnedOf() {
        flags.put("etcd-ca-file", certificate());

        assertThat(load().warnings())
                .containsExactly("etcd-ca-file (--etcd-ca-file) is not used: no endpoint is https");
    }

    /** Patroni's name is its own: that of etcd's certificates is none of its. */
    @ParameterizedTest
    @CsvSource({
        "etcd, etcd.example",
        "etcd, etcd_1.swarm.",
        "etcd, 192.0.2.7",
        "etcd, '[2001:db8::7]'",
        "consul, consul.example",
        "patroni, patroni.example"
    })
    void nameOfTheServersCertificates(String type, String name) {
        flags.put("dcs-type", type);
        flags.put("dcs-endpoints", "https://a:1");
        flags.put("etcd-tls-server-name", "other.example");
        flags.put(type + "-tls-server-name", name);

        assertThat(load().config().dcs().tls().serverName()).contains(new ServerName(name));
    }

    @Test
    void consulsOwnVariableNamesTheServer() {
        variables.put("CONSUL_TLS_SERVER_NAME", "server.dc1.consul");
        flags.put("dcs-type", "consul");
        flags.put("dcs-endpoints", "https://a:1");

        assertThat(load().config().dcs().tls().serverName())
                .contains(new ServerName("server.dc1.consul"));
        flags.put("consul-tls-server-name", "ours.example");
        assertThat(load().config().dcs().tls().serverName())
                .contains(new ServerName("ours.example"));
    }

    @Test
    void nameOfTheLocalPatronisCertificate() {
        flags.put("patroni-url", "https://127.0.0.1:8008");
        flags.put("patroni-tls-server-name", "pg1.example");

        assertThat(load().config().patroniTls().serverName())
                .contains(new ServerName("pg1.example"));
        assertThat(load().config().dcs().tls()).isEqualTo(TlsFiles.NONE);
    }

    @Test
    void domainTakesThePlaceOfEndpoints() {
        flags.put("etcd-srv", "example.com.");
        flags.put("etcd-srv-suffix", "prod");
        flags.put("etcd-tls-server-name", "etcd.example"); // what is https is not known yet

        DcsConfig dcs = load().config().dcs();

        assertThat(dcs.endpoints()).isEmpty();
        assertThat(dcs.srv()).contains(new EtcdSrv("example.com", Optional.of("prod")));
        assertThat(load().warnings()).isEmpty();
        assertThat(load().effective())
                .extracting(Effective::setting)
                .contains("etcd-srv", "etcd-srv-suffix")
                .doesNotContain("dcs-endpoints");
    }

    @Test
    void suffixWithoutADomainIsWarnedOf() {
        flags.put("etcd-srv-suffix", "prod");

        assertThat(load().warnings())
                .containsExactly(
                        "etcd-srv-suffix (--etcd-srv-suffix) is not used: there is no etcd-srv");
    }

    @Test
    void serverNameWithoutAnyHttpsEndpointIsWarnedOf() {
        flags.put("etcd-tls-server-name", "etcd.example");

        assertThat(load().warnings())
                .containsExactly(
                        "etcd-tls-server-name (--etcd-tls-server-name) is not used: no endpoint is"
                                + " https");
    }

    @Test
    void patroniReadsItsOwnFiles_andThoseThatTheGoProgramReads() {
        flags.put("dcs-type", "patroni");
        flags.put("dcs-endpoints", "https://a:8008");
        flags.put("etcd-ca-file", certificate());
        flags.put("etcd-cert-file", "/missing");
        flags.put("patroni-cert-file", certificate());
        flags.put("etcd-key-file", key());

        assertThat(load().config().dcs().tls())
                .isEqualTo(
                        new TlsFiles(
                                Optional.of(Path.of("/certificate.pem")),
                                Optional.of(Path.of("/certificate.pem")),
                                Optional.of(Path.of("/key.pem"))));
    }

    /** As in compose and swarm networks. */
    @ParameterizedTest
    @ValueSource(strings = {"etcd", "consul", "patroni"})
    void hostNameMayHaveAnUnderscore(String type) {
        flags.put("dcs-type", type);
        flags.put("dcs-endpoints", "https://db_1:2381");

        assertThat(load().config().dcs().endpoints()).hasToString("[https://db_1:2381]");
    }

    @Test
    void patroniUrlMayHaveAnUnderscoreInItsHostName() {
        flags.put("patroni-url", "http://db_1:8008");

        assertThat(load().config().vips().getFirst().patroniUrl())
                .contains(URI.create("http://db_1:8008"));
    }

    @Test
    void patroniUrlIsTakenWithoutItsLastSlash() {
        flags.put("patroni-url", "http://127.0.0.1:8008/");

        assertThat(load().config().vips().getFirst().patroniUrl())
                .contains(URI.create("http://127.0.0.1:8008"));
    }

    @Test
    void fileThatMayNotBeReadIsRefused() {
        flags.put("config", "/denied");
        flags.put("etcd-password", "of a user in the file");

        assertThat(refuse())
                .singleElement()
                .asString()
                .matches(
                        "config = \"/denied\" \\(--config\\): may not be read by this user"
                                + " \\(uid \\d+; the systemd unit runs as a user of its own\\);"
                                + " name a file that this user can read");
    }

    @Test
    void consulsOwnVariablesCountBelowAllOfOurs() {
        variables.put("CONSUL_HTTP_ADDR", "consul:8501");
        variables.put("CONSUL_HTTP_SSL", "true");
        variables.put("CONSUL_HTTP_TOKEN", "theirs");
        variables.put("CONSUL_HTTP_TOKEN_FILE", "/missing");
        variables.put("CONSUL_CACERT", certificate());
        flags.put("dcs-type", "consul");

        LoadOutcome.Loaded loaded = load();

        assertThat(loaded.config().dcs())
                .isEqualTo(
                        new DcsConfig.Consul(
                                List.of(URI.create("https://consul:8501")),
                                Optional.of(new Secret("theirs")),
                                new TlsFiles(
                                        Optional.of(Path.of("/certificate.pem")),
                                        Optional.empty(),
                                        Optional.empty())));
        assertThat(loaded.effective())
                .contains(
                        new Effective(
                                "consul-token", "*****", new Source.Variable("CONSUL_HTTP_TOKEN")));

        files.put(Path.of("/token"), "ours");
        file("consul-token-file: /token", "dcs-endpoints: http://ours:1");
        DcsConfig.Consul consul = (DcsConfig.Consul) load().config().dcs();
        assertThat(consul.token().map(Secret::text)).contains("ours");
        assertThat(consul.endpoints()).containsExactly(URI.create("http://ours:1"));
    }

    @Test
    void hetznerNeedsNeitherInterfaceNorNetmask() {
        flags.remove("interface");
        flags.remove("netmask");
        flags.put("manager-type", "hetzner");
        files.put(Path.of("/etc/hetzner"), "user=\"joe\"\npass=\"hush\"\n");

        Config config = load().config();

        assertThat(config.vips().getFirst().vip()).hasToString("10.0.0.9");
        assertThat(config.hetzner())
                .contains(
                        new HetznerConfig(
                                Optional.of(
                                        new HetznerConfig.Robot(
                                                Path.of("/etc/hetzner"),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty())),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
    }

    @Test
    void commandIsAProgramAndItsArguments_orAList() {
        flags.remove("interface");
        flags.remove("netmask");
        flags.put("manager-type", "command");
        flags.put("provider-command", "/bin/route  --fast x");
        Config config = load().config();
        assertThat(config.command())
                .contains(
                        new CommandConfig(
                                List.of("/bin/route", "--fast", "x"),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                List.of()));
        assertThat(config.localVips()).isEmpty();

        flags.remove("provider-command");
        file("provider-command: [/bin/route, two words]", "provider-timeout: 5s");
        assertThat(load().config().command())
                .contains(
                        new CommandConfig(
                                List.of("/bin/route", "two words"),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(60),
                                List.of()));
    }

    @Test
    void variablesOfACommand_areNamed_andNeverWritten() {
        flags.put("manager-type", "command");
        flags.put("provider-command", "/bin/route");
        variables.put("OS_CLOUD", "one");
        file("provider-environment: [OS_CLOUD, OS_TOKEN]");
        assertThat(load().config().command().orElseThrow().environment())
                .containsExactly("OS_CLOUD", "OS_TOKEN");
        assertThat(load().warnings())
                .containsExactly(
                        "provider-environment (%s:1): this process has no variable OS_TOKEN; set it in the unit"
                                .formatted(FILE));
        flags.put("provider-environment", "OS_CLOUD OS_TOKEN=hush");
        assertThat(refuse().toString()).contains("OS_TOKEN=*****").doesNotContain("hush");
    }

    @Test
    void tokenOfTheCloud_mayStandInTheRobotsFile_andIsTakenFromThereLast() {
        flags.put("manager-type", "hetzner-cloud");
        assertThat(refuse().toString()).contains("token=");
        files.put(Path.of("/etc/hetzner"), "user=x\npass=y\r\n token = 'hu sh'\r\n#token=no\n");
        assertThat(tokenOfTheCloud()).isEqualTo("hu sh");
        assertThat(load().effective())
                .contains(
                        new Effective(
                                "hetzner-credentials-file", "/etc/hetzner", new Source.Default()));
        variables.put("HCLOUD_TOKEN", "first");
        assertThat(tokenOfTheCloud()).isEqualTo("first");
    }

    private String tokenOfTheCloud() {
        return load().config().hetzner().orElseThrow().cloud().orElseThrow().token().text();
    }

    @Test
    void commandWithAnInterface_isOnItToo_asASingleAddressUnlessGiven() {
        flags.put("manager-type", "command");
        flags.put("provider-command", "/bin/route");
        assertThat(load().config().localVips().getFirst().vip()).hasToString("10.0.0.9/24 on eth0");
        flags.remove("netmask");
        assertThat(load().config().localVips().getFirst().vip()).hasToString("10.0.0.9/32 on eth0");
    }

    @Test
    void hetznerCloudNeedsAToken() {
        flags.put("manager-type", "hetzner-cloud");
        flags.put("hetzner-cloud-token", "hush");
        flags.put("hetzner-cloud-server-id", "42");
        flags.put("hetzner-cloud-network", "7");
        flags.put("hetzner-check-interval", "30s");
        variables.put("HCLOUD_TOKEN", "not used");
        variables.put("HCLOUD_ENDPOINT", "https://127.0.0.1:1/v1/");

        assertThat(load().config().hetzner())
                .contains(
                        new HetznerConfig(
                                Optional.empty(),
                                Optional.of(
                                        new HetznerConfig.Cloud(
                                                new Secret("hush"),
                                                Optional.of(42L),
                                                Optional.of(7L),
                                                Optional.of(URI.create("https://127.0.0.1:1/v1")))),
                                Optional.of(Duration.ofSeconds(30)),
                                Optional.empty()));
        flags.remove("hetzner-cloud-token");
        assertThat(load().config().hetzner().orElseThrow().cloud().orElseThrow().token().text())
                .isEqualTo("not used");
    }

    @Test
    void listedAddressesComeAfterTheFlatOne_andTakeFromTheTopWhatTheyLeaveOut() {
        file(
                "vips:",
                "  - ip: 10.0.0.10",
                "    label: reads",
                "    trigger-key: /service/reads/leader",
                "    trigger-value: pg9",
                "  - ip: 2001:db8::9",
                "    netmask: 64",
                "    iface: eth1");

        assertThat(load().config().vips())
                .extracting(vip -> vip.label() + ": " + vip.vip() + " " + vip.trigger())
                .containsExactly(
                        "10.0.0.9: 10.0.0.9/24 on eth0 Trigger[key=/service/db/leader, value=pg1]",
                        "reads: 10.0.0.10/24 on eth0 Trigger[key=/service/reads/leader, value=pg9]",
                        "2001:db8::9: 2001:db8::9/64 on eth1"
                                + " Trigger[key=/service/db/leader, value=pg1]");
    }

    @Test
    void prefixLengthAtTheTopIsForTheAddressesOfItsFamily() {
        file("vips:", "  - ip: 10.0.0.10", "  - ip: 2001:db8::9");

        assertThat(refuse())
                .containsExactly(
                        "vips[1].netmask (/etc/vip-manager.yml:3): is not set: manager-type basic"
                                + " needs it; give the prefix length of the network, such as"
                                + " netmask: 64");

        flags.put("netmask", "-1");
        assertThat(load().config().vips())
                .extracting(vip -> vip.vip().prefixLength())
                .containsExactly(8, 8, 128);
    }

    @Test
    void listAloneIsEnough_andKnowsMergedKeys() {
        flags.clear();
        file(
                "x-common: &common",
                "  netmask: 24",
                "  interface: eth0",
                "  trigger-key: /service/db/leader",
                "vips:",
                "  - {<<: *common, ip: 10.0.0.10}",
                "  - {<<: *common, ip: 10.0.0.11, interface: eth1}");

        assertThat(load().config().vips())
                .extracting(vip -> vip.vip().toString())
                .containsExactly("10.0.0.10/24 on eth0", "10.0.0.11/24 on eth1");
    }

    @Test
    void thousandAddressesAreTaken() {
        flags.remove("ip");
        StringBuilder text = new StringBuilder("vips:\n");
        for (int i = 0; i < 1000; i++) {
            text.append("  - ip: 10.1.%d.%d\n".formatted(i / 250, i % 250 + 1));
            text.append("    trigger-key: /service/db%d/leader\n".formatted(i));
        }
        file(text.toString());

        assertThat(load().config().vips()).hasSize(1000);
    }

    @Test
    void loadingAgainReadsTheFileAnew() {
        file("interval: 1000");
        ConfigLoader loader = new ConfigLoader(flags, variables, disk());
        LoadOutcome first = loader.load();

        assertThat(loader.load()).isEqualTo(first);
        file("interval: 500");
        assertThat(((LoadOutcome.Loaded) loader.load()).config().interval()).hasMillis(500);
    }

    @Test
    void everythingThatHoldsIsListedWithItsSource() {
        file("interval: 2s", "retry-num: 0");
        variables.put("VIP_DCS_ENDPOINTS", "http://joe:hush@a:1");

        assertThat(load().effective())
                .extracting(Effective::toString)
                .containsExactly(
                        "ip: 10.0.0.9 (--ip)",
                        "netmask: 24 (--netmask)",
                        "interface: eth0 (--interface)",
                        "manager-type: basic (default)",
                        "dcs-type: etcd (default)",
                        "dcs-endpoints: http://a:1 (VIP_DCS_ENDPOINTS)",
                        "trigger-key: /service/db/leader (--trigger-key)",
                        "trigger-value: pg1 (default)",
                        "interval: 2s (/etc/vip-manager.yml:1)",
                        "dcs-timeout: 2000 (default)",
                        "retry-after: 250ms (default)",
                        "retry-num: 3 (/etc/vip-manager.yml:2)",
                        "on-dcs-loss: hold (default)",
                        "yield-in-doubt: true (default)",
                        "address-lifetime: 10000 (default)",
                        "on-exit: release (default)",
                        "reset-connections: false (default)",
                        "announce-count: 6 (default)",
                        "announce-refresh: 60s (default)",
                        "config: /etc/vip-manager.yml (--config)",
                        "verbose: false (default)");
    }

    @Test
    void allMistakesAreToldAtOnce() {
        flags.clear();
        file("ip: 1.2.3", "netmask: 99", "intervall: 5", "interval: 0", "dcs-type: x");

        assertThat(refuse()).hasSize(7);
    }

    @Test
    void documentsAfterTheFirstAreIgnored_andAnEmptyFileIsNoMistake() {
        file("interval: 500", "---", "interval: 700");
        assertThat(load().config().interval()).hasMillis(500);
        assertThat(load().warnings())
                .containsExactly(
                        "/etc/vip-manager.yml holds several YAML documents; only the first is"
                                + " read");

        file("# nothing");
        assertThat(load().warnings()).isEmpty();
    }

    @Test
    void byteOrderMarkAndCarriageReturnsAreNoMistake() {
        file("\uFEFFinterval: 500\r\nretry-num: 4\r");

        assertThat(load().config().interval()).hasMillis(500);
        assertThat(load().config().retryNum()).isEqualTo(4);
    }

    private String certificate() {
        files.put(Path.of("/certificate.pem"), SELF_SIGNED.split("(?=-----BEGIN PRIVATE)", 2)[0]);
        return "/certificate.pem";
    }

    private String key() {
        files.put(Path.of("/key.pem"), SELF_SIGNED.split("(?=-----BEGIN PRIVATE)", 2)[1]);
        return "/key.pem";
    }

    private void file(String... lines) {
        files.put(FILE, String.join("\n", lines) + "\n");
        flags.put("config", FILE.toString());
    }

    private LoadOutcome.Loaded load() {
        LoadOutcome outcome = new ConfigLoader(flags, variables, disk()).load();
        assertThat(outcome).isInstanceOf(LoadOutcome.Loaded.class);
        return (LoadOutcome.Loaded) outcome;
    }

    private Secret password() {
        return ((DcsConfig.Etcd) load().config().dcs()).password().orElseThrow();
    }

    private List<String> refuse() {
        LoadOutcome outcome = new ConfigLoader(flags, variables, disk()).load();
        assertThat(outcome).isInstanceOf(LoadOutcome.Refused.class);
        return ((LoadOutcome.Refused) outcome).mistakes().stream().map(Mistake::message).toList();
    }

    private Disk disk() {
        return new Disk() {
            @Override
            public byte[] read(Path file, int limit) throws IOException {
                if (file.equals(Path.of("/denied"))) {
                    throw new AccessDeniedException(file.toString());
                }
                String text = files.get(file);
                if (text == null) {
                    throw new NoSuchFileException(file.toString());
                }
                return text.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public boolean isReadableByAll(Path file) {
                return isOpenToAll;
            }

            @Override
            public boolean isRegular(Path file) {
                return !file.equals(Path.of("/dev/fd/63"));
            }
        };
    }
}
