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
final class RobotStub implements ProviderStandIn {

    static final int PORT = 8081;
    static final String PASSWORD = "hush";

    /** The answer comes when it has happened. */
    private static final String SWITCHES = "200 a switch";

    private static final int MOST_GETS = 100;
    private static final int MOST_POSTS = 50;

    private final HttpStub http;
    private final Timeline timeline;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Duration switchTime;
    private volatile String active = "null";
    private volatile String fault = "";
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

    @Override
    public void down(boolean isDown) {
        answerAll(isDown ? "503 <html>maintenance</html>" : "");
    }

    /**
     * Answers everything so: a status and a body; without a body never; empty for the usual
     * answers.
     */
    void answerAll(String statusAndBody) {
        timeline.note("the Robot answers " + (statusAndBody.isEmpty() ? "again" : statusAndBody));
        fault = statusAndBody;
    }

    /** As by the customer himself, in the Robot's pages. */
    void route(String server) {
        active = server;
    }

    /** Its main address, or null. */
    @Override
    public String active() {
        return active;
    }

    @Override
    public synchronized boolean isSwitching() {
        return switching;
    }

    @Override
    public List<Request> requests() {
        return List.copyOf(requests);
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
        if (reply.equals(fault) && reply.length() == 3) {
            Thread.sleep(Duration.ofMinutes(10));
        }
        if (reply.equals(SWITCHES)) {
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
        if (!fault.isEmpty()) {
            return fault;
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
        return SWITCHES;
    }

    private String routed() {
        String server = active.equals("null") ? active : '"' + active + '"';
        return """
               200 {"failover":{"ip":"10.0.0.99","netmask":"255.255.255.255",\
               "server_ip":"192.168.0.1","server_ipv6_net":"2001:db8:1::","server_number":321,\
               "active_server_ip":%s}}"""
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
