package org.vipmanager.lab;

import org.vipmanager.hetzner.HttpStub;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Hetzner's Robot as its documentation describes it, with one failover IP, in a host of the lab: a
 * switch locks the address and its request lasts as long, three refused logins lock the account,
 * and an hour has so many requests.
 */
final class RobotStub implements AutoCloseable {

    static final int PORT = 8081;
    static final String PASSWORD = "hush";

    private static final int MOST_GETS = 100;
    private static final int MOST_POSTS = 50;

    /** What was asked, and when. */
    record Request(String method, String from, int status, long atNanos) {}

    private final HttpStub http;
    private final Timeline timeline;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Duration switchTime;
    private volatile String active = "null";
    private volatile boolean down;
    private boolean switching;
    private int refused;

    RobotStub(Host host, Timeline timeline, Duration switchTime) {
        this.timeline = timeline;
        this.switchTime = switchTime;
        ServerSocket socket =
                host.namespace()
                        .call(
                                () -> {
                                    try {
                                        return new ServerSocket(PORT);
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                });
        http = new HttpStub(socket, this::answer);
    }

    void down(boolean isDown) {
        timeline.note(isDown ? "the Robot is down" : "the Robot is up");
        down = isDown;
    }

    /** The main address of the server that it is routed to, or null. */
    String active() {
        return active;
    }

    /** As by the customer himself, in the Robot's pages. */
    void route(String server) {
        active = server;
    }

    synchronized boolean isSwitching() {
        return switching;
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    long count(String method) {
        return requests.stream().filter(one -> one.method().equals(method)).count();
    }

    private void answer(HttpStub.Asked asked, OutputStream out)
            throws IOException, InterruptedException {
        long at = System.nanoTime();
        String target = asked.body().replace("active_server_ip=", "");
        int before = requests.size();
        String reply = reply(asked, target);
        int status = Integer.parseInt(reply.substring(0, 3));
        requests.add(new Request(asked.method(), target, status, at));
        timeline.note("the Robot: " + asked + " -> " + reply.replaceAll("\\s+", " "));
        if (status == 200 && asked.method().equals("POST")) {
            Thread.sleep(switchTime);
            synchronized (this) {
                active = target;
                switching = false;
            }
            reply = routed();
            timeline.note("the Robot: switched to " + target + " (request " + before + ")");
        }
        HttpStub.json(out, status, reply.substring(4));
    }

    private synchronized String reply(HttpStub.Asked asked, String target) {
        String login =
                Base64.getEncoder()
                        .encodeToString(("joe:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        if (refused >= 3 || !asked.head().contains("Authorization: Basic " + login)) {
            refused++;
            return error(401, "UNAUTHORIZED");
        }
        refused = 0;
        if (down) {
            return "503 <html>maintenance</html>";
        }
        boolean changes = asked.method().equals("POST");
        if (count(asked.method()) >= (changes ? MOST_POSTS : MOST_GETS)) {
            return error(403, "RATE_LIMIT_EXCEEDED");
        }
        if (!changes) {
            return routed();
        }
        if (switching) {
            return error(409, "FAILOVER_LOCKED");
        }
        if (target.equals(active)) {
            return error(409, "FAILOVER_ALREADY_ROUTED");
        }
        switching = true;
        return "200 ";
    }

    private String routed() {
        String server = active.equals("null") ? active : '"' + active + '"';
        return "200 {\"failover\":{\"ip\":\"10.0.0.99\",\"server_ip\":\"192.168.0.1\",\"active_server_ip\":%s}}"
                .formatted(server);
    }

    private static String error(int status, String code) {
        return status
                + " {\"error\":{\"status\":%d,\"code\":\"%s\",\"message\":\"as documented\"}}"
                        .formatted(status, code);
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
