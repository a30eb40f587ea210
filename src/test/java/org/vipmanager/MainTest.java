package org.vipmanager;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MainTest {

    @Test
    void runsOnTheJavaReleaseItIsCompiledFor() {
        assertThat(Runtime.version().feature()).isGreaterThanOrEqualTo(25);
    }
}
