package org.vipmanager.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * The certificates that a server shows, whether or not they are trusted.
 *
 * @param chain the server's certificate first, then those that it sent with it; empty when it
 *     showed none
 * @param otherHost a host that the server has proved to be, where that it is not the one meant is
 *     all that is wrong
 */
public record ShownCertificates(List<X509Certificate> chain, Optional<String> otherHost) {

    /**
     * Makes a TLS connection and ends it. Whoever is not trusted is given up as always, after its
     * certificates were noted. Blocks for twice the time at most.
     *
     * @param server whom it must prove to be
     */
    public static ShownCertificates of(
            TlsMaterial material, String host, int port, ServerName server, Duration within) {
        Noting noting = new Noting(material.trust());
        try (Socket socket = new Socket()) {
            int millis = Math.toIntExact(Math.max(1, within.toMillis()));
            socket.connect(new InetSocketAddress(host, port), millis);
            socket.setSoTimeout(millis);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    material.keys().map(KeyManagerFactory::getKeyManagers).orElse(null),
                    new TrustManager[] {noting},
                    null);
            SSLSocket secured =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, false);
            SSLParameters parameters = secured.getSSLParameters();
            server.demandBy(parameters);
            secured.setSSLParameters(parameters);
            secured.startHandshake();
        } catch (IOException | GeneralSecurityException | RuntimeException notTrusted) {
            return noting.noted();
        }
        return noting.noted();
    }

    /** Judges as the other one does, and notes what was shown to it. */
    private static final class Noting extends ServerTrust {

        private List<X509Certificate> shown = List.of();
        private Optional<String> otherHost = Optional.empty();

        Noting(ServerTrust judge) {
            super(judge);
        }

        ShownCertificates noted() {
            return new ShownCertificates(shown, otherHost);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            shown = List.of(chain);
            try {
                super.checkServerTrusted(chain, authType, socket);
            } catch (ServerName.WrongHostException allElseIsRight) {
                otherHost = allElseIsRight.borne().stream().findFirst();
                throw allElseIsRight;
            }
        }
    }
}
