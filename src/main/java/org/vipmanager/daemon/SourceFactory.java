package org.vipmanager.daemon;

import org.vipmanager.config.Config;
import org.vipmanager.config.DcsConfig;
import org.vipmanager.config.EtcdSrv;
import org.vipmanager.config.OnDcsLoss;
import org.vipmanager.config.Secret;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.consul.ConsulLeaderSource;
import org.vipmanager.dcs.consul.ConsulSettings;
import org.vipmanager.dcs.etcd.EtcdLeaderSource;
import org.vipmanager.dcs.etcd.EtcdPolicy;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;
import org.vipmanager.dcs.etcd.grpc.GrpcEtcdCalls;
import org.vipmanager.dcs.etcd.grpc.PracticeMessages;
import org.vipmanager.dcs.patroni.PatroniLeaderSource;
import org.vipmanager.dcs.patroni.PatroniSettings;
import org.vipmanager.discovery.DiscoveredSource;
import org.vipmanager.discovery.EtcdDomain;
import org.vipmanager.discovery.JndiNameServers;
import org.vipmanager.discovery.KnownEndpoints;
import org.vipmanager.discovery.NameServers;
import org.vipmanager.http.HttpSender;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.tls.TlsFiles;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Makes the source that the configuration asks for. */
final class SourceFactory {

    /** A key's value and its wrapping; more is no answer of a DCS. */
    private static final int LONGEST_BODY = 1 << 20;

    static {
        HostNames.rememberThroughOutages();
    }

    private final Loop loop;
    private final Config config;

    SourceFactory(Loop loop, Config config) {
        this.loop = loop;
        this.config = config;
    }

    /**
     * @param known what name servers told before this configuration
     */
    LeaderSource open(KnownEndpoints known) {
        if (!(config.dcs() instanceof DcsConfig.Etcd etcd) || etcd.srv().isEmpty()) {
            known.forget();
        }
        return switch (config.dcs()) {
            case DcsConfig.Etcd etcd ->
                    etcd.srv()
                            .<LeaderSource>map(srv -> discovered(etcd, srv, known))
                            .orElseGet(() -> etcd(etcd));
            case DcsConfig.Consul consul -> consul(consul);
            case DcsConfig.Patroni patroni -> patroni(patroni);
        };
    }

    /** Reads and writes what is said of a takeover, where that needs practice. */
    static Runnable practice(DcsConfig dcs, Trigger trigger) {
        return switch (dcs) {
            case DcsConfig.Etcd etcd -> new PracticeMessages(trigger);
            case DcsConfig.Consul consul -> () -> {};
            case DcsConfig.Patroni patroni -> () -> {};
        };
    }

    private LeaderSource discovered(DcsConfig.Etcd etcd, EtcdSrv srv, KnownEndpoints known) {
        EtcdDomain domain = new EtcdDomain(srv.domain(), srv.suffix());
        NameServers servers = new JndiNameServers();
        return new DiscoveredSource(
                loop,
                "etcd-srv " + domain,
                () -> domain.endpoints(servers, () -> ThreadLocalRandom.current().nextDouble()),
                known.of(domain),
                endpoints -> etcd(etcd.at(endpoints)));
    }

    private LeaderSource etcd(DcsConfig.Etcd etcd) {
        EtcdPolicy policy =
                new EtcdPolicy(
                        etcd.endpoints(),
                        config.interval(),
                        config.dcsTimeout(),
                        config.retryNum(),
                        config.retryAfter(),
                        config.onDcsLoss() == OnDcsLoss.HOLD);
        Supplier<String> password = etcd.password().map(Secret::current).orElse(() -> "");
        EtcdAccess access = new EtcdAccess(etcd.user(), password, etcd.tls());
        return new EtcdLeaderSource(loop, new GrpcEtcdCalls(loop, access), policy);
    }

    private LeaderSource consul(DcsConfig.Consul consul) {
        ConsulSettings settings =
                new ConsulSettings(
                        consul.endpoints(),
                        consul.token().map(Secret::current),
                        config.interval(),
                        config.dcsTimeout(),
                        config.retryNum(),
                        config.retryAfter(),
                        ConsulSettings.USUAL_LONG_POLL);
        return new ConsulLeaderSource(loop, sender(consul.tls(), consul.endpoints()), settings);
    }

    private LeaderSource patroni(DcsConfig.Patroni patroni) {
        PatroniSettings settings =
                new PatroniSettings(
                        patroni.endpoints().getFirst(),
                        config.interval(),
                        config.dcsTimeout(),
                        config.retryNum(),
                        config.retryAfter());
        return new PatroniLeaderSource(loop, sender(patroni.tls(), patroni.endpoints()), settings);
    }

    /**
     * @param endpoints where others can be asked, a host that is dead, which does not even answer
     *     the connection attempt, must not cost a whole deadline
     */
    HttpSender sender(TlsFiles files, List<URI> endpoints) {
        Duration connect = config.dcsTimeout().dividedBy(endpoints.size() > 1 ? 2 : 1);
        SocketHttpSender.Limits limits = new SocketHttpSender.Limits(connect, LONGEST_BODY);
        return new SocketHttpSender(loop, limits, contexts(files, endpoints));
    }

    /**
     * Whom to trust: without a file the authorities of the system, to which administrators add
     * their own, and not those of the Java runtime. Where nothing is secured, no file is read.
     */
    static TlsContexts contexts(TlsFiles files, List<URI> endpoints) {
        return endpoints.stream().anyMatch(uri -> "https".equalsIgnoreCase(uri.getScheme()))
                ? new RotatedTls(files)
                : TlsContexts.SYSTEM;
    }
}
