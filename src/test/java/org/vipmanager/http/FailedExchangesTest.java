package org.vipmanager.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vipmanager.hostile.FaultyPeer;

import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Every exchange that fails ends its connection, whatever the server leaves open. */
@Timeout(60)
final class FailedExchangesTest {

    private static final int TIMES = 40;

    private final ThreadLoop loop = new ThreadLoop();
    private final SocketHttpSender sender =
            new SocketHttpSender(
                    loop,
                    new SocketHttpSender.Limits(Duration.ofSeconds(2), 10_000),
                    TlsContexts.SYSTEM);
    private final BlockingQueue<HttpOutcome> outcomes = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        loop.execute(sender::close);
        loop.close();
    }

    @Test
    void anSshServer() throws Exception {
        List<HttpFailure> failures = leavesNothingOpen("SSH-2.0-OpenSSH_9.2p1\r\n");

        assertThat(failures).as("is asked ever more rarely").allMatch(HttpFailure::needsAPerson);
    }

    @Test
    void garbage() throws Exception {
        leavesNothingOpen("\0\1\2\3\r\n\r\n");
    }

    @Test
    void aStatusThatIsNone() throws Exception {
        leavesNothingOpen("HTTP/1.1 2x0 OK\r\n\r\n");
    }

    @Test
    void aLengthThatIsNone() throws Exception {
        leavesNothingOpen("HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\nx");
    }

    @Test
    void aChunkThatIsNone() throws Exception {
        leavesNothingOpen("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    }

    @Test
    void aBodyThatIsTooLong() throws Exception {
        leavesNothingOpen("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\nx");
    }

    @Test
    void headersWithoutAnEnd() throws Exception {
        leavesNothingOpen("HTTP/1.1 200 OK\r\n" + "X-More: and more\r\n".repeat(40_000));
    }

    /** With an end: it is the size that is refused. */
    @Test
    void headersOfMoreThanSixteenKibibytes() throws Exception {
        String header = "X-More: " + "m".repeat(1014) + "\r\n";
        String end = "Content-Length: 0\r\n\r\n";
        leavesNothingOpen("HTTP/1.1 200 OK\r\n" + header.repeat(16) + end);

        assertThat(answered("HTTP/1.1 200 OK\r\n" + header.repeat(15) + end))
                .isInstanceOf(HttpAnswer.class);
    }

    @Test
    void informationWithoutAnEnd() throws Exception {
        leavesNothingOpen("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(40_000));
    }

    private HttpOutcome answered(String answer) throws Exception {
        try (FaultyPeer peer = new FaultyPeer(connection -> say(connection, answer))) {
            URI uri = URI.create("http://127.0.0.1:" + peer.port() + "/");
            HttpQuestion question = HttpQuestion.get(uri, Duration.ofSeconds(5));
            loop.execute(() -> sender.send(question, outcomes::add));
            return Objects.requireNonNull(outcomes.poll(10, TimeUnit.SECONDS));
        }
    }

    private List<HttpFailure> leavesNothingOpen(String answer) throws Exception {
        List<HttpFailure> failures = new ArrayList<>();
        try (FaultyPeer peer = new FaultyPeer(connection -> say(connection, answer))) {
            URI uri = URI.create("http://127.0.0.1:" + peer.port() + "/");
            for (int number = 0; number < TIMES; number++) {
                loop.execute(
                        () ->
                                sender.send(
                                        HttpQuestion.get(uri, Duration.ofSeconds(5)),
                                        outcomes::add));
                HttpOutcome outcome = outcomes.poll(10, TimeUnit.SECONDS);
                assertThat(outcome).isInstanceOf(HttpFailure.class);
                failures.add((HttpFailure) outcome);
                assertThat(failures.getLast().trouble()).doesNotContain("did not answer");
            }
            await().untilAsserted(() -> assertThat(peer.openConnections()).isLessThanOrEqualTo(1));
        }
        return failures;
    }

    private static void say(Socket connection, String answer) throws Exception {
        OutputStream out = connection.getOutputStream();
        out.write(answer.getBytes(ISO_8859_1));
        out.flush();
        connection.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
}
