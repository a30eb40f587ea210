package org.vipmanager.tls;

import org.vipmanager.core.PrintedAddress;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.StandardConstants;

/**
 * The host that a server must prove to be by the subjectAltName of its certificate, by the rules of
 * Go's crypto/x509: an address must be there as such; a name may be covered by a {@code *} that
 * stands for the whole first label. The common name counts for nothing (RFC 9525 section 1.4).
 *
 * @param host a name, with underscores too as container networks have them, or an address
 */
public record ServerName(String host) {

    /** The types of {@link X509Certificate#getSubjectAlternativeNames}. */
    private static final int DNS = 2;

    private static final int IP = 7;

    private static final int MOST_SHOWN = 3;

    /** The certificate is for another host; the message is what follows "the server's". */
    static final class WrongHostException extends CertificateException {

        private static final long serialVersionUID = 1L;

        private final List<String> borne;

        private WrongHostException(String message, List<String> borne) {
            super(message);
            this.borne = List.copyOf(borne);
        }

        /** The hosts for which it is, as they may be asked for: none that begins with a star. */
        List<String> borne() {
            return borne;
        }
    }

    /** A server's name as it goes over the wire; the JDK's own class refuses an underscore. */
    private static final class PlainName extends SNIServerName {

        private PlainName(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** The address of an IPv6 endpoint may be in brackets, and a name end with a dot. */
    public ServerName {
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
    }

    /** Whom a client has asked for in the handshake. */
    static ServerName demandedBy(SSLSession handshake) {
        if (handshake instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                return new ServerName(new String(name.getEncoded(), StandardCharsets.US_ASCII));
            }
        }
        return new ServerName(handshake.getPeerHost());
    }

    /** Lets a client ask for this host (RFC 6066 section 3: not for an address). */
    public void demandBy(SSLParameters parameters) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (address(host).isEmpty()) {
            parameters.setServerNames(List.of(new PlainName(host)));
        }
    }

    /**
     * Looks for the host among the names of a certificate.
     *
     * @throws CertificateException when it is not among them
     */
    void mustBeIn(X509Certificate certificate) throws CertificateException {
        List<String> names = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        var alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                switch ((Integer) alternative.get(0)) {
                    case DNS -> names.add(String.valueOf(alternative.get(1)));
                    case IP -> addresses.add(String.valueOf(alternative.get(1)));
                    default -> {} // mail addresses, URIs
                }
            }
        }
        Optional<InetAddress> address = address(host);
        boolean isThere =
                address.isPresent()
                        ? addresses.stream().anyMatch(is -> address.equals(address(is)))
                        : names.stream().anyMatch(this::isCoveredBy);
        if (!isThere) {
            throw new WrongHostException(
                    names.isEmpty() && addresses.isEmpty()
                            ? commonNameOnly(certificate, address.isPresent())
                            : "certificate is for another host ("
                                    + shown(names, addresses)
                                    + "; not for "
                                    + host
                                    + ")",
                    Stream.concat(names.stream(), addresses.stream())
                            .filter(name -> !name.startsWith("*"))
                            .toList());
        }
    }

    private String commonNameOnly(X509Certificate certificate, boolean isAddress) {
        return "certificate names its host by common name only ("
                + Shown.text(certificate.getSubjectX500Principal().getName())
                + "), which does not count: it needs a subjectAltName "
                + (isAddress ? "IP:" : "DNS:")
                + host;
    }

    private static String shown(List<String> names, List<String> addresses) {
        List<String> all = new ArrayList<>();
        names.forEach(name -> all.add("DNS:" + Shown.text(name)));
        addresses.forEach(address -> all.add("IP:" + address));
        int more = all.size() - MOST_SHOWN;
        return more <= 0
                ? String.join(", ", all)
                : String.join(", ", all.subList(0, MOST_SHOWN)) + " and " + more + " more";
    }

    private boolean isCoveredBy(String pattern) {
        String name = host.toLowerCase(Locale.ROOT);
        String wanted = pattern.toLowerCase(Locale.ROOT);
        if (!wanted.startsWith("*.")) {
            return !name.isEmpty() && name.equals(wanted);
        }
        int dot = name.indexOf('.');
        return dot > 0 && name.substring(dot).equals(wanted.substring(1));
    }

    /** An address that is written out; the zone of IPv6 says which link, not who. */
    private static Optional<InetAddress> address(String text) {
        int zone = text.indexOf('%');
        return PrintedAddress.read(zone < 0 ? text : text.substring(0, zone));
    }
}
