package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.DcsConfig;
import org.vipmanager.config.EtcdSrv;
import org.vipmanager.config.HostName;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.VipConfig;
import org.vipmanager.core.Trigger;
import org.vipmanager.discovery.EtcdDomain;
import org.vipmanager.discovery.JndiNameServers;
import org.vipmanager.netlink.HostNetwork;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.LibC;
import org.vipmanager.tls.TlsFiles;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * Looks at all that an address depends on. Changes nothing; every part of it is bounded in time.
 */
public final class Check {

    private static final Path PROC = Path.of("/proc");

    /** For handing over what was answered at the last moment. */
    static final Duration SLACK = Duration.ofMillis(200);

    /**
     * The daemon allows an endpoint so many times {@code dcs-timeout} for its first answer; and
     * this program has just started, which takes seconds of its own on a busy machine.
     */
    private static final int FIRST_ANSWER = 5;

    /** A second of that the network is listened to; the rest is for a busy kernel. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

    private final LoadOutcome.Loaded loaded;
    private final ProviderMaker maker;
    private final Config config;
    private final LibC libC = new FfmLibC();
    private final List<Finding> findings = new ArrayList<>();

    /** What the DCS says of the leader keys, and where it says that the leader of an address is. */
    private final Map<String, KeyState> keys = new HashMap<>();

    private final Map<InetAddress, InetAddress> leaders = new HashMap<>();

    private Check(LoadOutcome.Loaded loaded, ProviderMaker maker) {
        this.loaded = loaded;
        this.maker = maker;
        this.config = loaded.config();
    }

    /**
     * Does it, with the configuration that a daemon would start with.
     *
     * @param maker of providers, called where addresses are routed
     */
    public static Report of(LoadOutcome.Loaded loaded, ProviderMaker maker) {
        Check check = new Check(loaded, maker);
        check.look();
        return new Report(loaded.effective(), check.findings);
    }

    /** How long answers are waited for. */
    static Duration patience(Config config) {
        return config.dcsTimeout().multipliedBy(FIRST_ANSWER);
    }

    private void look() {
        findings.addAll(new SettingsCheck(loaded).findings());
        try (Inquiries inquiries = new Inquiries(libC)) {
            part(Item.ENDPOINT, () -> askStore(inquiries));
            part(Item.PATRONI, () -> askPatronis(inquiries));
            part(Item.PROVIDER, () -> askProviders(inquiries));
            part(Item.ADDRESS, () -> lookAtHost(inquiries));
        }
    }

    /** Others may keep the kernel busy, and nothing ends a system call that waits for it. */
    private void lookAtHost(Inquiries inquiries) {
        List<Callable<List<Finding>>> looking = List.of(this::ofHost);
        findings.addAll(
                inquiries
                        .sideBySide(Deadline.in(LONGEST_LOOK), looking)
                        .getFirst()
                        .orElseGet(
                                () ->
                                        List.of(
                                                Finding.unseen(
                                                        Item.INTERFACE,
                                                        "the kernel did not answer within "
                                                                + LONGEST_LOOK.toSeconds()
                                                                + " s",
                                                        "who creates or removes many interfaces here?"
                                                                + " Call it again when that is over"))));
    }

    /** A defect in one part, on whatever somebody has answered, leaves the others. */
    private void part(Item item, Runnable looking) {
        try {
            looking.run();
        } catch (RuntimeException defect) {
            findings.add(
                    Finding.error(
                            item,
                            "a defect of this program has ended this part of the check: " + defect,
                            "please report it"));
        }
    }

    private List<Finding> ofHost() {
        List<AddressManager> running = new RunningManagers(PROC).list();
        List<Finding> found = new ArrayList<>();
        if (!config.localVips().isEmpty()) { // a provider's client needs none
            found.addAll(new PrivilegeCheck(lines("self/status"), running).findings());
        }
        try {
            found.addAll(ofNetwork(HostNetwork.read(libC), running));
        } catch (IOException e) {
            found.add(
                    Finding.error(
                            Item.INTERFACE,
                            "the kernel does not tell its interfaces: " + e.getMessage(),
                            "the daemon needs them as well: look at what confines this process, and"
                                    + " whether others keep the kernel busy"));
        }
        return found;
    }

    private void askStore(Inquiries inquiries) {
        switch (config.dcs()) {
            case DcsConfig.Etcd etcd -> {
                DcsConfig.Etcd known = located(etcd);
                if (!known.endpoints().isEmpty()) {
                    try (Store store = new EtcdStore(inquiries, config, known)) {
                        ask(store, known, inquiries);
                    }
                }
            }
            case DcsConfig.Consul consul -> {
                try (Store store = new ConsulStore(inquiries, config, consul)) {
                    ask(store, consul, inquiries);
                }
            }
            case DcsConfig.Patroni _ -> {} // asked with the other Patronis
        }
    }

    /** With the endpoints that name servers tell, if they are to. */
    private DcsConfig.Etcd located(DcsConfig.Etcd etcd) {
        if (etcd.srv().isEmpty()) {
            return etcd;
        }
        EtcdSrv srv = etcd.srv().get();
        EtcdDomain domain = new EtcdDomain(srv.domain(), srv.suffix());
        try {
            List<URI> found =
                    domain.endpoints(
                            new JndiNameServers(), () -> ThreadLocalRandom.current().nextDouble());
            findings.add(
                    Finding.good(
                            Item.ENDPOINT,
                            "etcd-srv "
                                    + domain
                                    + " tells "
                                    + found.stream()
                                            .map(URI::toString)
                                            .collect(Collectors.joining(", "))));
            return etcd.at(found);
        } catch (IOException e) {
            findings.add(
                    Finding.error(
                            Item.ENDPOINT,
                            "etcd-srv " + domain + ": " + e.getMessage(),
                            "look at the name server: dig SRV _etcd-client._tcp." + domain.name()));
            return etcd;
        }
    }

    private void ask(Store store, DcsConfig dcs, Inquiries inquiries) {
        Set<String> wanted =
                config.vips().stream()
                        .map(vip -> vip.trigger().key())
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        EndpointCheck.Result told =
                new EndpointCheck(dcs, store, inquiries).ask(wanted, Deadline.in(patience(config)));
        findings.addAll(told.findings());
        told.usable().ifPresent(usable -> judge(store, usable));
    }

    private void judge(Store store, Survey usable) {
        keys.putAll(usable.keys().orElseThrow());
        KeyCheck check =
                new KeyCheck(
                        config,
                        store,
                        usable.endpoint(),
                        keys,
                        HostName.ofThisHost(),
                        Deadline.in(patience(config)));
        findings.addAll(check.findings());
        for (VipConfig vip : config.vips()) {
            check.cluster(vip.trigger().key())
                    .flatMap(Cluster::leaderHost)
                    .ifPresent(at -> leaders.put(vip.vip().address(), at));
        }
    }

    private void askPatronis(Inquiries inquiries) {
        Map<URI, Set<Trigger>> asked = new LinkedHashMap<>();
        boolean isSource = config.dcs() instanceof DcsConfig.Patroni;
        for (VipConfig vip : config.vips()) {
            Optional<URI> url =
                    isSource ? Optional.of(config.dcs().endpoints().getFirst()) : vip.patroniUrl();
            url.ifPresent(
                    at -> asked.computeIfAbsent(at, _ -> new LinkedHashSet<>()).add(vip.trigger()));
        }
        if (asked.isEmpty()) {
            return;
        }
        List<URI> urls = List.copyOf(asked.keySet());
        Deadline deadline = Deadline.in(patience(config));
        TlsFiles tls = isSource ? config.dcs().tls() : config.patroniTls();
        try (Web web = new Web(inquiries, tls, urls, patience(config))) {
            List<PatroniCheck> checks = new ArrayList<>();
            List<Callable<List<Finding>>> tasks = new ArrayList<>();
            asked.forEach(
                    (url, triggers) -> {
                        PatroniCheck check = new PatroniCheck(config, web, url, triggers);
                        checks.add(check);
                        tasks.add(() -> check.findings(deadline));
                        tasks.add(
                                () ->
                                        new CertificateCheck(url, tls, "patroni-tls-server-name")
                                                .findings(deadline));
                    });
            Deadline last = deadline.plus(SLACK);
            inquiries.sideBySide(last, tasks).forEach(told -> told.ifPresent(findings::addAll));
            checks.forEach(check -> keys.putAll(check.answers()));
        }
    }

    /** As the daemon would. */
    private void askProviders(Inquiries inquiries) {
        findings.addAll(
                new ProviderCheck(config, keys, type -> maker.make(inquiries.loop(), type, config))
                        .ask(inquiries, Deadline.in(ProviderCheck.LONGEST)));
    }

    private List<Finding> ofNetwork(HostNetwork host, List<AddressManager> running) {
        List<Finding> found = new ArrayList<>();
        boolean isLocal = !config.localVips().isEmpty();
        found.addAll(new InterfaceCheck(config, host).findings());
        found.addAll(new KernelCheck(config, host, PROC.resolve("sys/net")).findings());
        found.addAll(new ManagersCheck(config, host, running).findings());
        boolean runs = running.stream().anyMatch(one -> one.kind() == AddressManager.Kind.OURS);
        found.addAll(
                new AddressCheck(
                                config,
                                host,
                                isLocal
                                        ? Wire.ask(libC, host, config, leaders.values())
                                        : Wire.NOBODY,
                                new AddressCheck.Leadership(keys, leaders),
                                runs)
                        .findings());
        return found;
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(PROC.resolve(file));
        } catch (IOException notShown) {
            return List.of();
        }
    }
}
