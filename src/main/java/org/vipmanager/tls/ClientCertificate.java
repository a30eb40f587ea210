package org.vipmanager.tls;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client shows of itself.
 *
 * @param chain its certificate, then each one's issuer as far as the file holds them: in TLS 1.2
 *     every certificate must certify the one before it (RFC 5246 section 7.4.2)
 * @param key the private key of the first
 */
public record ClientCertificate(List<X509Certificate> chain, PrivateKey key) {

    private static final byte[] SAMPLE = {1, 2, 3};

    /** It is the key, and not the certificates, that cannot be used. */
    public static final class UnfitKeyException extends PemException {

        private static final long serialVersionUID = 1L;

        private UnfitKeyException(String problem, @Nullable Throwable cause) {
            super(problem, "name the file of the certificate's own key", cause);
        }
    }

    /**
     * Joins certificates and a key.
     *
     * @param file where the certificates were read, for messages
     * @throws UnfitKeyException when none of the certificates is the key's
     * @throws PemException with what is wrong with the file of certificates: as with Go the key's
     *     must be the first
     */
    public static ClientCertificate of(PemCertificates certificates, Path file, PrivateKey key)
            throws PemException {
        X509Certificate leaf = certificates.leaf();
        List<X509Certificate> all = certificates.all();
        KeyTest test = KeyTest.of(key);
        if (test.fits(leaf.getPublicKey())) {
            return new ClientCertificate(chain(leaf, all), key);
        }
        for (X509Certificate other : all) {
            if (test.fits(other.getPublicKey())) {
                throw new PemException(
                        "begins with another certificate than that of the private key, which is in"
                                + " line "
                                + certificates.lineOf(other),
                        "put that first, then those between it and its authority");
            }
        }
        throw new UnfitKeyException("is not the key of " + file, null);
    }

    /** A file may hold other chains and authorities too, which no server could follow. */
    private static List<X509Certificate> chain(X509Certificate leaf, List<X509Certificate> all) {
        List<X509Certificate> others = new ArrayList<>(all);
        List<X509Certificate> chain = new ArrayList<>();
        X509Certificate next = leaf;
        while (next != null) {
            X509Certificate last = next;
            chain.add(last);
            others.removeIf(last::equals);
            next = others.stream().filter(by -> isIssued(last, by)).findFirst().orElse(null);
        }
        return List.copyOf(chain);
    }

    private static boolean isIssued(X509Certificate certificate, X509Certificate by) {
        if (!certificate.getIssuerX500Principal().equals(by.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(by.getPublicKey());
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false; // another one of the same name
        }
    }

    /** Tells whose a private key is, by a signature. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record KeyTest(String keyAlgorithm, String algorithm, byte[] signed) {

        static KeyTest of(PrivateKey key) throws UnfitKeyException {
            String algorithm =
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        case "RSASSA-PSS" -> "";
                        default -> "EdDSA";
                    };
            if (algorithm.isEmpty()) {
                return new KeyTest(key.getAlgorithm(), algorithm, new byte[0]);
            }
            try {
                Signature signature = Signature.getInstance(algorithm);
                signature.initSign(key);
                signature.update(SAMPLE);
                return new KeyTest(key.getAlgorithm(), algorithm, signature.sign());
            } catch (GeneralSecurityException e) {
                throw new UnfitKeyException("cannot sign (" + Shown.message(e) + ")", e);
            }
        }

        boolean fits(PublicKey key) {
            if (algorithm.isEmpty()) {
                return true; // its parameters would have to be known to try it
            }
            if (!keyAlgorithm.equals(key.getAlgorithm())) {
                return false;
            }
            try {
                Signature signature = Signature.getInstance(algorithm);
                signature.initVerify(key);
                signature.update(SAMPLE);
                return signature.verify(signed);
            } catch (GeneralSecurityException e) {
                return false; // of another size or curve
            }
        }
    }
}
