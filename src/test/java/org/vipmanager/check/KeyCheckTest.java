package org.vipmanager.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What is said of a leader key, and what is guessed where it names nobody. */
final class KeyCheckTest {

    private static final KeyState.Bond LEASE =
            new KeyState.Lease(Duration.ofSeconds(27), Duration.ofSeconds(30));
    private static final String KEY = "/service/db/leader";

    /** The keys of the DCS by name. */
    private final TreeMap<String, String> stored = new TreeMap<>();

    private boolean isInOldInterface;

    @Test
    void thisHostLeads() {
        assertThat(ofKey("pg1"))
                .isEqualTo(
                        Finding.good(
                                Item.KEY,
                                KEY
                                        + " is \"pg1\": this host leads; its lease has 27 of 30 s left"));
    }

    @Test
    void anotherMemberLeads() {
        store("members/pg1", "members/pg2");

        assertThat(ofKey("pg2").sign()).isEqualTo(Sign.GOOD);
    }

    /** Where nobody lists members, another value is as good as any. */
    @Test
    void anotherNameLeads_withoutMembers() {
        assertThat(ofKey("pg2").sign()).isEqualTo(Sign.GOOD);
    }

    @ParameterizedTest
    @CsvSource({
        "PG1, they differ in upper and lower case",
        "pg1.example.com, one of them has a domain",
    })
    void sameNameForPeople(String value, String why) {
        Finding finding = ofKey(value);

        assertThat(finding.sign()).isEqualTo(Sign.ERROR);
        assertThat(finding.found()).endsWith(": " + why);
        assertThat(finding.remedy().orElseThrow())
                .startsWith("write trigger-value: " + value + ",");
    }

    @ParameterizedTest
    @CsvSource({"PG1, write trigger-value: PG1", "pgx1, write trigger-value: pgx1"})
    void noMemberIsCalledSo_oneIsNear(String member, String remedy) {
        store("members/" + member, "members/other-name");

        Finding finding = ofKey("other-name");

        assertThat(finding.sign()).isEqualTo(Sign.ERROR);
        assertThat(finding.remedy().orElseThrow()).startsWith(remedy);
    }

    @Test
    void noMemberIsCalledSo_twoAreAsNear() {
        store("members/pg2", "members/pg3");

        assertThat(ofKey("pg2").remedy().orElseThrow()).startsWith("write the name that Patroni's");
    }

    @Test
    void thisHostHasTheNameOfTheValue() {
        assertThat(ofKey("this-host").remedy()).hasValue("write trigger-value: this-host");
    }

    @Test
    void wrongNamespaceOrScope_namesTheKeysThatThereAre() {
        stored.put("/other/db/leader", "pg1");
        Finding elsewhere = ofKey(null);
        stored.clear();
        stored.put("/service/dbs/leader", "pg1");
        Finding misspelt = ofKey(null);

        assertThat(elsewhere.remedy()).hasValue("write trigger-key: /other/db/leader");
        assertThat(misspelt.remedy()).hasValue("write trigger-key: /service/dbs/leader");
        assertThat(misspelt.found()).endsWith("leader keys there are: /service/dbs/leader");
    }

    @Test
    void nobodyLeads() {
        store("members/pg1");

        assertThat(ofKey(null).found()).endsWith("does not exist: nobody leads; members are pg1");
    }

    @Test
    void pathOfTheRestApi() {
        store("leader");

        assertThat(findings("/leader", Map.of()).getFirst().remedy())
                .hasValue("write the leader key, /service/db/leader, or dcs-type: patroni");
    }

    @Test
    void patroniUsesTheOldInterface_andOnlyThen() {
        assertThat(ofKey(null).found()).endsWith("and no other leader key either");
        isInOldInterface = true;
        assertThat(ofKey(null).found()).contains("it exists in the v2 API");
    }

    @Test
    void keyThatNeverEnds_andLeaseThatMayNotBeAsked() {
        assertThat(ofKey("pg1", new KeyState.Nothing()).sign()).isEqualTo(Sign.WARNING);
        assertThat(ofKey("pg1", new KeyState.UnknownLease("denied")).sign())
                .isEqualTo(Sign.WARNING);
        assertThat(ofKey("pg1", new KeyState.Session()).sign()).isEqualTo(Sign.GOOD);
    }

    @ParameterizedTest
    @CsvSource({
        "'{}', GOOD",
        "'{\"ttl\": 20, \"loop_wait\": 10, \"retry_timeout\": 3}', GOOD",
        "'{\"ttl\": 19, \"loop_wait\": 10, \"retry_timeout\": 3}', WARNING",
        "'{\"ttl\": 29}', WARNING",
    })
    void timesLeaveRoomForTheTries(String configuration, Sign sign) {
        assertThat(
                        PatroniTimes.of(configuration)
                                .orElseThrow()
                                .finding("/service/db", Given.settings().config())
                                .sign())
                .isEqualTo(sign);
    }

    private void store(String... names) {
        for (String name : names) {
            stored.put("/service/db/" + name, "{}");
        }
    }

    private Finding ofKey(String value) {
        return ofKey(value, LEASE);
    }

    private Finding ofKey(String value, KeyState.Bond bond) {
        Map<String, KeyState> keys = new HashMap<>();
        if (value != null) {
            keys.put(KEY, new KeyState(Optional.of(value), bond));
        }
        return findings(KEY, keys).getFirst();
    }

    private List<Finding> findings(String key, Map<String, KeyState> keys) {
        return new KeyCheck(
                        Given.settings("trigger-key", key).config(),
                        new Stored(),
                        URI.create("http://etcd:2379"),
                        keys,
                        "this-host",
                        Deadline.in(Duration.ofSeconds(9)))
                .findings();
    }

    private final class Stored implements Store {

        @Override
        public Survey survey(URI endpoint, Set<String> keys, Deadline deadline) {
            throw new UnsupportedOperationException("nobody asks for it here");
        }

        @Override
        public List<String> keysBelow(URI endpoint, String prefix, Deadline deadline) {
            return stored.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
        }

        @Override
        public Optional<String> value(URI endpoint, String key, Deadline deadline) {
            return Optional.ofNullable(stored.get(key));
        }

        @Override
        public boolean hasInOldInterface(URI endpoint, String key, Deadline deadline) {
            return isInOldInterface;
        }

        @Override
        public void close() {}
    }
}
