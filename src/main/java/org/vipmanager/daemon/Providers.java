package org.vipmanager.daemon;

import org.vipmanager.config.CommandConfig;
import org.vipmanager.config.Config;
import org.vipmanager.config.HetznerConfig;
import org.vipmanager.config.ManagerType;
import org.vipmanager.control.Loop;
import org.vipmanager.hetzner.AliasIpProvider;
import org.vipmanager.hetzner.ApiClient;
import org.vipmanager.hetzner.CloudAccess;
import org.vipmanager.hetzner.FloatingIpProvider;
import org.vipmanager.hetzner.LoginLock;
import org.vipmanager.hetzner.RobotLogin;
import org.vipmanager.hetzner.RobotProvider;
import org.vipmanager.http.Proxies;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.LibC;
import org.vipmanager.program.UserProgram;
import org.vipmanager.provider.CommandProvider;
import org.vipmanager.provider.Provider;
import org.vipmanager.provider.RequestCounts;
import org.vipmanager.tls.TlsFiles;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes the providers that a configuration names. */
public final class Providers {

    private static final Logger LOG = System.getLogger("org.vipmanager.provider");

    private static final URI ROBOT = URI.create("https://robot-ws.your-server.de");

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int LONGEST_BODY = 1 << 20;

    /** Where the unit's daemon remembers that a login was refused: StateDirectory=. */
    private static final String STATE = "/var/lib/vip-manager";

    /** Where the unit puts what LoadCredential= names; a folder's name is no secret. */
    private static final String CREDENTIALS = "CREDENTIALS_DIRECTORY";

    private final Loop loop;
    private final LibC libC;
    private final Map<String, String> environment;
    private final RequestCounts requests;

    /** Nobody is told how often they are asked. */
    public Providers(Loop loop, LibC libC, Map<String, String> environment) {
        this(loop, libC, environment, new RequestCounts());
    }

    /**
     * @param loop on which Hetzner is asked
     * @param environment this process's own: a proxy, and the folder of what is remembered
     * @param requests counts those to them
     */
    Providers(Loop loop, LibC libC, Map<String, String> environment, RequestCounts requests) {
        this.loop = loop;
        this.libC = libC;
        this.environment = environment;
        this.requests = requests;
    }

    /** For a look at it from a process that is not the unit's, and has its memory all the same. */
    public static Provider forCheck(Loop loop, ManagerType type, Config config) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putIfAbsent("STATE_DIRECTORY", STATE);
        return new Providers(loop, new FfmLibC(), environment).make(type, config);
    }

    /** All that a provider is made of: of equal settings it is the same. */
    static Object settings(ManagerType type, Config config) {
        return type == ManagerType.COMMAND
                ? madeOf(config.command().orElseThrow())
                : madeOf(config.hetzner().orElseThrow());
    }

    /** How often it is asked is a matter of the rules. */
    private static Object madeOf(CommandConfig command) {
        return List.of(command.command(), command.timeout(), command.environment());
    }

    private static Object madeOf(HetznerConfig hetzner) {
        return List.of(hetzner.robot(), hetzner.cloud(), hetzner.pollInterval());
    }

    /** A provider of that type, which is not {@code basic}. */
    public Provider make(ManagerType type, Config config) {
        return switch (type) {
            case COMMAND -> command(config.command().orElseThrow(), counter(type));
            case HETZNER -> robot(config.hetzner().orElseThrow(), counter(type));
            case HETZNER_CLOUD -> cloud(config.hetzner().orElseThrow(), counter(type));
            case BASIC -> throw new IllegalArgumentException(type.word());
        };
    }

    private Consumer<String> counter(ManagerType type) {
        return code -> requests.count(type.word(), code);
    }

    private Provider command(CommandConfig command, Consumer<String> counter) {
        List<String> further = new ArrayList<>(command.environment());
        further.add(CREDENTIALS);
        return new CommandProvider(
                new UserProgram(libC, environment, further),
                command.command(),
                command.timeout(),
                counter);
    }

    private Provider robot(HetznerConfig hetzner, Consumer<String> counter) {
        HetznerConfig.Robot robot = hetzner.robot().orElseThrow();
        URI endpoint = robot.endpoint().orElse(ROBOT);
        return new RobotProvider(
                client(endpoint, counter),
                endpoint,
                () -> login(robot.credentials()),
                new LoginLock(
                        robot.credentials(),
                        stateFolder().map(folder -> folder.resolve("hetzner-login-refused")),
                        InstantSource.system()),
                robot.serverIp(),
                robot.interfaceName(),
                new RobotProvider.Times(
                        RobotProvider.LONGEST_SWITCH,
                        ProviderRules.pollInterval(ManagerType.HETZNER, hetzner).multipliedBy(2)));
    }

    private Provider cloud(HetznerConfig hetzner, Consumer<String> counter) {
        HetznerConfig.Cloud cloud = hetzner.cloud().orElseThrow();
        URI endpoint = cloud.endpoint().orElse(CloudAccess.ENDPOINT);
        CloudAccess access =
                new CloudAccess(
                        client(endpoint, counter),
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

    private ApiClient client(URI endpoint, Consumer<String> counter) {
        return new ApiClient(
                loop,
                new CountedSender(
                        new SocketHttpSender(
                                loop,
                                new SocketHttpSender.Limits(CONNECT, LONGEST_BODY),
                                SourceFactory.contexts(NO_FILES, List.of(endpoint)),
                                proxies()),
                        counter));
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
