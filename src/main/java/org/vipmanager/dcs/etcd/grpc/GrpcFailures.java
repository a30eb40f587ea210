package org.vipmanager.dcs.etcd.grpc;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;

import org.jspecify.annotations.Nullable;
import org.vipmanager.dcs.etcd.EtcdFailure;
import org.vipmanager.http.Origin;
import org.vipmanager.tls.TlsFileException;
import org.vipmanager.tls.TlsTrouble;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.SSLException;

/**
 * Turns a gRPC status into what it means.
 *
 * <p>etcd's codes and texts: {@code api/v3rpc/rpctypes/error.go}.
 */
final class GrpcFailures {

    private final URI endpoint;
    private final Origin server;
    private final Optional<String> user;

    GrpcFailures(URI endpoint, Optional<String> user) {
        this.endpoint = endpoint;
        this.server = Origin.of(endpoint, GrpcEtcdCalls.DEFAULT_PORT);
        this.user = user;
    }

    EtcdFailure of(EtcdFailure.Kind kind, String details) {
        return new EtcdFailure(kind, endpoint, details);
    }

    /** Why there is no channel, or no password. */
    EtcdFailure of(Throwable e) {
        return switch (e) {
            case TlsFileException _, SSLException _ ->
                    of(EtcdFailure.Kind.TLS, String.valueOf(e.getMessage()));
            case UnknownHostException _ ->
                    of(
                            EtcdFailure.Kind.UNREACHABLE,
                            "the host name " + server.host() + " cannot be resolved");
            default -> of(EtcdFailure.Kind.UNEXPECTED, e.toString());
        };
    }

    /**
     * What a status means.
     *
     * @param what what was tried, such as {@code read "/leader"}
     */
    EtcdFailure of(Status status, String what) {
        // What is no gRPC server is described by its headers and its page too, each time anew.
        String text = firstLine(status.getDescription());
        return switch (status.getCode()) {
            case UNAVAILABLE -> unavailable(status, text);
            case DEADLINE_EXCEEDED -> of(EtcdFailure.Kind.SILENT, text);
            case CANCELLED -> canceled(text);
            case OUT_OF_RANGE -> of(EtcdFailure.Kind.COMPACTED, text);
            case UNAUTHENTICATED -> of(EtcdFailure.Kind.TOKEN_EXPIRED, text);
            default -> refused(text, what).orElseGet(() -> unexpected(status, text));
        };
    }

    /** By the server, or by gRPC here, which could not read the answer. */
    private EtcdFailure canceled(String text) {
        return text.startsWith("Failed to read message")
                ? of(EtcdFailure.Kind.UNEXPECTED, "its answer cannot be read")
                : of(EtcdFailure.Kind.SILENT, text);
    }

    /** What the reason means with which a watch was canceled. */
    EtcdFailure ofCanceled(String reason, boolean compacted, String what) {
        if (compacted || reason.contains("compacted")) {
            return of(EtcdFailure.Kind.COMPACTED, reason);
        }
        if (reason.contains("no leader")) {
            return of(EtcdFailure.Kind.NO_LEADER, reason);
        }
        return refused(reason, what).orElseGet(() -> of(EtcdFailure.Kind.UNEXPECTED, reason));
    }

    private Optional<EtcdFailure> refused(String text, String what) {
        if (text.contains("permission denied")) {
            String who =
                    user.map(name -> "user \"" + name + "\"")
                            .orElse("the user of the client certificate");
            return Optional.of(of(EtcdFailure.Kind.PERMISSION_DENIED, who + " may not " + what));
        }
        if (text.contains("invalid auth token")
                || text.contains("auth store is old")
                || (text.contains("user name is empty") && user.isPresent())) {
            return Optional.of(of(EtcdFailure.Kind.TOKEN_EXPIRED, text));
        }
        if (text.contains("user name is empty")) {
            return Optional.of(
                    of(
                            EtcdFailure.Kind.LOGIN_REFUSED,
                            "it demands a user, and neither a user nor a client certificate that"
                                    + " names one is given"));
        }
        if (text.contains("invalid user ID or password")) {
            return Optional.of(
                    of(
                            EtcdFailure.Kind.LOGIN_REFUSED,
                            "user \"" + user.orElse("") + "\" or its password is wrong"));
        }
        return Optional.empty();
    }

    /** etcd answers that it cannot, or there is no connection. */
    private EtcdFailure unavailable(Status status, String text) {
        if (text.startsWith("etcdserver:")) {
            return of(EtcdFailure.Kind.NO_LEADER, text.substring("etcdserver:".length()).strip());
        }
        Optional<String> insecure = TlsTrouble.explain(status.getCause());
        if (insecure.isPresent()) {
            return of(EtcdFailure.Kind.TLS, insecure.get());
        }
        Throwable root = root(status.getCause());
        if (root instanceof ConnectException || root instanceof NoRouteToHostException) {
            return of(EtcdFailure.Kind.UNREACHABLE, connectTrouble(root));
        }
        if (root == null || root.getMessage() == null) {
            return of(EtcdFailure.Kind.ENDED, "the connection ended (" + text + ")");
        }
        return of(
                EtcdFailure.Kind.ENDED,
                "the connection ended (" + firstLine(root.getMessage()) + ")");
    }

    /**
     * A connection that ends before anything was answered: it may have been unwelcome. A server
     * that checks a list of revoked certificates says no more than that, in the middle of the
     * handshake; one with the other scheme not even a byte, and so does a proxy whose server is
     * down. Neither is to be thought of where an answer has come before.
     *
     * @param failure how it ended
     * @param heard what had come over it
     * @param known whether the endpoint has ever answered
     */
    EtcdFailure unwelcome(EtcdFailure failure, FloodGuard.Heard heard, boolean known) {
        boolean secure = server.secure();
        if (heard == FloodGuard.Heard.BYTES && secure) {
            return unwelcome("is the client certificate refused or revoked?");
        }
        if (heard == FloodGuard.Heard.NOTHING && !known) {
            return unwelcome(
                    secure
                            ? "is http meant? a proxy whose etcd is down does so, too"
                            : "is https meant? a proxy whose etcd is down does so, too");
        }
        return failure;
    }

    private EtcdFailure unwelcome(String guess) {
        return of(
                EtcdFailure.Kind.ENDED,
                "it ended the connection before it answered anything (" + guess + ")");
    }

    /** The answer cannot be one to what was tried. */
    EtcdFailure nonsense(String what) {
        return of(
                EtcdFailure.Kind.UNEXPECTED,
                "what it answered makes no sense (tried to " + what + ")");
    }

    /** Netty shows the first five bytes where they are none of HTTP/2. */
    private EtcdFailure notHttp2(String text) {
        String guess = "";
        if (text.contains("bytes: 1503") || text.contains("bytes: 1603")) {
            guess = "it speaks TLS: is https meant? ";
        } else if (text.contains("bytes: 48545450")) {
            guess = "it speaks HTTP/1: is it an etcd? ";
        }
        return of(EtcdFailure.Kind.UNEXPECTED, "its answer is no HTTP/2 (" + guess + text + ")");
    }

    private static String connectTrouble(Throwable root) {
        String text = String.valueOf(root.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("refused") ? "connection refused" : text;
    }

    private EtcdFailure unexpected(Status status, String text) {
        Throwable root = root(status.getCause());
        if (root instanceof ClosedChannelException) {
            // It was asked in the moment in which it went; gRPC calls that UNKNOWN.
            return of(EtcdFailure.Kind.ENDED, "the connection ended (" + text + ")");
        }
        if (text.startsWith("gRPC message exceeds")) {
            return of(EtcdFailure.Kind.UNEXPECTED, "its answer is too long (" + text + ")");
        }
        if (root instanceof Http2Exception broken) {
            return notHttp2(firstLine(broken.getMessage()));
        }
        return of(
                EtcdFailure.Kind.UNEXPECTED,
                "it answered " + status.getCode() + (text.isEmpty() ? "" : " (" + text + ")"));
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    private static @Nullable Throwable root(@Nullable Throwable failure) {
        Throwable root = failure;
        while (root != null && root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }
}
