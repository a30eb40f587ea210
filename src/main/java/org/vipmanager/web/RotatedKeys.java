package org.vipmanager.web;

import org.jspecify.annotations.Nullable;
import org.vipmanager.tls.TlsFileException;
import org.vipmanager.tls.TlsFiles;
import org.vipmanager.tls.TlsMaterial;
import org.vipmanager.tls.TlsReload;

import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * What this server shows of itself, as the files hold it now: each handshake takes the newest, and
 * files that cannot be used leave the last good ones in force. Safe for use by several threads.
 */
final class RotatedKeys extends X509ExtendedKeyManager implements AutoCloseable {

    private static final int MOST_SESSIONS = 64;

    private final TlsReload files;

    private RotatedKeys(TlsReload files) {
        this.files = files;
    }

    /**
     * Reads them, and looks after them from now on.
     *
     * @throws TlsFileException if they cannot be used
     */
    static RotatedKeys of(Path certificate, Path key) throws TlsFileException {
        // No client is asked for a certificate, so nobody need be trusted.
        Optional<Path> own = Optional.of(certificate);
        TlsReload files = new TlsReload(new TlsFiles(own, own, Optional.of(key)));
        try {
            files.current();
            return new RotatedKeys(files);
        } catch (TlsFileException e) {
            files.close();
            throw e;
        }
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {this}, null, null);
            context.getServerSessionContext().setSessionCacheSize(MOST_SESSIONS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private X509ExtendedKeyManager newest() {
        TlsMaterial material = files.newest();
        return Optional.ofNullable(material)
                .flatMap(TlsMaterial::keys)
                .map(keys -> (X509ExtendedKeyManager) keys.getKeyManagers()[0])
                .orElseThrow(() -> new IllegalStateException("read at the start"));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return newest().chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return newest().getServerAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return newest().chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return newest().getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return newest().getPrivateKey(alias);
    }

    /** This is no client. */
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public void close() {
        files.close();
    }
}
