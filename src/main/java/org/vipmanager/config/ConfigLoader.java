package org.vipmanager.config;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a configuration from flags, environment and file, in this order of precedence.
 *
 * <p>Loading is a pure function of them and of the files that they name, and can be repeated. It
 * reads and checks; it opens no connection and asks for no name.
 */
public final class ConfigLoader {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final int LONGEST_HOST_NAME = 256;
    private static final Duration QUICK_INTERVAL = Duration.ofMillis(100);
    private static final Duration SLOW_INTERVAL = Duration.ofSeconds(10);
    private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(2);
    private static final Duration ONE_MILLISECOND = Duration.ofMillis(1);

    private final Map<String, String> flags;
    private final Map<String, String> variables;
    private final Disk disk;

    /**
     * @param flags the text of each flag that was given, by the name of its setting
     * @param variables the whole environment
     */
    public ConfigLoader(Map<String, String> flags, Map<String, String> variables) {
        this(flags, variables, Disk.REAL);
    }

    ConfigLoader(Map<String, String> flags, Map<String, String> variables, Disk disk) {
        this.flags = Map.copyOf(flags);
        this.variables = Map.copyOf(variables);
        this.disk = disk;
    }

    /** Reads everything anew. */
    public LoadOutcome load() {
        Findings findings = new Findings();
        List<String> renamed = new ArrayList<>();
        Layer flagLayer = flagLayer();
        Layer environment = Environment.read(variables, findings);
        Map<Setting, Given> given = new LinkedHashMap<>(flagLayer.settle(findings, renamed));
        environment.settle(findings, renamed).forEach(given::putIfAbsent);

        Given configFile = given.get(Settings.CONFIG);
        ConfigFile.Content file =
                configFile == null
                        ? ConfigFile.Content.nothing(false)
                        : ConfigFile.read(configFile, disk, findings);
        file.flat().settle(findings, renamed).forEach(given::putIfAbsent);
        warnOfOpenFile(given, configFile, findings);

        Map<Setting, Given> empties = new HashMap<>(flagLayer.empties());
        environment.empties().forEach(empties::putIfAbsent);
        file.flat().empties().forEach(empties::putIfAbsent);

        Values values =
                new Values(
                        given,
                        new Values.Absences(empties, file.flat().spoiled(), file.isUnreadable()),
                        findings,
                        "");
        DcsType dcsType = dcsType(values);
        if (dcsType == DcsType.CONSUL) {
            ConsulVariables.addMissing(given, variables);
        }
        VipList vips = vips(values, file, given, dcsType, renamed);
        Config config = config(values, dcsType, vips.all());
        if (!renamed.isEmpty()) {
            findings.warn("old names are in use: " + String.join(", ", renamed));
        }
        return findings.areGood()
                ? new LoadOutcome.Loaded(
                        config,
                        new EffectiveSettings(config, values).list(vips),
                        findings.warnings())
                : new LoadOutcome.Refused(findings.mistakes(), findings.warnings());
    }

    private Layer flagLayer() {
        Layer layer = new Layer();
        for (Setting setting : Settings.ALL) {
            String text = flags.get(setting.name());
            if (text != null) {
                Given given = Given.text(text, new Source.Flag(setting.flag()));
                layer.add(setting, setting.flag(), true, given);
            }
        }
        return layer;
    }

    private static DcsType dcsType(Values values) {
        return switch (values.choice(Settings.DCS_TYPE)) {
            case "consul" -> DcsType.CONSUL;
            case "patroni" -> DcsType.PATRONI;
            default -> DcsType.ETCD;
        };
    }

    private static ManagerType managerType(Values values) {
        return switch (values.choice(Settings.MANAGER_TYPE)) {
            case "hetzner" -> ManagerType.HETZNER;
            case "hetzner-cloud" -> ManagerType.HETZNER_CLOUD;
            default -> ManagerType.BASIC;
        };
    }

    /** The flat settings' address, unless only the list has some, and those of the list. */
    private VipList vips(
            Values flat,
            ConfigFile.Content file,
            Map<Setting, Given> common,
            DcsType dcsType,
            List<String> renamed) {
        VipList vips = new VipList(flat.findings());
        if (flat.has(Settings.IP) || file.vips().isEmpty()) {
            vip(flat, dcsType).ifPresent(vip -> vips.add(vip, flat, Optional.empty()));
        }
        int index = 0;
        for (ConfigFile.Entry entry : file.vips()) {
            Map<Setting, Given> own =
                    new HashMap<>(entry.settings().settle(flat.findings(), renamed));
            // What an entry leaves out is what stands at the top; its address is its own.
            for (Setting setting : Settings.OF_A_VIP) {
                Given shared = common.get(setting);
                if (setting != Settings.IP && shared != null) {
                    own.putIfAbsent(setting, shared);
                }
            }
            String prefix = Settings.VIPS + "[" + index + "].";
            Map<Setting, Given> empties = new HashMap<>(entry.settings().empties());
            for (Setting setting : Settings.OF_A_VIP) {
                empties.putIfAbsent(setting, Given.text("", entry.source()));
            }
            Set<Setting> spoiled = new HashSet<>(file.flat().spoiled());
            spoiled.remove(Settings.IP);
            spoiled.addAll(entry.settings().spoiled());
            Values.Absences absences = new Values.Absences(empties, spoiled, false);
            Values values = new Values(own, absences, flat.findings(), prefix);
            vip(values, dcsType).ifPresent(vip -> vips.add(vip, values, entry.label()));
            index++;
        }
        return vips;
    }

    private Optional<VipConfig> vip(Values values, DcsType dcsType) {
        ManagerType managerType = managerType(values);
        Optional<VirtualIp> vip = new AddressReader(values).read(managerType);
        Optional<Trigger> trigger = new TriggerReader(values, dcsType, this::hostName).read();
        return vip.isEmpty() || trigger.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new VipConfig(
                                vip.get(),
                                trigger.get(),
                                managerType,
                                vip.get().address().getHostAddress()));
    }

    private Config config(Values values, DcsType dcsType, List<VipConfig> vips) {
        CredentialReader credentials = new CredentialReader(values, disk);
        DcsReader dcsReader = new DcsReader(values, credentials);
        return new Config(
                vips,
                dcsReader.read(dcsType),
                interval(values),
                values.duration(Settings.DCS_TIMEOUT, ONE_MILLISECOND),
                retryAfter(values),
                values.countOrDefault(Settings.RETRY_NUM),
                values.choice(Settings.ON_DCS_LOSS).equals("release")
                        ? OnDcsLoss.RELEASE
                        : OnDcsLoss.HOLD,
                addressLifetime(values),
                values.count(Settings.ANNOUNCE_COUNT, 1, 20),
                values.duration(Settings.ANNOUNCE_REFRESH, Duration.ZERO),
                values.choice(Settings.ON_EXIT).equals("keep") ? OnExit.KEEP : OnExit.RELEASE,
                values.isOn(Settings.YIELD_IN_DOUBT),
                dcsReader.patroniAccess(),
                hetzner(values, credentials, vips),
                values.isOn(Settings.VERBOSE));
    }

    private static Duration interval(Values values) {
        Duration interval = values.duration(Settings.INTERVAL, ONE_MILLISECOND);
        if (interval.compareTo(QUICK_INTERVAL) < 0) {
            values.findings()
                    .warn(
                            "interval %s asks the DCS more than ten times a second"
                                    .formatted(WrittenDuration.write(interval)));
        } else if (interval.compareTo(SLOW_INTERVAL) > 0) {
            values.findings()
                    .warn(
                            ("interval %s is long: a leader key whose lease is shorter cannot be"
                                            + " confirmed in time, and the address goes")
                                    .formatted(WrittenDuration.write(interval)));
        }
        return interval;
    }

    /** The Go program takes 0 and uses it nowhere; retrying without a pause would be no help. */
    private static Duration retryAfter(Values values) {
        Duration wait = values.duration(Settings.RETRY_AFTER, Duration.ZERO);
        if (wait.isZero()) {
            Duration standard =
                    WrittenDuration.parse(Settings.RETRY_AFTER.defaultText()).orElseThrow();
            values.findings().warn("retry-after 0 means " + WrittenDuration.write(standard));
            return standard;
        }
        return wait;
    }

    private static Duration addressLifetime(Values values) {
        Duration lifetime = values.duration(Settings.ADDRESS_LIFETIME, SHORTEST_LIFETIME);
        if (lifetime.toMillisPart() != 0) {
            values.wrong(
                    Settings.ADDRESS_LIFETIME,
                    values.find(Settings.ADDRESS_LIFETIME).orElseThrow(),
                    "is no whole number of seconds, which is what the kernel counts",
                    "write for example 10s");
        }
        return lifetime;
    }

    private static Optional<HetznerConfig> hetzner(
            Values values, CredentialReader credentials, List<VipConfig> vips) {
        Set<ManagerType> inUse = new HashSet<>();
        for (VipConfig vip : vips) {
            inUse.add(vip.managerType());
        }
        boolean usesRobot = inUse.contains(ManagerType.HETZNER);
        boolean usesCloud = inUse.contains(ManagerType.HETZNER_CLOUD);
        if (!usesRobot && !usesCloud) {
            return Optional.empty();
        }
        Optional<Secret> token = Optional.empty();
        if (usesCloud) {
            token =
                    credentials.secret(
                            Settings.HETZNER_CLOUD_TOKEN, Settings.HETZNER_CLOUD_TOKEN_FILE);
            if (!values.has(Settings.HETZNER_CLOUD_TOKEN)
                    && !values.has(Settings.HETZNER_CLOUD_TOKEN_FILE)) {
                values.missing(
                        Settings.HETZNER_CLOUD_TOKEN,
                        "manager-type hetzner-cloud needs it",
                        "give it or hetzner-cloud-token-file");
            }
        }
        return Optional.of(
                new HetznerConfig(
                        usesRobot ? credentials.robotCredentials() : Optional.empty(),
                        token,
                        usesCloud ? serverId(values) : Optional.empty()));
    }

    private static Optional<String> serverId(Values values) {
        Optional<Given> given = values.find(Settings.HETZNER_CLOUD_SERVER_ID);
        if (given.isPresent()) {
            String id = given.get().text().strip();
            if (!id.chars().allMatch(c -> c >= '0' && c <= '9')) {
                values.wrong(
                        Settings.HETZNER_CLOUD_SERVER_ID,
                        given.get(),
                        "is no number of a server",
                        "write the number that Hetzner's console shows, or leave it out");
            }
            return Optional.of(id);
        }
        return Optional.empty();
    }

    /** As gethostname(2) tells it, without asking a name server. */
    private String hostName() {
        try {
            byte[] name = disk.read(HOST_NAME, LONGEST_HOST_NAME);
            return new String(name, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return variables.getOrDefault("HOSTNAME", "").strip();
        }
    }

    private void warnOfOpenFile(
            Map<Setting, Given> given, @Nullable Given configFile, Findings findings) {
        boolean holdsSecret = false;
        for (Map.Entry<Setting, Given> entry : given.entrySet()) {
            holdsSecret |=
                    entry.getKey().isSecret() && entry.getValue().source() instanceof Source.Line;
        }
        if (configFile == null || !holdsSecret) {
            return;
        }
        try {
            Path path = Path.of(configFile.text().strip());
            if (disk.isReadableByAll(path)) {
                findings.warn(
                        path
                                + " holds a secret and every user of this host may read it; name a"
                                + " file that only vip-manager may read instead");
            }
        } catch (IOException | UnsupportedOperationException e) {
            // It could be read, and nothing more was asked.
        }
    }
}
