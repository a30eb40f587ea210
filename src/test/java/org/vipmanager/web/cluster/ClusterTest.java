package org.vipmanager.web.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.web.cluster.Cluster.Verdict;

import java.io.IOException;
import java.util.List;

/** What two hosts say together. */
final class ClusterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "holding  | true  | standby | false | pg1 | HELD        | on pg1",
                "holding  | false | standby | false | pg1 | HELD        | on pg1",
                "in doubt | true  | standby | false | pg1 | IN_DOUBT    | on pg1, while the DCS is silent",
                "holding  | true  | standby | true  | pg1 | TWO_HOLDERS | held by pg1 and pg2 at the same time",
                "in doubt | true  | holding | true  | pg2 | TWO_HOLDERS | held by pg1 and pg2 at the same time",
                "standby  | false | standby | true  | pg3 | STRAY       | on pg2, which should not have it; leader is pg3",
                "standby  | false | standby | false | pg3 | NOBODY      | on no host; leader is pg3",
                "standby  | false | standby | false | ''  | NOBODY      | on no host; nobody leads",
                "standby  | false | not there | false | pg2 | NOBODY    | on no host; leader is pg2",
            })
    void verdict(
            String first,
            boolean onFirst,
            String second,
            boolean onSecond,
            String leader,
            Verdict verdict,
            String sentence)
            throws IOException {
        Cluster cluster =
                Cluster.of(
                        List.of(
                                host("", "pg1", first, onFirst, leader),
                                host("http://pg2", "pg2", second, onSecond, leader)));
        SharedAddress address = cluster.addresses().getFirst();

        assertThat(address.verdict()).isEqualTo(verdict);
        assertThat(address.sentence()).isEqualTo(sentence);
        assertThat(cluster.summary()).isEqualTo("10.0.0.1: " + sentence + ".");
        assertThat(cluster.conflicts().isEmpty()).isEqualTo(verdict != Verdict.TWO_HOLDERS);
    }

    /** While a host does not answer nobody can say that nobody has it. */
    @ParameterizedTest
    @CsvSource({"standby, ELSEWHERE", "not there, ELSEWHERE", "holding, HELD"})
    void oneHostIsSilent(String state, Verdict verdict) throws IOException {
        Cluster cluster =
                Cluster.of(
                        List.of(
                                host("", "pg1", state, false, "pg2"),
                                HostAnswer.failed("http://pg2", "it did not answer")));

        assertThat(cluster.addresses().getFirst().verdict()).isEqualTo(verdict);
    }

    private static HostAnswer host(
            String asked, String name, String state, boolean present, String leader)
            throws IOException {
        return HostAnswer.of(
                asked, HostStatus.of(RawPeer.status(name, "10.0.0.1", state, present, leader)));
    }
}
