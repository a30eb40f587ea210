package org.vipmanager.config;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a configuration from flags, environment and file, in this order of {@link Precedence}.
 *
 * <p>Loading is a pure function of them and of the files that they name, and can be repeated. It
 * reads and checks; it opens no connection and asks for no name.
 */
public final class ConfigLoader {

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
        this.flags = HiddenFlags.restored(flags, variables);
        this.variables = Map.copyOf(variables);
        this.disk = disk;
    }

    /** Reads everything anew. */
    public LoadOutcome load() {
        Findings findings = new Findings();
        List<String> renamed = new ArrayList<>();
        Layer flagLayer = flagLayer();
        Layer environment = Environment.read(variables, findings);
        Given configFile = Precedence.of(flagLayer, environment).find(Settings.CONFIG).orElse(null);
        ConfigFile.Content file =
                configFile == null
                        ? ConfigFile.Content.nothing(false)
                        : ConfigFile.read(configFile, disk, findings);
        Map<Setting, Given> given =
                Precedence.of(flagLayer, environment, file.flat()).settle(findings, renamed);
        warnOfOpenFile(given, configFile, findings);

        Map<Setting, Given> empties = new HashMap<>(flagLayer.empties());
        environment.empties().forEach(empties::putIfAbsent);
        file.flat().empties().forEach(empties::putIfAbsent);

        Values values =
                new Values(
                        given,
                        new Values.Absences(
                                empties,
                                file.flat().spoiled(),
                                file.isUnreadable(),
                                new Source.Nowhere()),
                        findings,
                        "");
        DcsType dcsType = dcsType(values);
        if (dcsType == DcsType.CONSUL) {
            ConsulVariables.addMissing(given, variables);
        }
        HetznerVariables.addMissing(given, variables);
        VipList vips = new VipReader(values, given, dcsType, this::hostName).read(file, renamed);
        Config config = config(values, dcsType, vips.all());
        if (!renamed.isEmpty()) {
            findings.warn(
                    "old names are in use: "
                            + String.join(", ", renamed.stream().distinct().toList()));
        }
        return findings.areGood()
                ? new LoadOutcome.Loaded(
                        config,
                        new EffectiveSettings(config, values).list(vips),
                        vips.interfaces(),
                        findings.warnings())
                : new LoadOutcome.Refused(findings.mistakes(), findings.warnings());
    }

    /** Where a daemon with these flags, variables and file is asked; the rest is not looked at. */
    public ControlSocketChoice controlSocket() {
        Findings findings = new Findings();
        Layer flagLayer = flagLayer();
        Layer environment = Environment.read(variables, new Findings());
        Precedence known = Precedence.of(flagLayer, environment);
        Layer file =
                known.find(Settings.CONFIG)
                        .map(given -> ConfigFile.read(given, disk, findings).flat())
                        .orElseGet(Layer::new);
        Optional<Given> given =
                Precedence.of(flagLayer, environment, file).find(Settings.CONTROL_SOCKET);
        Map<Setting, Given> settled = new HashMap<>();
        given.ifPresent(value -> settled.put(Settings.CONTROL_SOCKET, value));
        Values values =
                new Values(
                        settled,
                        new Values.Absences(file.empties(), Set.of(), false, new Source.Nowhere()),
                        findings,
                        "");
        Optional<Path> path = ControlSocketReader.read(values, variables);
        return new ControlSocketChoice(path, given.isPresent(), findings.mistakes());
    }

    private Layer flagLayer() {
        Layer layer = new Layer();
        for (Setting setting : Settings.ALL) {
            String text = flags.get(setting.name());
            if (text != null) {
                Given given = Given.text(text, new Source.Flag(setting.flag()));
                layer.add(setting, setting.flag(), Layer.Spelling.EXACT, given);
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

    private Config config(Values values, DcsType dcsType, List<VipConfig> vips) {
        SecretReader secrets = new SecretReader(values, disk);
        CertificateReader certificates = new CertificateReader(values, disk);
        DcsReader dcsReader = new DcsReader(values, secrets, certificates);
        return new Config(
                vips,
                dcsReader.read(dcsType),
                TimingReader.interval(values),
                TimingReader.dcsTimeout(values),
                TimingReader.retryAfter(values),
                values.countOrDefault(Settings.RETRY_NUM),
                values.choice(Settings.ON_DCS_LOSS).equals("release")
                        ? OnDcsLoss.RELEASE
                        : OnDcsLoss.HOLD,
                TimingReader.addressLifetime(values),
                values.count(Settings.ANNOUNCE_COUNT, 1, 20),
                TimingReader.announceRefresh(values),
                values.choice(Settings.ON_EXIT).equals("keep") ? OnExit.KEEP : OnExit.RELEASE,
                values.isOn(Settings.RESET_CONNECTIONS),
                values.isOn(Settings.YIELD_IN_DOUBT),
                dcsReader.patroniTls(vips),
                HetznerReader.read(values, secrets, vips),
                CommandReader.read(values, vips, variables),
                new StatusConfig(
                        ControlSocketReader.read(values, variables),
                        NotifyReader.command(values),
                        NotifyReader.timeout(values),
                        HttpReader.read(values, secrets, certificates),
                        HttpReader.probes(values)),
                values.isOn(Settings.VERBOSE));
    }

    private String hostName() {
        return HostName.in(disk).orElseGet(() -> variables.getOrDefault("HOSTNAME", "").strip());
    }

    private void warnOfOpenFile(
            Map<Setting, Given> given, @Nullable Given configFile, Findings findings) {
        Optional<Setting> secret =
                Settings.ALL.stream()
                        .filter(Setting::isSecret)
                        .filter(
                                setting ->
                                        given.containsKey(setting)
                                                && given.get(setting).source()
                                                        instanceof Source.Line)
                        .findFirst();
        if (configFile == null || secret.isEmpty()) {
            return;
        }
        try {
            Path path = Path.of(configFile.text().strip());
            if (disk.isReadableByAll(path)) {
                findings.warn(
                        ("%s holds %2$s, and every user of this host may read it; move it to a file"
                                        + " for %2$s-file%3$s")
                                .formatted(path, secret.get().name(), SecretReader.HAND_OVER));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // It could be read, and nothing more was asked.
        }
    }
}
