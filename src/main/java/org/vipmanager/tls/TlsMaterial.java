package org.vipmanager.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What {@link TlsFiles} hold, ready for use.
 *
 * @param trust whom to trust; identifies the server too, by {@link ServerName}
 * @param keys what to show of ourselves; empty for nothing
 * @param warnings what was skipped, a sentence for each file
 * @param certificates until when those of each file are good
 */
public record TlsMaterial(
        ServerTrust trust,
        Optional<KeyManagerFactory> keys,
        List<String> warnings,
        List<CertificateFile> certificates) {

    /**
     * Each handshake leaves one, with the certificates of the peer: of 20,480, for a day, a server
     * that ends each connection would fill the memory.
     */
    private static final int MOST_SESSIONS = 16;

    private static final char[] NO_PASSWORD = new char[0];

    /**
     * Reads the files; blocks while it does. Without authorities those of the Java runtime count.
     */
    public static TlsMaterial load(TlsFiles files) throws TlsFileException {
        LoadedFiles loaded = LoadedFiles.load(files);
        try {
            Optional<KeyManagerFactory> keys = Optional.empty();
            if (loaded.own().isPresent()) {
                keys = Optional.of(keys(loaded.own().get()));
            }
            return new TlsMaterial(
                    trust(loaded.authorities(), files.serverName()),
                    keys,
                    loaded.warnings(),
                    certificates(files, loaded));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK has these kinds of stores", e);
        }
    }

    private static List<CertificateFile> certificates(TlsFiles files, LoadedFiles loaded) {
        Optional<CertificateFile> own =
                loaded.own()
                        .map(
                                shown ->
                                        CertificateFile.of(
                                                files.certificate().orElseThrow(),
                                                shown.chain(),
                                                true));
        Optional<CertificateFile> authorities =
                loaded.authorities()
                        .map(
                                trusted ->
                                        CertificateFile.of(
                                                files.authorities().orElseThrow(),
                                                trusted.all(),
                                                false));
        return Stream.of(own, authorities).flatMap(Optional::stream).toList();
    }

    /** A context for clients of the JDK's own kind. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys.map(KeyManagerFactory::getKeyManagers).orElse(null),
                    new TrustManager[] {trust},
                    null);
            context.getClientSessionContext().setSessionCacheSize(MOST_SESSIONS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static ServerTrust trust(
            Optional<PemCertificates> authorities, Optional<ServerName> server)
            throws GeneralSecurityException, IOException {
        KeyStore store = null; // of the Java runtime
        if (authorities.isPresent()) {
            store = emptyStore();
            int number = 0;
            for (X509Certificate authority : authorities.get().all()) {
                store.setCertificateEntry("authority" + number++, authority);
            }
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return new ServerTrust((X509ExtendedTrustManager) factory.getTrustManagers()[0], server);
    }

    private static KeyManagerFactory keys(ClientCertificate own)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        X509Certificate[] chain = own.chain().toArray(new X509Certificate[0]);
        store.setKeyEntry("own", own.key(), NO_PASSWORD, chain);
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        return keys;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
