package org.vipmanager.tls;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Until when the certificates of a file are good.
 *
 * @param ends of each certificate, the first end first; never empty
 * @param needsAll whether one that has ended spoils it, as in a chain; of authorities the others
 *     still serve
 */
public record CertificateFile(Path file, List<Instant> ends, boolean needsAll) {

    static CertificateFile of(Path file, List<X509Certificate> certificates, boolean needsAll) {
        List<Instant> ends =
                certificates.stream()
                        .map(certificate -> certificate.getNotAfter().toInstant())
                        .sorted()
                        .toList();
        return new CertificateFile(file, ends, needsAll);
    }

    /** When the next one of those ends that serve now; when the last one did, where none does. */
    public Instant nextEnd(Instant now) {
        return ends.stream()
                .filter(end -> needsAll || end.isAfter(now))
                .findFirst()
                .orElse(ends.getLast());
    }
}
