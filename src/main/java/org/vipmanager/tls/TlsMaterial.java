package org.vipmanager.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What {@link TlsFiles} hold, ready for use.
 *
 * @param trust whom to trust
 * @param keys what to show of ourselves; empty for nothing
 */
public record TlsMaterial(TrustManagerFactory trust, Optional<KeyManagerFactory> keys) {

    private static final char[] NO_PASSWORD = new char[0];

    /**
     * Reads the files; blocks while it does. Without authorities those of the Java runtime count.
     */
    public static TlsMaterial load(TlsFiles files) throws TlsFileException {
        Optional<Path> authorities = files.authorities();
        Optional<KeyManagerFactory> keys = Optional.empty();
        if (files.certificate().isPresent() && files.key().isPresent()) {
            keys = Optional.of(keys(files.certificate().get(), files.key().get()));
        }
        try {
            return new TlsMaterial(trust(authorities), keys);
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsFileException(
                    authorities.orElse(Path.of("cacerts")), "cannot be used: " + e.getMessage(), e);
        }
    }

    /** A context for clients of the JDK's own kind. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys.map(KeyManagerFactory::getKeyManagers).orElse(null),
                    trust.getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static TrustManagerFactory trust(Optional<Path> authorities)
            throws TlsFileException, GeneralSecurityException, IOException {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (authorities.isEmpty()) {
            trust.init((KeyStore) null);
            return trust;
        }
        KeyStore store = emptyStore();
        int number = 0;
        for (X509Certificate authority : PemCertificates.read(authorities.get())) {
            store.setCertificateEntry("authority" + number++, authority);
        }
        trust.init(store);
        return trust;
    }

    private static KeyManagerFactory keys(Path certificate, Path key) throws TlsFileException {
        List<X509Certificate> chain = PemCertificates.read(certificate);
        PrivateKey secret = PemPrivateKey.read(key);
        try {
            if (!belongTogether(chain.getFirst(), secret)) {
                throw new TlsFileException(key, "is not the key of " + certificate, null);
            }
            KeyStore store = emptyStore();
            store.setKeyEntry("own", secret, NO_PASSWORD, chain.toArray(new X509Certificate[0]));
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            return keys;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsFileException(key, "cannot be used: " + e.getMessage(), e);
        }
    }

    /** Files that are being replaced one after the other do not fit for a moment. */
    private static boolean belongTogether(X509Certificate certificate, PrivateKey secret)
            throws GeneralSecurityException {
        String algorithm =
                switch (secret.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "RSASSA-PSS" -> null;
                    default -> "EdDSA";
                };
        if (algorithm == null) {
            return true; // its parameters would have to be known to try it
        }
        if (!secret.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        byte[] sample = {1, 2, 3};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(secret);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(sample);
        return signature.verify(signed);
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
