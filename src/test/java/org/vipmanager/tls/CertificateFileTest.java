package org.vipmanager.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

final class CertificateFileTest {

    private static final Instant FIRST = Instant.ofEpochSecond(1000);
    private static final Instant SECOND = Instant.ofEpochSecond(2000);
    private static final Path FILE = Path.of("file.pem");

    @Test
    void chain_isAsGoodAsItsFirstEnd() {
        CertificateFile chain = new CertificateFile(FILE, List.of(FIRST, SECOND), true);

        assertThat(chain.nextEnd(FIRST.minusSeconds(1))).isEqualTo(FIRST);
        assertThat(chain.nextEnd(SECOND.plusSeconds(1))).isEqualTo(FIRST);
    }

    /** An old authority that is kept beside its successor is of no concern once it has ended. */
    @Test
    void authorities_serveUntilTheLastHasEnded() {
        CertificateFile authorities = new CertificateFile(FILE, List.of(FIRST, SECOND), false);

        assertThat(authorities.nextEnd(FIRST.minusSeconds(1))).isEqualTo(FIRST);
        assertThat(authorities.nextEnd(FIRST)).isEqualTo(SECOND);
        assertThat(authorities.nextEnd(SECOND.plusSeconds(1))).isEqualTo(SECOND);
    }
}
