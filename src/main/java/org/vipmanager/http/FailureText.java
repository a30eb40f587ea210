package org.vipmanager.http;

import org.vipmanager.tls.TlsTrouble;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Optional;

/** Says in a few words why an exchange failed. */
final class FailureText {

    private FailureText() {}

    /** What follows the endpoint's name in a sentence. */
    static String of(IOException failure) {
        Optional<String> tls = TlsTrouble.explain(failure);
        if (tls.isPresent()) {
            return "cannot be asked: " + tls.get();
        }
        String text = text(failure);
        return switch (failure) {
            case UnknownHostException _ -> "has a host name that cannot be resolved";
            case NoRouteToHostException _ -> "cannot be reached: no route to the host";
            case SocketTimeoutException _ ->
                    "does not accept connections: no answer to the connection attempt";
            case ProtocolException _ -> text;
            case SocketException _ when text.contains("unreachable") ->
                    "cannot be reached: " + text.toLowerCase(Locale.ROOT);
            case ConnectException _ -> "refused the connection";
            case EOFException _, ClosedChannelException _ -> cut();
            case SocketException _ when text.contains("reset") || text.contains("closed") -> cut();
            default ->
                    text.contains("Broken pipe") || text.contains("reset by peer")
                            ? cut()
                            : "cannot be asked: " + text;
        };
    }

    /** Whether it will be so until a person mends something: a certificate, or another server. */
    static boolean needsAPerson(IOException failure) {
        return failure instanceof ProtocolException || TlsTrouble.explain(failure).isPresent();
    }

    private static String cut() {
        return "closed the connection before its answer was complete";
    }

    private static String text(Throwable error) {
        String message = error.getMessage();
        return message == null || message.isBlank()
                ? error.getClass().getSimpleName()
                : message.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
    }
}
