package org.vipmanager.tls;

import org.jspecify.annotations.Nullable;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.SSLException;

/** Says in a few words why a secure connection failed. */
public final class TlsTrouble {

    private static final int DEEPEST = 16;

    private TlsTrouble() {}

    /** The reason, when the failure has to do with TLS. */
    public static Optional<String> explain(@Nullable Throwable failure) {
        Optional<String> general = Optional.empty();
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            Optional<String> exact = exactly(cause);
            if (exact.isPresent()) {
                return exact;
            }
            if (cause instanceof SSLException || cause instanceof CertificateException) {
                general = Optional.of("no secure connection: " + cause.getMessage());
            }
            cause = cause.getCause();
        }
        return general;
    }

    private static Optional<String> exactly(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        if (cause instanceof CertificateExpiredException) {
            return Optional.of("the server's certificate has expired (" + message + ")");
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Optional.of(
                    "the server's certificate is not valid yet ("
                            + message
                            + "); is a clock wrong?");
        }
        if (lower.contains("no subject alternative") || lower.startsWith("no name matching")) {
            return Optional.of("the server's certificate is for another host (" + message + ")");
        }
        if (lower.contains("unable to find valid certification path")
                || lower.contains("signature check failed")
                || cause instanceof CertPathValidatorException) {
            return Optional.of(
                    "the server's certificate was not issued by an authority that is trusted here");
        }
        if (!lower.contains("received fatal alert")) {
            return lower.contains("not an ssl/tls record")
                    ? Optional.of("the server answers without TLS; is http meant?")
                    : Optional.empty();
        }
        if (lower.contains("certificate_required")) {
            return Optional.of("the server demands a client certificate");
        }
        if (lower.contains("certificate_expired")) {
            return Optional.of("the server says that the client certificate has expired");
        }
        if (lower.contains("certificate") || lower.contains("unknown_ca")) {
            return Optional.of(
                    "the server does not accept the client certificate, or demands one ("
                            + message
                            + ")");
        }
        return Optional.empty();
    }
}
