package org.vipmanager.daemon;

import org.jspecify.annotations.Nullable;
import org.vipmanager.ExitCode;
import org.vipmanager.arp.ClaimListener;
import org.vipmanager.arp.PacketAnnouncer;
import org.vipmanager.config.Config;
import org.vipmanager.config.ConfigLoader;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.OnExit;
import org.vipmanager.config.VipConfig;
import org.vipmanager.control.Announcer;
import org.vipmanager.control.ClaimSource;
import org.vipmanager.control.DecisionLoop;
import org.vipmanager.control.NoNetwork;
import org.vipmanager.control.ReplaceableSource;
import org.vipmanager.control.VipController;
import org.vipmanager.control.VipFleet;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.discovery.KnownEndpoints;
import org.vipmanager.log.Logging;
import org.vipmanager.netlink.NetlinkAddressTable;
import org.vipmanager.posix.BootClock;
import org.vipmanager.posix.Capability;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.LibC;
import org.vipmanager.report.LogJournal;
import org.vipmanager.status.Counts;
import org.vipmanager.status.MetricCounts;
import org.vipmanager.status.RoutedStatus;
import org.vipmanager.status.StatusRecorder;
import org.vipmanager.status.StatusSnapshot;
import org.vipmanager.systemd.SystemdNotifier;
import org.vipmanager.warmup.PracticeReads;
import org.vipmanager.warmup.WarmUp;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The running daemon: its parts, wired together, and its life from start to stop.
 *
 * <p>Everything is decided on one thread, the one that calls {@link #run}.
 */
public final class Daemon {

    private static final Logger LOG = System.getLogger("org.vipmanager.daemon");

    private static final Duration BETWEEN_FREEZES_TOLD = Duration.ofSeconds(10);

    /** What a start needs is in memory then, and it is in nobody's way. */
    private static final Duration AFTER_THE_START = Duration.ofSeconds(1);

    private static final String NOT_RELOADED = "; the configuration was not reloaded: see the log";

    private final Map<String, String> environment;
    private final Logging logging;
    private final DecisionLoop loop;
    private final SystemdNotifier systemd;
    private final LogJournal journal;
    private final NetlinkAddressTable addresses;
    private final ConfiguredReset connections;
    private final KnownEndpoints endpoints = new KnownEndpoints(this::dcsMoved);
    private final ReplaceableSource source;
    private final ClaimSource claims;
    private final StatusRecorder recorder;
    private final Journals journals;
    private @Nullable Counts counts;
    private final StatusServices status;
    private final Notifications notifications;
    private final Controllers controllers;
    private final VipFleet fleet;
    private final LastWill lastWill;
    private @Nullable Routes routes;
    private Config config;
    private Moment mayTellOfFreezesFrom = Moment.LONG_AGO;

    private Daemon(Config config, Map<String, String> environment, Logging logging)
            throws IOException {
        this.config = config;
        this.environment = environment;
        this.logging = logging;
        LibC libC = new FfmLibC();
        loop = new DecisionLoop(new BootClock(libC), config.interval());
        systemd = new SystemdNotifier(libC, environment);
        journal = new LogJournal(systemd);
        addresses = NetlinkAddressTable.open(loop, libC);
        boolean usesNetwork = Capability.missing().isEmpty();
        Announcer announcer =
                usesNetwork ? PacketAnnouncer.open(libC, addresses::shortName) : new NoNetwork();
        connections = new ConfiguredReset(loop, libC);
        source = new ReplaceableSource(new SourceFactory(loop, config).open(endpoints));
        recorder = new StatusRecorder(loop);
        Journals journal = new Journals(this.journal, recorder);
        journals = journal;
        notifications = new Notifications(libC, environment, journals);
        controllers =
                new Controllers(
                        new VipController.Ports(
                                loop, source, addresses, announcer, connections, journal),
                        config);
        claims =
                usesNetwork
                        ? ClaimListener.open(loop, libC, addresses::isOwn, addresses::shortName)
                        : new NoNetwork();
        lastWill = new LastWill(this::everyAddress, addresses::remove);
        fleet =
                new VipFleet(
                        source, claims, config.localVips().stream().map(controllers::of).toList());
        route();
        status = new StatusServices(loop, libC, this::snapshot);
    }

    /** Runs until a signal stops it. */
    public static ExitCode run(
            LoadOutcome.Loaded loaded,
            ConfigLoader loader,
            Map<String, String> environment,
            Signals signals) {
        Logging logging = Logging.install(loaded.config().verbose(), environment);
        Prerequisites.tell(loaded);
        try {
            Optional<String> missing = Prerequisites.missing(loaded.config());
            if (missing.isPresent()) {
                LOG.log(Level.ERROR, missing.get());
                return ExitCode.CONFIGURATION;
            }
            return new Daemon(loaded.config(), environment, logging).live(loader, signals);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "cannot start, and so holds no address", e);
            return ExitCode.FAILED;
        } finally {
            logging.drain();
        }
    }

    private ExitCode live(ConfigLoader loader, Signals signals) {
        WarmUp warmUp = warmUp();
        warmUp.begin();
        HeldAddressesFile.write(environment, addressesOf(config));
        notifications.adapt(config.status(), fleet);
        countIfWanted();
        status.adapt(config.status());
        signals.handle(this::stop, () -> reload(loader));
        loop.onWake(this::wake);
        loop.onKernelWait(fleet::kernelWasBusy);
        fleet.start();
        new PracticeReads(loop, source).begin();
        connections.prepareFor(config);
        systemd.ready(journal.summary());
        systemd.watchdogTime().ifPresent(this::keepWatchdogQuiet);
        loop.at(loop.now().plus(AFTER_THE_START), () -> FilesInMemory.keep(new FfmLibC()));
        try {
            loop.run();
            return afterStop(fleet.leftBehind());
        } catch (Throwable e) {
            lastWill.execute(e);
            return ExitCode.FAILED;
        } finally {
            wakeWaitingThreads();
            warmUp.close();
            closeThoseThatWait(signals);
        }
    }

    /** Whoever asked for the stop learns whether an address has stayed that was to go. */
    static ExitCode afterStop(List<VirtualIp> leftBehind) {
        return leftBehind.isEmpty() ? ExitCode.STOPPED_ON_REQUEST : ExitCode.FAILED;
    }

    /** The longest last; what providers are to be told is under way meanwhile. */
    private void closeThoseThatWait(Signals signals) {
        if (routes != null) {
            signals.allow(Routes.LONGEST_CLOSE);
        }
        notifications.close();
        if (routes != null) {
            routes.close();
        }
    }

    /**
     * The end of a JVM waits 300 ms for threads that wait in a system call ({@code
     * VM_Exit::wait_for_threads_in_native_to_block} in hotspot's vmOperations.cpp), and whoever
     * restarts this daemon waits for its end.
     */
    private void wakeWaitingThreads() {
        status.close();
        claims.close();
        addresses.close();
    }

    /** Nothing of it is there while no address is routed by a provider. */
    private void route() {
        if (routes == null && config.vips().stream().anyMatch(VipConfig::isRouted)) {
            routes = new Routes(loop, source, journal, environment);
        }
        if (routes != null) {
            fleet.route(routes.of(config));
        }
    }

    private WarmUp warmUp() {
        Trigger trigger = config.vips().getFirst().trigger();
        return WarmUp.of(
                loop,
                new FfmLibC(),
                addressesOf(config),
                trigger,
                Controllers.rules(config),
                SourceFactory.practice(config.dcs(), trigger));
    }

    private void wake() {
        if (!loop.now().isBefore(mayTellOfFreezesFrom)) {
            mayTellOfFreezesFrom = loop.now().plus(BETWEEN_FREEZES_TOLD);
            LOG.log(
                    Level.WARNING,
                    "this process stood still, or the host was suspended: asking the DCS before anything is announced");
        }
        fleet.woke();
    }

    /** On the loop, so that systemd also notices a loop that hangs. */
    private void keepWatchdogQuiet(Duration time) {
        systemd.watchdog();
        loop.at(loop.now().plus(time.dividedBy(3)), () -> keepWatchdogQuiet(time));
    }

    private void stop(String signal) {
        LOG.log(Level.INFO, "stopping: " + signal);
        loop.execute(
                () -> {
                    boolean keep =
                            config.onExit() == OnExit.KEEP || KeepRequest.isThere(environment);
                    fleet.stop(keep);
                    if (keep) {
                        HeldAddressesFile.write(environment, fleet.leftBehind());
                    }
                    systemd.stopping("stopping: " + signal);
                    loop.stop();
                });
    }

    /** Whatever comes of it, systemd learns its end: it waits for that. */
    private void reload(ConfigLoader loader) {
        loop.execute(systemd::reloading);
        Optional<LoadOutcome.Loaded> accepted = Optional.empty();
        try {
            accepted = Reload.accepted(loader.load());
            // Asks the kernel, which may be busy for long.
            accepted.ifPresent(Prerequisites::tell);
        } finally {
            Optional<LoadOutcome.Loaded> taken = accepted;
            loop.execute(() -> reloaded(taken));
        }
    }

    private void reloaded(Optional<LoadOutcome.Loaded> accepted) {
        accepted.ifPresent(this::reconfigure);
        if (counts != null) {
            counts.reloaded(accepted.isPresent());
        }
        systemd.ready(journal.summary() + (accepted.isPresent() ? "" : NOT_RELOADED));
    }

    private void reconfigure(LoadOutcome.Loaded loaded) {
        Reload reload = Reload.between(config, loaded.config(), fleet);
        config = loaded.config();
        logging.verbose(config.verbose());
        reload.tell();
        notifications.adapt(config.status(), fleet);
        countIfWanted();
        status.adapt(config.status());
        loop.changeInterval(config.interval());
        connections.prepareFor(config);
        controllers.decideBy(config, reload.asksPatroniAnew());
        reload.stays().forEach(controllers::adapt);
        journal.reloaded();
        route();
        fleet.replace(reload.gone(), reload.come().stream().map(controllers::of).toList());
        if (reload.asksElsewhere()) {
            fleet.sourceReplaced();
        }
        if (reload.asksAnew()) {
            source.replaceBy(new SourceFactory(loop, config).open(endpoints));
        }
        HeldAddressesFile.write(environment, toBeRemoved());
    }

    private void dcsMoved() {
        fleet.sourceReplaced();
    }

    private Map<String, Long> counters() {
        Map<String, Long> all = new HashMap<>(notifications.counters());
        all.put("log_lines_dropped", logging.droppedLines());
        return Map.copyOf(all);
    }

    /** From the first moment on in which HTTP is wanted, in which the metrics are. */
    private void countIfWanted() {
        if (counts == null && config.status().http().isPresent()) {
            Counts made = new Counts(loop);
            counts = made;
            journals.counts(made);
            fleet.onAnswer(made::answered, made::failed);
        }
    }

    private List<RoutedStatus> routed() {
        return routes == null ? List.of() : routes.status();
    }

    private StatusSnapshot snapshot() {
        StatusSnapshot.Dcs dcs =
                new StatusSnapshot.Dcs(
                        config.dcs().type().word(),
                        config.dcs().endpoints(),
                        Controllers.rules(config).doubtAfter());
        return recorder.snapshot(
                dcs, fleet, routed(), counters(), Optional.ofNullable(counts).map(this::metrics));
    }

    private MetricCounts metrics(Counts counts) {
        return counts.metrics(routes == null ? Map.of() : routes.requests());
    }

    /** Also those that a reload was about to release. */
    private List<VirtualIp> everyAddress() {
        return Stream.concat(
                        toBeRemoved().stream(),
                        fleet.controllers().stream().map(VipController::vip))
                .distinct()
                .toList();
    }

    private List<VirtualIp> toBeRemoved() {
        return Stream.concat(addressesOf(config).stream(), fleet.leftBehind().stream())
                .distinct()
                .toList();
    }

    private static List<VirtualIp> addressesOf(Config config) {
        return config.localVips().stream().map(VipConfig::vip).toList();
    }
}
