package org.vipmanager;

import org.vipmanager.arp.PacketAnnouncer;
import org.vipmanager.config.Config;
import org.vipmanager.config.ConfigLoader;
import org.vipmanager.config.Effective;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.OnExit;
import org.vipmanager.config.VipConfig;
import org.vipmanager.control.ClaimSource;
import org.vipmanager.control.DecisionLoop;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Rehearsal;
import org.vipmanager.control.VipController;
import org.vipmanager.control.VipFleet;
import org.vipmanager.core.Rules;
import org.vipmanager.log.Logging;
import org.vipmanager.netlink.NetlinkAddressTable;
import org.vipmanager.posix.BootClock;
import org.vipmanager.posix.Capability;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.LibC;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The running daemon: its parts, wired together, and its life from start to stop.
 *
 * <p>Everything is decided on one thread, the one that calls {@link #run}.
 */
final class Daemon {

    private static final Logger LOG = System.getLogger("org.vipmanager.daemon");

    /**
     * A stop that takes longer than this is ended by force; the kernel's lifetime removes the
     * address then.
     */
    private static final Duration LONGEST_STOP = Duration.ofMillis(800);

    private final Config config;
    private final DecisionLoop loop;
    private final NetlinkAddressTable addresses;
    private final PacketAnnouncer announcer;
    private final ClaimSource claims;
    private final VipFleet fleet;

    private Daemon(Config config, LibC libC, DecisionLoop loop) throws IOException {
        this.config = config;
        this.loop = loop;
        addresses = NetlinkAddressTable.open(loop, libC);
        announcer = PacketAnnouncer.open(libC);
        claims = new DeafClaims();
        LeaderSources sources = new LeaderSources(loop, config);
        LeaderSource source = sources.open();
        VipController.Ports ports =
                new VipController.Ports(
                        loop, source, addresses, announcer, sources.probe(), new LogJournal());
        Rules rules = rules(config);
        List<VipController> controllers =
                config.vips().stream()
                        .map(vip -> new VipController(vip.vip(), vip.trigger(), rules, ports))
                        .toList();
        fleet = new VipFleet(source, claims, controllers);
    }

    /** Runs until a signal stops it. */
    static ExitCode run(
            LoadOutcome.Loaded loaded, ConfigLoader loader, Map<String, String> environment) {
        Logging logging = Logging.install(loaded.config().verbose(), environment);
        loaded.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
        for (Effective setting : loaded.effective()) {
            LOG.log(Level.INFO, "setting " + setting);
        }
        try {
            Optional<String> missing = Capability.missing();
            if (missing.isPresent()) {
                LOG.log(Level.ERROR, missing.get());
                return ExitCode.CONFIGURATION;
            }
            LibC libC = new FfmLibC();
            DecisionLoop loop = new DecisionLoop(new BootClock(libC), loaded.config().interval());
            Daemon daemon = new Daemon(loaded.config(), libC, loop);
            return daemon.live(environment);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "cannot start", e);
            return ExitCode.FAILED;
        } finally {
            logging.drain();
        }
    }

    private ExitCode live(Map<String, String> environment) {
        rehearse();
        Signals.handle(this::stop, () -> {});
        loop.onWake(
                () -> {
                    LOG.log(
                            Level.WARNING,
                            "this process stood still, or the host was suspended: asking the DCS before anything else");
                    fleet.woke();
                });
        fleet.start();
        loop.run();
        return ExitCode.STOPPED_ON_REQUEST;
    }

    private void rehearse() {
        for (VipConfig vip : config.vips().subList(0, 1)) {
            addresses.rehearse(vip.vip());
            announcer.rehearse(vip.vip());
            Rehearsal.play(vip.vip(), vip.trigger(), rules(config), loop);
        }
    }

    private void stop(String signal) {
        LOG.log(Level.INFO, "stopping: " + signal);
        Thread guard = new Thread(Daemon::endByForce, "stop");
        guard.setDaemon(true);
        guard.start();
        loop.execute(
                () -> {
                    fleet.stop(config.onExit() == OnExit.KEEP);
                    loop.stop();
                });
    }

    private static void endByForce() {
        try {
            Thread.sleep(LONGEST_STOP);
        } catch (InterruptedException e) {
            return;
        }
        Runtime.getRuntime().halt(ExitCode.FAILED.number());
    }

    private static Rules rules(Config config) {
        return new Rules(
                config.interval(),
                config.dcsTimeout(),
                config.retryNum(),
                config.retryAfter(),
                config.addressLifetime(),
                config.announceCount(),
                config.announceRefresh(),
                config.yieldInDoubt(),
                Rules.Margins.STANDARD);
    }
}
