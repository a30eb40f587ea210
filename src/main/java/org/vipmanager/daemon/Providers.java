package org.vipmanager.daemon;

import org.vipmanager.config.CommandConfig;
import org.vipmanager.config.Config;
import org.vipmanager.config.HetznerConfig;
import org.vipmanager.config.ManagerType;
import org.vipmanager.control.Loop;
import org.vipmanager.core.RetryPolicy;
import org.vipmanager.hetzner.AliasIpProvider;
import org.vipmanager.hetzner.ApiClient;
import org.vipmanager.hetzner.CloudAccess;
import org.vipmanager.hetzner.FloatingIpProvider;
import org.vipmanager.hetzner.LoginLock;
import org.vipmanager.hetzner.RobotLogin;
import org.vipmanager.hetzner.RobotProvider;
import org.vipmanager.http.Proxies;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.provider.CommandProvider;
import org.vipmanager.provider.Provider;
import org.vipmanager.provider.RouteRules;
import org.vipmanager.tls.TlsFiles;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the providers that a configuration names, and the rules by which each is asked. */
final class Providers {

    private static final Logger LOG = System.getLogger("org.vipmanager.provider");

    private static final URI ROBOT = URI.create("https://robot-ws.your-server.de");

    /** What the Robot allows in an hour (its documentation, "failover"). */
    private static final int ROBOT_READS = 100;

    private static final int ROBOT_CHANGES = 50;

    /** So that looking takes a tenth of it at most. */
    private static final Duration ROBOT_SHORTEST_CHECK = Duration.ofMinutes(6);

    private static final Duration ROBOT_CHECK = Duration.ofMinutes(10);

    /** Of the 3600 requests that a project may send in an hour, for all its programs. */
    private static final int CLOUD_READS = 1200;

    private static final int CLOUD_CHANGES = 360;
    private static final Duration CLOUD_SHORTEST_CHECK = Duration.ofSeconds(10);
    private static final Duration CLOUD_CHECK = Duration.ofMinutes(1);

    private static final RetryPolicy RETRY_CLOUD =
            new RetryPolicy(Duration.ofSeconds(1), 2, Duration.ofSeconds(30), 0.25);

    private static final RetryPolicy RETRY_ROBOT =
            new RetryPolicy(Duration.ofSeconds(5), 2, Duration.ofSeconds(90), 0.25);

    private static final RetryPolicy RETRY_COMMAND =
            new RetryPolicy(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.25);

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int LONGEST_BODY = 1 << 20;
    private static final int EVERY_SECOND = 3600;

    private final Loop loop;
    private final Map<String, String> environment;

    Providers(Loop loop, Map<String, String> environment) {
        this.loop = loop;
        this.environment = environment;
    }

    /** All that a provider is made of: of equal settings it is the same. */
    static Object settings(ManagerType type, Config config) {
        return type == ManagerType.COMMAND
                ? config.command().orElseThrow()
                : config.hetzner().orElseThrow();
    }

    Provider make(ManagerType type, Config config) {
        return switch (type) {
            case COMMAND -> command(config.command().orElseThrow());
            case HETZNER -> robot(config.hetzner().orElseThrow());
            case HETZNER_CLOUD -> cloud(config.hetzner().orElseThrow());
            case BASIC -> throw new IllegalArgumentException(type.word());
        };
    }

    /**
     * @param addresses how many share what may be asked in an hour
     */
    RouteRules rules(ManagerType type, Config config, int addresses) {
        return switch (type) {
            case COMMAND -> {
                Duration check = config.command().orElseThrow().checkInterval();
                Duration soon = Collections.min(List.of(SOON, check));
                yield new RouteRules(
                        config.interval(),
                        config.dcsTimeout(),
                        check,
                        soon,
                        soon,
                        RETRY_COMMAND,
                        EVERY_SECOND,
                        EVERY_SECOND,
                        true);
            }
            case HETZNER ->
                    new RouteRules(
                            config.interval(),
                            config.dcsTimeout(),
                            Collections.max(
                                    List.of(
                                            checkInterval(config, ROBOT_CHECK),
                                            ROBOT_SHORTEST_CHECK.multipliedBy(addresses))),
                            Duration.ofSeconds(60),
                            Duration.ofSeconds(10),
                            RETRY_ROBOT,
                            Math.max(1, ROBOT_READS / addresses),
                            Math.max(1, ROBOT_CHANGES / addresses),
                            false);
            case HETZNER_CLOUD ->
                    new RouteRules(
                            config.interval(),
                            config.dcsTimeout(),
                            Collections.max(
                                    List.of(
                                            checkInterval(config, CLOUD_CHECK),
                                            CLOUD_SHORTEST_CHECK.multipliedBy(addresses))),
                            SOON,
                            Duration.ofSeconds(2),
                            RETRY_CLOUD,
                            Math.max(1, CLOUD_READS / addresses),
                            Math.max(1, CLOUD_CHANGES / addresses),
                            false);
            case BASIC -> throw new IllegalArgumentException(type.word());
        };
    }

    private static Duration checkInterval(Config config, Duration standard) {
        return config.hetzner().orElseThrow().checkInterval().orElse(standard);
    }

    private static Provider command(CommandConfig command) {
        return new CommandProvider(command.command(), command.timeout());
    }

    private Provider robot(HetznerConfig hetzner) {
        HetznerConfig.Robot robot = hetzner.robot().orElseThrow();
        URI endpoint = robot.endpoint().orElse(ROBOT);
        return new RobotProvider(
                client(endpoint),
                endpoint,
                () -> login(robot.credentials()),
                new LoginLock(
                        robot.credentials(),
                        stateFolder().map(folder -> folder.resolve("hetzner-login-refused")),
                        InstantSource.system()),
                robot.serverIp());
    }

    private Provider cloud(HetznerConfig hetzner) {
        HetznerConfig.Cloud cloud = hetzner.cloud().orElseThrow();
        URI endpoint = cloud.endpoint().orElse(CloudAccess.ENDPOINT);
        CloudAccess access =
                new CloudAccess(
                        client(endpoint),
                        endpoint,
                        CloudAccess.METADATA,
                        cloud.token().current(),
                        InstantSource.system(),
                        CloudAccess.FIRST_LOOK,
                        CloudAccess.PATIENCE);
        return cloud.network()
                .<Provider>map(number -> new AliasIpProvider(access, cloud.serverId(), number))
                .orElseGet(() -> new FloatingIpProvider(access, cloud.serverId()));
    }

    private static RobotLogin login(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new IOException("the credentials file " + file + " cannot be read", e);
        }
        return RobotLogin.parse(text)
                .orElseThrow(
                        () ->
                                new IOException(
                                        "the credentials file "
                                                + file
                                                + " has no lines user=\"...\" and pass=\"...\""));
    }

    /** The unit's StateDirectory=; of several the first. */
    private Optional<Path> stateFolder() {
        return Optional.ofNullable(environment.get("STATE_DIRECTORY"))
                .filter(folders -> !folders.isBlank())
                .map(folders -> Path.of(folders.split(":", 2)[0]));
    }

    private ApiClient client(URI endpoint) {
        return new ApiClient(
                loop,
                new SocketHttpSender(
                        loop,
                        new SocketHttpSender.Limits(CONNECT, LONGEST_BODY),
                        SourceFactory.contexts(NO_FILES, List.of(endpoint)),
                        proxies()));
    }

    private static final TlsFiles NO_FILES =
            new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());

    private Proxies proxies() {
        try {
            Proxies proxies = Proxies.of(environment);
            if (proxies.proxy().isPresent()) {
                LOG.log(Level.INFO, "Hetzner is asked through the proxy {0}", proxies);
            }
            return proxies;
        } catch (IllegalArgumentException unusable) {
            LOG.log(
                    Level.WARNING,
                    "https_proxy is not used: it names no proxy spoken to over http");
            return Proxies.NONE;
        }
    }
}
