package org.vipmanager.config;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;

/**
 * Looks whether a file holds what its setting says, so that a mistake is told at start and not by a
 * failed connection. Whether certificate and key fit the server is for the connection to find out.
 */
final class PemFile {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END_OF_LABEL = "-----";
    private static final int DER_SEQUENCE = 0x30;

    private PemFile() {}

    /** What is wrong with a file of certificates; empty when nothing is. */
    static Optional<String> problemWithCertificates(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        if (!text.contains(BEGIN + "CERTIFICATE" + END_OF_LABEL)
                && !text.contains(BEGIN + "TRUSTED CERTIFICATE" + END_OF_LABEL)
                && !text.contains(BEGIN + "X509 CERTIFICATE" + END_OF_LABEL)) {
            return Optional.of(
                    text.contains(" PRIVATE KEY" + END_OF_LABEL)
                            ? "holds a private key and no certificate"
                            : "holds no certificate in PEM form");
        }
        try {
            // Blank lines and remarks between the certificates are fine with the factory.
            int count =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(content))
                            .size();
            return count > 0 ? Optional.empty() : Optional.of("holds no certificate in PEM form");
        } catch (CertificateException e) {
            return Optional.of("holds a certificate that cannot be read");
        }
    }

    /** What is wrong with a file of a private key; empty when nothing is. */
    static Optional<String> problemWithKey(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        int label = text.indexOf(" PRIVATE KEY" + END_OF_LABEL);
        int begin = text.indexOf(BEGIN + "PRIVATE KEY" + END_OF_LABEL);
        if (begin < 0 && label >= 0) {
            begin = text.lastIndexOf(BEGIN, label);
        }
        if (begin < 0) {
            return Optional.of(
                    text.contains(BEGIN + "CERTIFICATE")
                            ? "holds a certificate and no private key"
                            : "holds no private key in PEM form");
        }
        int bodyStart = text.indexOf('\n', begin);
        int bodyEnd = text.indexOf("-----END ", begin);
        if (bodyStart < 0 || bodyEnd < bodyStart) {
            return Optional.of("ends within the private key");
        }
        String firstLine = text.substring(begin, bodyStart);
        String body = text.substring(bodyStart, bodyEnd);
        if (firstLine.contains("ENCRYPTED") || body.contains("ENCRYPTED")) {
            return Optional.of("holds an encrypted private key");
        }
        return isDer(body) ? Optional.empty() : Optional.of("holds a key that cannot be read");
    }

    /** Whether it is base64 of one ASN.1 sequence that is as long as it says. */
    private static boolean isDer(String body) {
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(body.strip());
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (der.length < 4 || Byte.toUnsignedInt(der[0]) != DER_SEQUENCE) {
            return false;
        }
        int first = Byte.toUnsignedInt(der[1]);
        if (first < 0x80) {
            return der.length == 2 + first;
        }
        int lengthBytes = first - 0x80;
        if (lengthBytes < 1 || lengthBytes > 2) {
            return false;
        }
        int length = 0;
        for (int i = 0; i < lengthBytes; i++) {
            length = length << Byte.SIZE | Byte.toUnsignedInt(der[2 + i]);
        }
        return der.length == 2 + lengthBytes + length;
    }
}
