package org.vipmanager.hetzner;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.provider.Answer;
import org.vipmanager.provider.Call;
import org.vipmanager.provider.Provider;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has Hetzner's Robot route a failover IP to this dedicated server. It never touches the interface:
 * the address is configured on every server.
 */
public final class RobotProvider implements Provider {

    private static final Logger LOG = System.getLogger("org.vipmanager.provider");

    private static final Duration GET_DEADLINE = Duration.ofSeconds(30);

    /** A switch takes 40 to 60 s, and the request may last as long. */
    public static final Duration LONGEST_SWITCH = Duration.ofSeconds(180);

    /** The credentials file is looked at so often while it is useless. */
    private static final Duration LOOK_AT_FILE = Duration.ofSeconds(10);

    private final ApiClient api;
    private final URI endpoint;
    private final Login login;
    private final LoginLock lock;
    private final Optional<InetAddress> serverIp;
    private final Optional<String> interfaceName;
    private final Times times;

    /** Held by whoever tries a login that has not been accepted yet, so that one alone does. */
    private final ReentrantLock trying = new ReentrantLock();

    private volatile Optional<RobotLogin> accepted = Optional.empty();
    private volatile boolean toldServer;

    /**
     * How long it waits.
     *
     * @param longestSwitch for an answer to a switch
     * @param lock for the switch that somebody else has asked for before
     */
    public record Times(Duration longestSwitch, Duration lock) {}

    /** Reads the credentials file. */
    public interface Login {
        /**
         * As it is now.
         *
         * @throws IOException with one sentence about the file
         */
        RobotLogin read() throws IOException;
    }

    /**
     * @param endpoint where the Robot is, without a slash at the end
     * @param serverIp this server's main address; found by a look at the routes when empty
     * @param interfaceName that should have it, which is only looked at
     */
    public RobotProvider(
            ApiClient api,
            URI endpoint,
            Login login,
            LoginLock lock,
            Optional<InetAddress> serverIp,
            Optional<String> interfaceName,
            Times times) {
        this.interfaceName = interfaceName;
        this.times = times;
        this.api = api;
        this.endpoint = endpoint;
        this.login = login;
        this.lock = lock;
        this.serverIp = serverIp;
    }

    @Override
    public Answer state(Call call) {
        return withServer(
                call.vip(),
                server ->
                        ask(
                                ApiClient.Request.get(uri(call.vip()), GET_DEADLINE),
                                call,
                                new RobotReply(server, false, times.lock())));
    }

    @Override
    public void close() {
        api.close();
    }

    @Override
    public Answer acquire(Call call) {
        return withServer(
                call.vip(),
                server ->
                        ask(
                                new ApiClient.Request(
                                        "POST",
                                        uri(call.vip()),
                                        Optional.of(
                                                "active_server_ip="
                                                        + PrintedAddress.of(server)
                                                                .replace(":", "%3A")),
                                        "application/x-www-form-urlencoded",
                                        times.longestSwitch()),
                                call,
                                new RobotReply(server, true, times.lock())));
    }

    private URI uri(VirtualIp vip) {
        return URI.create(
                endpoint + "/failover/" + PrintedAddress.of(ServerAddress.asNamed(vip.address())));
    }

    private interface Ask {
        Answer of(InetAddress server);
    }

    private Answer withServer(VirtualIp vip, Ask ask) {
        Optional<InetAddress> found =
                serverIp.filter(known -> isIpv6(known) == vip.isIpv6())
                        .or(() -> ServerAddress.byRoute(vip.isIpv6()));
        if (found.isEmpty() || found.get().equals(vip.address())) {
            return new Answer(
                    new Answer.Failed(
                            "this server's main address is not known (the routes lead "
                                    + (found.isEmpty() ? "nowhere" : "from the address itself")
                                    + "): give hetzner-server-ip",
                            Duration.ofSeconds(30),
                            true),
                    0,
                    0);
        }
        InetAddress server = ServerAddress.asNamed(found.get());
        if (!toldServer) {
            toldServer = true;
            LOG.log(
                    Level.INFO,
                    "the Robot is asked to route to this server by its address {0} ({1})",
                    PrintedAddress.of(server),
                    serverIp.isPresent() ? "hetzner-server-ip" : "found by the default route");
            warnOfAnother(found.get(), vip);
        }
        return ask.of(server);
    }

    private void warnOfAnother(InetAddress server, VirtualIp vip) {
        interfaceName
                .flatMap(name -> ServerAddress.otherOn(name, server, vip.address()))
                .ifPresent(
                        other ->
                                LOG.log(
                                        Level.WARNING,
                                        "the Robot is asked to route to {0}, and interface {1} has the main"
                                                + " address {2}: give hetzner-server-ip this server''s"
                                                + " address as the Robot shows it, or leave interface out",
                                        PrintedAddress.of(server),
                                        interfaceName.get(),
                                        PrintedAddress.of(other)));
    }

    private static boolean isIpv6(InetAddress address) {
        return address.getAddress().length == 16;
    }

    private Answer ask(ApiClient.Request request, Call call, RobotReply reply) {
        RobotLogin now;
        try {
            now = login.read();
        } catch (IOException unusable) {
            return unsent(
                    new Answer.Failed(String.valueOf(unusable.getMessage()), LOOK_AT_FILE, true));
        }
        if (accepted.equals(Optional.of(now))) {
            return send(request, call, reply, now);
        }
        trying.lock();
        try {
            return send(request, call, reply, now);
        } finally {
            trying.unlock();
        }
    }

    private Answer send(ApiClient.Request request, Call call, RobotReply reply, RobotLogin now) {
        if (lock.isShut()) {
            return unsent(RobotReply.loginRefused(LOOK_AT_FILE));
        }
        if (reply.changes() && !call.mayChange()) {
            return unsent(
                    new Answer.Failed(
                            "not asked: it is not certain any more that this host leads",
                            Duration.ZERO,
                            false));
        }
        HttpOutcome outcome = api.ask(request, now.authorization(), now.password());
        if (outcome instanceof HttpAnswer answer) {
            if (answer.status() == RobotReply.UNAUTHORIZED) {
                lock.shut();
                accepted = Optional.empty();
                return reply.sent(RobotReply.loginRefused(LOOK_AT_FILE));
            }
            accepted = Optional.of(now);
            return reply.sent(reply.meaning(answer));
        }
        HttpFailure failure = (HttpFailure) outcome;
        Duration lasted = failure.sentAt().until(failure.receivedAt());
        boolean timedOut = lasted.compareTo(request.deadline()) >= 0;
        return reply.sent(
                timedOut ? reply.unanswered(request.deadline(), failure) : reply.meaning(failure));
    }

    private static Answer unsent(Answer.Failed failed) {
        return new Answer(failed, 0, 0);
    }
}
