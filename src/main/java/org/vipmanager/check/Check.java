package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.DcsConfig;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.VipConfig;
import org.vipmanager.core.Trigger;
import org.vipmanager.netlink.HostNetwork;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.LibC;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at all that an address depends on. Changes nothing; every part of it is bounded in time.
 */
public final class Check {

    private static final Path PROC = Path.of("/proc");

    private final LoadOutcome.Loaded loaded;
    private final Config config;
    private final LibC libC = new FfmLibC();
    private final List<Finding> findings = new ArrayList<>();

    /** What the DCS says of the leader keys, and where it says that the leader of an address is. */
    private final Map<String, KeyState> keys = new HashMap<>();

    private final Map<InetAddress, InetAddress> leaders = new HashMap<>();

    private Check(LoadOutcome.Loaded loaded) {
        this.loaded = loaded;
        this.config = loaded.config();
    }

    /** Does it, with the configuration that a daemon would start with. */
    public static Report of(LoadOutcome.Loaded loaded) {
        Check check = new Check(loaded);
        check.look();
        return new Report(loaded.effective(), check.findings);
    }

    private void look() {
        findings.addAll(new SettingsCheck(loaded).findings());
        try (Inquiries inquiries = new Inquiries(libC)) {
            part(Item.ENDPOINT, () -> askStore(inquiries));
            part(Item.PATRONI, () -> askPatronis(inquiries));
        }
        List<AddressManager> running = new RunningManagers(PROC).list();
        if (!config.localVips().isEmpty()) { // a provider's client needs none
            findings.addAll(new PrivilegeCheck(lines("self/status"), running).findings());
        }
        part(Item.ADDRESS, () -> lookAtHost(running));
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

    private void lookAtHost(List<AddressManager> running) {
        try {
            lookAt(HostNetwork.read(libC), running);
        } catch (IOException e) {
            findings.add(
                    Finding.error(
                            Item.INTERFACE,
                            "the kernel does not tell its interfaces: " + e.getMessage(),
                            "the daemon needs them as well: look at what confines this process"));
        }
    }

    private void askStore(Inquiries inquiries) {
        switch (config.dcs()) {
            case DcsConfig.Etcd etcd -> {
                try (Store store = new EtcdStore(inquiries, config, etcd)) {
                    ask(store, inquiries);
                }
            }
            case DcsConfig.Consul consul -> {
                try (Store store = new ConsulStore(inquiries, config, consul)) {
                    ask(store, inquiries);
                }
            }
            case DcsConfig.Patroni _ -> {} // asked with the other Patronis
        }
    }

    private void ask(Store store, Inquiries inquiries) {
        Set<String> wanted =
                config.vips().stream()
                        .map(vip -> vip.trigger().key())
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        EndpointCheck.Result told =
                new EndpointCheck(config.dcs(), store, inquiries)
                        .ask(wanted, Deadline.in(config.dcsTimeout()));
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
                        String.join("", lines("sys/kernel/hostname")),
                        Deadline.in(config.dcsTimeout()));
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
        Deadline deadline = Deadline.in(config.dcsTimeout());
        try (Web web =
                new Web(
                        inquiries,
                        isSource ? config.dcs().tls() : config.patroniTls(),
                        urls,
                        config.dcsTimeout())) {
            asked.forEach(
                    (url, triggers) -> {
                        findings.addAll(
                                new CertificateCheck(
                                                url,
                                                isSource ? config.dcs().tls() : config.patroniTls())
                                        .findings(deadline));
                        PatroniCheck check = new PatroniCheck(config, web, url, triggers);
                        findings.addAll(check.findings(deadline));
                        keys.putAll(check.answers());
                    });
        }
    }

    private void lookAt(HostNetwork host, List<AddressManager> running) {
        boolean isLocal = !config.localVips().isEmpty();
        findings.addAll(new InterfaceCheck(config, host).findings());
        findings.addAll(new KernelCheck(config, host, PROC.resolve("sys/net")).findings());
        findings.addAll(new ManagersCheck(config, host, running).findings());
        boolean runs = running.stream().anyMatch(one -> one.kind() == AddressManager.Kind.OURS);
        findings.addAll(
                new AddressCheck(
                                config,
                                host,
                                isLocal
                                        ? Wire.ask(libC, host, config, leaders.values())
                                        : Wire.NOBODY,
                                new AddressCheck.Leadership(keys, leaders),
                                runs)
                        .findings());
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(PROC.resolve(file));
        } catch (IOException notShown) {
            return List.of();
        }
    }
}
