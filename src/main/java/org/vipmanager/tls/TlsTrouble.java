package org.vipmanager.tls;

import org.jspecify.annotations.Nullable;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import javax.net.ssl.SSLException;

/** Says in a few words why a secure connection failed. */
public final class TlsTrouble {

    private static final int DEEPEST = 16;
    private static final String ALERT = "Received fatal alert: ";

    private TlsTrouble() {}

    /** The reason, when the failure has to do with TLS. */
    public static Optional<String> explain(@Nullable Throwable failure) {
        List<Throwable> causes = causes(failure);
        return first(causes, TlsTrouble::validity)
                .or(() -> first(causes, TlsTrouble::identity))
                .or(() -> first(causes, TlsTrouble::alert))
                .or(() -> first(causes.reversed(), TlsTrouble::anyOther));
    }

    private static Optional<String> validity(Throwable cause) {
        if (cause instanceof CertificateExpiredException) {
            return Optional.of(
                    "the server's certificate has expired ("
                            + text(cause)
                            + "; is a clock wrong?)");
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Optional.of(
                    "the server's certificate is not valid yet ("
                            + text(cause)
                            + "; is a clock wrong?)");
        }
        return Optional.empty();
    }

    private static Optional<String> identity(Throwable cause) {
        if (cause instanceof ServerName.WrongHostException) {
            return Optional.of("the server's " + cause.getMessage());
        }
        String text = text(cause);
        if (text.startsWith("No subject alternative") || text.startsWith("No name matching")) {
            return Optional.of("the server's certificate is for another host (" + text + ")");
        }
        if (cause instanceof CertPathBuilderException
                || cause instanceof CertPathValidatorException
                || text.contains("unable to find valid certification path")) {
            return Optional.of(
                    "the server's certificate was not issued by an authority that is trusted here");
        }
        if (text.contains("not an SSL/TLS record")) {
            return Optional.of("the server answers without TLS (is http meant?)");
        }
        return Optional.empty();
    }

    /** What the server says by an alert (RFC 8446 section 6.2). */
    private static Optional<String> alert(Throwable cause) {
        String text = text(cause);
        int at = text.indexOf(ALERT);
        if (at < 0) {
            return Optional.empty();
        }
        String alert = text.substring(at + ALERT.length());
        return Optional.of(
                switch (alert) {
                    case "certificate_required" ->
                            "the server demands a client certificate that it trusts";
                    case "certificate_expired" ->
                            "the server says that the client certificate has expired";
                    case "certificate_revoked" ->
                            "the server says that the client certificate is revoked";
                    case "bad_certificate",
                            "unknown_ca",
                            "certificate_unknown",
                            "unsupported_certificate" ->
                            "the server refuses the client certificate, or demands one ("
                                    + alert
                                    + ")";
                    default -> "the server ended the TLS handshake (" + alert + ")";
                });
    }

    private static Optional<String> anyOther(Throwable cause) {
        return cause instanceof SSLException || cause instanceof CertificateException
                ? Optional.of("no secure connection (" + text(cause) + ")")
                : Optional.empty();
    }

    /** The first line of a message, without the name of the alert that the JDK puts before it. */
    private static String text(Throwable cause) {
        return Shown.message(cause).replaceFirst("^\\([a-z_]+\\) ", "");
    }

    private static Optional<String> first(
            List<Throwable> causes, Function<Throwable, Optional<String>> reading) {
        return causes.stream().map(reading).flatMap(Optional::stream).findFirst();
    }

    private static List<Throwable> causes(@Nullable Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        Throwable cause = failure;
        while (cause != null && causes.size() < DEEPEST) {
            causes.add(cause);
            cause = cause.getCause();
        }
        return causes;
    }
}
