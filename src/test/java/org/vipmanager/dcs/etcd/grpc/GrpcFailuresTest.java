package org.vipmanager.dcs.etcd.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vipmanager.dcs.etcd.EtcdFailure;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;

import javax.net.ssl.SSLHandshakeException;

/** What the codes and texts of etcd 3.4 and 3.5 mean, and those of a connection that fails. */
final class GrpcFailuresTest {

    private static final URI ENDPOINT = URI.create("https://etcd1:2379");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UNAVAILABLE | etcdserver: no leader | NO_LEADER",
                "UNAVAILABLE | etcdserver: leader changed | NO_LEADER",
                "UNAVAILABLE | etcdserver: request timed out | NO_LEADER",
                "DEADLINE_EXCEEDED | context deadline exceeded | SILENT",
                "OUT_OF_RANGE | etcdserver: mvcc: required revision has been compacted | COMPACTED",
                "UNAUTHENTICATED | etcdserver: invalid auth token | TOKEN_EXPIRED",
                "INVALID_ARGUMENT | etcdserver: revision of auth store is old | TOKEN_EXPIRED",
                "INVALID_ARGUMENT | etcdserver: user name is empty | TOKEN_EXPIRED",
                "INVALID_ARGUMENT | etcdserver: authentication failed, invalid user ID or password"
                        + " | LOGIN_REFUSED",
                "PERMISSION_DENIED | etcdserver: permission denied | PERMISSION_DENIED",
                "RESOURCE_EXHAUSTED | etcdserver: too many requests | UNEXPECTED",
                "UNKNOWN | panic | UNEXPECTED",
            })
    void status_isOfAKind(Status.Code code, String text, EtcdFailure.Kind kind) {
        EtcdFailure failure =
                failures(Optional.of("vip"))
                        .of(code.toStatus().withDescription(text), "read \"k\"");

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.endpoint()).isEqualTo(ENDPOINT);
        assertThat(failure.sentence()).startsWith("etcd https://etcd1:2379: ").doesNotContain("\n");
    }

    @Test
    void askedInTheMomentInWhichTheConnectionEnds_nothingWasAnswered() {
        Status status =
                Status.UNKNOWN
                        .withDescription("channel closed")
                        .withCause(new ClosedChannelException());

        EtcdFailure failure = failures(Optional.empty()).of(status, "read \"k\"");

        assertThat(failure.kind()).isEqualTo(EtcdFailure.Kind.ENDED);
        assertThat(failure.sentence()).contains("the connection ended (channel closed)");
    }

    @Test
    void whatKeepsAChannelFromBeingOpened_isOfAKind() {
        GrpcFailures failures = failures(Optional.of("vip"));

        assertThat(failures.of(new UnknownHostException("etcd1")))
                .isEqualTo(
                        new EtcdFailure(
                                EtcdFailure.Kind.UNREACHABLE,
                                ENDPOINT,
                                "the host name etcd1 cannot be resolved"));
        assertThat(failures.of(new SSLHandshakeException("a broken context")))
                .isEqualTo(new EtcdFailure(EtcdFailure.Kind.TLS, ENDPOINT, "a broken context"));
        assertThat(failures.of(new OutOfMemoryError("no thread")))
                .isEqualTo(
                        new EtcdFailure(
                                EtcdFailure.Kind.UNEXPECTED,
                                ENDPOINT,
                                "java.lang.OutOfMemoryError: no thread"));
    }

    @Test
    void emptyUser_withoutOneToLogInAs_isALoginThatIsMissing() {
        EtcdFailure failure =
                failures(Optional.empty())
                        .of(
                                Status.INVALID_ARGUMENT.withDescription(
                                        "etcdserver: user name is empty"),
                                "read");

        assertThat(failure.kind()).isEqualTo(EtcdFailure.Kind.LOGIN_REFUSED);
    }

    @Test
    void refusedConnection_isUnreachable() {
        EtcdFailure failure =
                connection(
                        new IOException(
                                "x", new ConnectException("Connection refused: /127.0.0.1:2")));

        assertThat(failure.kind()).isEqualTo(EtcdFailure.Kind.UNREACHABLE);
        assertThat(failure.sentence()).contains("connection refused; is etcd running there");
    }

    @Test
    void reasonOfSeveralLines_isCutToTheFirst() {
        EtcdFailure failure = connection(new IOException("reset\nChannel Pipeline: [x]"));

        assertThat(failure.details()).isEqualTo("the connection ended (reset)");
    }

    /** As grpc-java describes an answer of a web server, which is another one each second. */
    @Test
    void serverThatIsNoEtcd_isToldWithoutItsPage() {
        EtcdFailure failure =
                failures(Optional.empty())
                        .of(
                                Status.UNIMPLEMENTED.withDescription(
                                        "HTTP status code 404\n"
                                                + "invalid content-type: text/html\n"
                                                + "headers: Metadata(:status=404,date=Thu, 26 Nov"
                                                + " 2026 15:00:01 GMT)\n"
                                                + "DATA-----------------------------\n<html>"),
                                "read");

        assertThat(failure.sentence())
                .isEqualTo(
                        "etcd https://etcd1:2379: it answered UNIMPLEMENTED (HTTP status code"
                                + " 404); see the log of etcd");
    }

    /** What the bytes do not say is guessed only where no answer has ever come. */
    @Test
    void otherScheme_isGuessedOnlyWhereNothingWasEverHeard() {
        EtcdFailure reset = connection(new IOException("Connection reset"));
        GrpcFailures failures = failures(Optional.empty());

        assertThat(failures.unwelcome(reset, FloodGuard.Heard.NOTHING, false).details())
                .contains("is http meant?");
        assertThat(failures.unwelcome(reset, FloodGuard.Heard.BYTES, false).details())
                .contains("is the client certificate refused or revoked?");
        assertThat(failures.unwelcome(reset, FloodGuard.Heard.NOTHING, true)).isEqualTo(reset);
        assertThat(failures.unwelcome(reset, FloodGuard.Heard.FRAMES, false)).isEqualTo(reset);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "15030100020 | it speaks TLS: is https meant?",
                "1603010200 | it speaks TLS: is https meant?",
                "485454502f | it speaks HTTP/1: is it an etcd?",
            })
    void bytesThatAreNotHttp2_sayWhatTheyAre(String bytes, String guess) {
        Http2Exception broken =
                Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR,
                        "First received frame was not SETTINGS. Hex dump for first 5 bytes: %s",
                        bytes);
        Status status = Status.INTERNAL.withDescription("http2 exception").withCause(broken);

        assertThat(failures(Optional.empty()).of(status, "read").details()).contains(guess);
    }

    @Test
    void whatAServerSays_isCut() {
        EtcdFailure failure =
                failures(Optional.empty())
                        .of(Status.UNKNOWN.withDescription("x".repeat(8000)), "read");

        assertThat(failure.sentence()).hasSizeLessThan(400);
    }

    @Test
    void certificates_haveTheirOwnSentences() {
        assertThat(tls(new CertificateExpiredException("NotAfter: yesterday")))
                .isEqualTo(
                        "the server's certificate has expired (NotAfter: yesterday; is a clock wrong?)");
        assertThat(tls(new CertificateNotYetValidException("NotBefore: tomorrow")))
                .contains("not valid yet")
                .contains("is a clock wrong?");
        assertThat(tls(new CertPathBuilderException("unable to find valid certification path")))
                .contains("not issued by an authority that is trusted here");
        assertThat(
                        tls(
                                new CertPathValidatorException(
                                        "validity check failed",
                                        new CertificateExpiredException("NotAfter: yesterday"))))
                .contains("has expired");
        assertThat(tls(new SSLHandshakeException("No name matching etcd1 found")))
                .contains("for another host (No name matching etcd1 found)");
        assertThat(alert("certificate_required")).contains("demands a client certificate");
        assertThat(alert("certificate_expired")).contains("client certificate has expired");
        assertThat(alert("certificate_revoked")).contains("client certificate is revoked");
        assertThat(alert("bad_certificate")).contains("refuses the client certificate");
        assertThat(alert("protocol_version")).contains("ended the TLS handshake");
        assertThat(tls(new SSLHandshakeException("whatever")))
                .isEqualTo("no secure connection (whatever)");
    }

    private static String alert(String alert) {
        return tls(new SSLHandshakeException("(" + alert + ") Received fatal alert: " + alert));
    }

    private static String tls(Exception cause) {
        SSLHandshakeException handshake = new SSLHandshakeException("General problem");
        handshake.initCause(cause);
        EtcdFailure failure = connection(handshake);
        assertThat(failure.kind()).isEqualTo(EtcdFailure.Kind.TLS);
        return failure.details();
    }

    private static EtcdFailure connection(Exception cause) {
        return failures(Optional.empty())
                .of(Status.UNAVAILABLE.withDescription("io exception").withCause(cause), "read");
    }

    private static GrpcFailures failures(Optional<String> user) {
        return new GrpcFailures(ENDPOINT, user);
    }
}
