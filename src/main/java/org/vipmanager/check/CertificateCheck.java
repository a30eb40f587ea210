package org.vipmanager.check;

import org.vipmanager.http.Origin;
import org.vipmanager.tls.PemCertificates;
import org.vipmanager.tls.PemException;
import org.vipmanager.tls.ShownCertificates;
import org.vipmanager.tls.TlsFileException;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;
import org.vipmanager.tls.TlsReload;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Until when the certificates of an endpoint, and the one that is shown to it, are valid. */
final class CertificateCheck {

    private static final Duration SOON = Duration.ofDays(14);
    private static final int HTTPS = 443;

    private final URI endpoint;
    private final TlsFiles files;
    private final String nameSetting;

    /**
     * @param nameSetting the setting that says which name the certificate must bear
     */
    CertificateCheck(URI endpoint, TlsFiles files, String nameSetting) {
        this.endpoint = endpoint;
        this.files = files;
        this.nameSetting = nameSetting;
    }

    List<Finding> findings(Deadline deadline) {
        if (!"https".equals(endpoint.getScheme())) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        Origin origin = Origin.of(endpoint, HTTPS);
        try (TlsReload loading = new TlsReload(files)) {
            TlsMaterial material = loading.current();
            ShownCertificates shown =
                    ShownCertificates.of(
                            material,
                            origin.host(),
                            origin.port(),
                            files.serverAt(origin.host()),
                            deadline.left());
            if (!shown.chain().isEmpty()) {
                findings.add(server(shown.chain()));
            }
            shown.otherHost().map(this::onlyTheName).ifPresent(findings::add);
            files.certificate()
                    .flatMap(CertificateCheck::first)
                    .map(this::own)
                    .ifPresent(findings::add);
        } catch (TlsFileException unusable) {
            return List.of(); // the endpoint's own line says so
        }
        return findings;
    }

    private Finding server(List<X509Certificate> chain) {
        String what =
                endpoint
                        + " shows "
                        + chain.stream()
                                .map(CertificateCheck::described)
                                .collect(Collectors.joining(", from "))
                        + ", issued by "
                        + name(chain.getLast().getIssuerX500Principal().getName());
        return judged(what, chain, "renew the server's certificate");
    }

    private Finding onlyTheName(String host) {
        return Finding.warning(
                Item.ENDPOINT,
                endpoint + " is trusted but for its name: its certificate is for " + host,
                "if that is the server which is meant, write " + nameSetting + ": " + host);
    }

    private Finding own(X509Certificate certificate) {
        return judged(
                "the certificate shown to " + endpoint + ", " + described(certificate),
                List.of(certificate),
                "renew "
                        + files.certificate().map(Path::toString).orElse("it")
                        + "; the daemon takes the new one by itself");
    }

    private static Finding judged(String what, List<X509Certificate> chain, String remedy) {
        Instant end =
                chain.stream()
                        .map(one -> one.getNotAfter().toInstant())
                        .min(Instant::compareTo)
                        .orElseThrow();
        Instant now = Instant.now();
        if (end.isBefore(now)) {
            return Finding.error(
                    Item.ENDPOINT, what + ": it has expired", remedy + ", or set the clock right");
        }
        return end.isBefore(now.plus(SOON))
                ? Finding.warning(Item.ENDPOINT, what + ": it expires soon", remedy)
                : Finding.good(Item.ENDPOINT, what);
    }

    private static String described(X509Certificate certificate) {
        return name(certificate.getSubjectX500Principal().getName())
                + " (until "
                + certificate.getNotAfter().toInstant().atZone(ZoneOffset.UTC).toLocalDate()
                + ")";
    }

    private static String name(String name) {
        return name.isEmpty() ? "a certificate without a subject" : name;
    }

    private static Optional<X509Certificate> first(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return PemCertificates.in(in.readNBytes(PemCertificates.LONGEST_FILE)).all().stream()
                    .findFirst();
        } catch (IOException | PemException unreadable) {
            return Optional.empty();
        }
    }
}
