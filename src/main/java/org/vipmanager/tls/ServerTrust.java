package org.vipmanager.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a server whose certificate comes from a trusted authority and names the host that was
 * meant.
 *
 * <p>The JDK judges the chain, and {@link ServerName} the name: the JDK's own check takes the
 * common name where there is no subjectAltName, and knows no name with an underscore.
 */
class ServerTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager chains;
    private final Optional<ServerName> meant;

    /**
     * @param meant the host that every server must prove to be; empty for the one that was asked
     *     for
     */
    ServerTrust(X509ExtendedTrustManager chains, Optional<ServerName> meant) {
        this.chains = chains;
        this.meant = meant;
    }

    /** Judges as the other one does. */
    ServerTrust(ServerTrust other) {
        this(other.chains, other.meant);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        engine.setSSLParameters(withoutIdentification(engine.getSSLParameters()));
        chains.checkServerTrusted(chain, authType, engine);
        identify(chain, engine.getHandshakeSession());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        if (!(socket instanceof SSLSocket secured)) {
            throw new CertificateException("no secure connection");
        }
        secured.setSSLParameters(withoutIdentification(secured.getSSLParameters()));
        chains.checkServerTrusted(chain, authType, socket);
        identify(chain, secured.getHandshakeSession());
    }

    /** The handshake that is under way has the parameters of before; the chain's judge asks now. */
    private static SSLParameters withoutIdentification(SSLParameters parameters) {
        parameters.setEndpointIdentificationAlgorithm("");
        return parameters;
    }

    private void identify(X509Certificate[] chain, SSLSession handshake)
            throws CertificateException {
        meant.orElseGet(() -> ServerName.demandedBy(handshake)).mustBeIn(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("which server is meant is not known");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }

    // ---- for servers --------------------------------------------------------------------------

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        chains.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        chains.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        chains.checkClientTrusted(chain, authType);
    }
}
