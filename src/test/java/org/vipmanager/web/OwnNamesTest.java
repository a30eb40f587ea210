package org.vipmanager.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** By which names this host may be asked over HTTP. */
final class OwnNamesTest {

    @TempDir Path folder;

    private Path resolver;

    @BeforeEach
    void domains() throws IOException {
        resolver =
                Files.writeString(
                        folder.resolve("resolv.conf"),
                        "# comment\nnameserver 192.0.2.53\nsearch db.Example.com example.com.\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8010",
                "192.0.2.1:8010",
                "[2001:db8::1]:8010",
                "pg1",
                "PG1:8010",
                "pg1.db.example.com",
                "pg1.example.com.:8010"
            })
    void ownNames(String written) {
        assertThat(new OwnNames("pg1", resolver).contain(written)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pg1.evil.example",
                "pg1.example.com.evil.example",
                "pg2",
                "localhost.evil.example",
                "10.0.0.1.evil.example",
                "[pg1]"
            })
    void namesOfOthers(String written) {
        assertThat(new OwnNames("pg1", resolver).contain(written)).isFalse();
    }

    @Test
    void fullName_isKnownInShortToo() {
        OwnNames names = new OwnNames("pg1.example.org", folder.resolve("none"));
        assertThat(names.contain("pg1.example.org:8010")).isTrue();
        assertThat(names.contain("pg1")).isTrue();
        assertThat(names.contain("pg1.example.com")).isFalse();
    }
}
