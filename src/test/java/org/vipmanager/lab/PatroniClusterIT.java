package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vipmanager.lab.ClusterLife.Event;
import org.vipmanager.lab.DatabaseLab.Asked;

import java.util.Arrays;
import java.util.List;

/**
 * The whole matrix: every event with every kind of DCS, on a real cluster of PostgreSQL 15 and
 * Patroni. Takes a quarter of an hour, so {@code make test-patroni} runs it and {@code make test}
 * does not.
 *
 * <p>{@code -Dpatroni.asked=ETCD} plays one kind only, {@code -Dpatroni.events=SWITCHOVER,...} some
 * events only.
 */
final class PatroniClusterIT {

    @ParameterizedTest
    @EnumSource
    void wholeLife(Asked asked) throws InterruptedException {
        if (!wanted("patroni.asked", Asked.values()).contains(asked)) {
            return;
        }
        assertThat(PatroniInstallation.missing()).isEmpty();
        try (ClusterLife life = new ClusterLife("patroni-" + asked, asked)) {
            life.start().play(wanted("patroni.events", Event.values()));
        }
    }

    private static <E extends Enum<E>> List<E> wanted(String property, E[] all) {
        String names = System.getProperty(property, "");
        return Arrays.stream(all)
                .filter(one -> names.isEmpty() || List.of(names.split(",")).contains(one.name()))
                .toList();
    }
}
