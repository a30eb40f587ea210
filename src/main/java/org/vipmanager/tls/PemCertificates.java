package org.vipmanager.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Certificates in a PEM file. */
final class PemCertificates {

    private PemCertificates() {}

    /** Reads all certificates of a file, at least one, in their order. */
    static List<X509Certificate> read(Path path) throws TlsFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemFile.Block block : PemFile.read(path).blocks()) {
            if (block.label().endsWith("CERTIFICATE")) { // also "TRUSTED" and "X509 CERTIFICATE"
                certificates.add(certificate(path, block));
            }
        }
        if (certificates.isEmpty()) {
            throw new TlsFileException(
                    path,
                    "holds no certificate (a block that begins -----BEGIN CERTIFICATE-----)",
                    null);
        }
        return certificates;
    }

    private static X509Certificate certificate(Path path, PemFile.Block block)
            throws TlsFileException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.bytes()));
        } catch (CertificateException e) {
            throw new TlsFileException(path, "holds a damaged certificate: " + e.getMessage(), e);
        }
    }
}
