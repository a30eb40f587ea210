package org.vipmanager.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Properties;

/** A cache of classes that Java was given and does without. */
final class IgnoredCacheTest {

    @ParameterizedTest
    @CsvSource({
        "'mixed mode, emulated-client, sharing', /usr/lib/a.aot, false",
        "'mixed mode, emulated-client', /usr/lib/a.aot, true",
        "'mixed mode, emulated-client', '', false"
    })
    void isTold(String java, String cache, boolean told) {
        Properties properties = new Properties();
        properties.setProperty("java.vm.info", java);
        properties.setProperty("vipmanager.aot", cache);

        assertThat(Prerequisites.ignoredCache(properties).isPresent()).isEqualTo(told);
    }
}
