package org.vipmanager.hostile;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.PatroniProbe;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.consul.ConsulLeaderSource;
import org.vipmanager.dcs.consul.ConsulSettings;
import org.vipmanager.dcs.patroni.HttpPatroniProbe;
import org.vipmanager.dcs.patroni.PatroniLeaderSource;
import org.vipmanager.dcs.patroni.PatroniSettings;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.http.TlsContexts;

import java.net.URI;
import java.time.Duration;

/** Consul and Patroni, or what has taken their ports, answer by HTTP that is wrong in every way. */
final class HostileHttpTest {

    private static final Duration TIMEOUT = Duration.ofMillis(400);

    /** As {@code SourceFactory} has it. */
    private static final int LONGEST_BODY = 1 << 20;

    @Test
    void consul() throws Exception {
        String good =
                BrokenHttp.ok(
                        "[{\"Key\":\"k\",\"Flags\":0,\"Value\":\"cGcx\",\"Session\":\"s\","
                                + "\"CreateIndex\":39,\"ModifyIndex\":42}]");
        try (Ordeal ordeal = new Ordeal(BrokenHttp.healthy(request -> consul(request, good)))) {
            ConsulSettings settings = QuickSettings.consul(uri(ordeal), TIMEOUT);
            follow(ordeal, new ConsulLeaderSource(ordeal.loop(), sender(ordeal), settings), good);
        }
    }

    @Test
    void patroni() throws Exception {
        String good = BrokenHttp.ok("{\"state\": \"running\"}");
        try (Ordeal ordeal = new Ordeal(BrokenHttp.healthy(_ -> good))) {
            PatroniSettings settings = QuickSettings.patroni(uri(ordeal), TIMEOUT);
            follow(ordeal, new PatroniLeaderSource(ordeal.loop(), sender(ordeal), settings), good);
        }
    }

    @Test
    void patroniUrl() throws Exception {
        String good = BrokenHttp.ok("{\"state\": \"running\", \"failsafe_mode_is_active\": true}");
        try (Ordeal ordeal = new Ordeal(BrokenHttp.healthy(_ -> good))) {
            Asking asking = new Asking(ordeal);
            ordeal.onLoop(asking::ask);
            ordeal.play(asking, new BrokenHttp(good)::manners);
            ordeal.onLoop(asking::close);
        }
    }

    private static String consul(String request, String good) throws InterruptedException {
        if (request.contains("index=")) {
            Thread.sleep(100); // as long as nothing changes
        }
        return good;
    }

    private static void follow(Ordeal ordeal, LeaderSource source, String good) {
        ordeal.follow(source, new Trigger("k", "pg1"), new BrokenHttp(good)::manners);
    }

    private static URI uri(Ordeal ordeal) {
        return URI.create("http://127.0.0.1:" + ordeal.peer().port());
    }

    private static SocketHttpSender sender(Ordeal ordeal) {
        return new SocketHttpSender(
                ordeal.loop(),
                new SocketHttpSender.Limits(TIMEOUT, LONGEST_BODY),
                TlsContexts.SYSTEM);
    }

    /** Asks one question after the other. */
    private static final class Asking implements Ordeal.Subject {

        private final Ordeal ordeal;
        private final SocketHttpSender sender;
        private final PatroniProbe probe;
        private volatile Moment newest = Moment.LONG_AGO;
        private boolean closed;

        Asking(Ordeal ordeal) {
            this.ordeal = ordeal;
            this.sender = sender(ordeal);
            this.probe =
                    new HttpPatroniProbe(
                            sender, ordeal.loop(), uri(ordeal), TIMEOUT, QuickSettings.INTERVAL);
        }

        void ask() {
            if (!closed) {
                probe.ask().thenAccept(this::answered);
            }
        }

        private void answered(PatroniProbe.Reply reply) {
            PatroniAnswer answer = reply.answer();
            if (answer.failsafe() == PatroniAnswer.Failsafe.ACTIVE) {
                newest = answer.sentAt();
            }
            ordeal.loop().at(ordeal.loop().now().plus(QuickSettings.INTERVAL), this::ask);
        }

        @Override
        public boolean isWellSince(Moment then) {
            return newest.isAfter(then);
        }

        void close() {
            closed = true;
            probe.close();
            sender.close();
        }
    }
}
