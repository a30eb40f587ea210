package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

final class PatroniMemberTest {

    private static final PatroniMember PG1 =
            new PatroniMember(Optional.of("db"), Optional.of("pg1"), true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/service/db/leader",
                "service/db/leader",
                "//service//db//leader",
                "/db/leader",
                "db/leader",
                "/teams/a/db/leader",
                "/service/db/0/leader",
                "/service/db/12/leader"
            })
    void leaderKeysOfItsScope(String key) {
        assertThat(PG1.speaksFor(new Trigger(key, "pg1"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/service/other/leader",
                "/service/otherdb/leader",
                "/service/db/other/leader",
                "/service/db/x0/leader",
                "/service/db/leader/x",
                "/service/db/optime/leader",
                "/service/db/sync",
                "/service/db",
                "/leader",
                "leader",
                ""
            })
    void otherKeys(String key) {
        assertThat(PG1.speaksFor(new Trigger(key, "pg1"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "db, pg2, true, false",
        "db, PG1, true, false",
        "db, , true, true",
        "db, , false, false",
        "other, pg1, true, false",
        "other, , true, false",
        ", pg1, true, false",
        ", , true, false"
    })
    void otherMembers(String scope, String name, boolean onThisHost, boolean speaks) {
        PatroniMember member =
                new PatroniMember(
                        Optional.ofNullable(scope), Optional.ofNullable(name), onThisHost);
        assertThat(member.speaksFor(new Trigger("/service/db/leader", "pg1"))).isEqualTo(speaks);
    }

    /** A scope of digits alone is not taken for a group of Citus, nor the other way. */
    @Test
    void scopeOfDigits() {
        PatroniMember member = new PatroniMember(Optional.of("15"), Optional.of("pg1"), true);
        assertThat(member.speaksFor(new Trigger("/service/15/leader", "pg1"))).isTrue();
        assertThat(member.speaksFor(new Trigger("/service/db/15/leader", "pg1"))).isTrue();
        assertThat(member.speaksFor(new Trigger("/service/16/leader", "pg1"))).isFalse();
    }
}
