package org.vipmanager.http;

import org.jspecify.annotations.Nullable;
import org.vipmanager.tls.TlsTrouble;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Optional;

/**
 * Says in a few words of the network why an exchange failed; the client's own are about its inside.
 */
final class FailureText {

    private FailureText() {}

    /** What follows the endpoint's name in a sentence. */
    static String of(@Nullable Throwable error, int bodyBytes) {
        Optional<String> tls = TlsTrouble.explain(error);
        if (tls.isPresent()) {
            return "cannot be asked: " + tls.get();
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case UnresolvedAddressException _, UnknownHostException _ -> {
                    return "has a host name that cannot be resolved";
                }
                case NoRouteToHostException _ -> {
                    return "cannot be reached: no route to the host";
                }
                case HttpTimeoutException _ -> {
                    return "does not accept connections: no answer to the connection attempt";
                }
                default -> {}
            }
        }
        return error instanceof IOException failed ? io(failed, bodyBytes) : "failed: " + error;
    }

    private static String io(IOException error, int bodyBytes) {
        String text = text(error);
        if (error instanceof ConnectException) {
            return text.contains("unreachable")
                    ? "cannot be reached: " + text.toLowerCase(Locale.ROOT)
                    : "refused the connection";
        }
        if (text.contains("exceeds") && text.contains(Integer.toString(bodyBytes))) {
            return "sent more than " + bodyBytes + " bytes";
        }
        if (error instanceof EOFException
                || text.contains("EOF")
                || text.contains("received no bytes")
                || text.contains("fixed content-length")
                || text.contains("closed")
                || text.contains("reset")
                || text.contains("Broken pipe")) {
            return "closed the connection before its answer was complete";
        }
        if (error instanceof ProtocolException
                || text.contains("status line")
                || text.contains("Header size")) {
            return "sent what is no HTTP answer (" + text + ")";
        }
        return "failed: " + text;
    }

    private static String text(Throwable error) {
        String message = error.getMessage();
        return message == null || message.isBlank()
                ? error.getClass().getSimpleName()
                : message.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
    }
}
