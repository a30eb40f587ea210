package org.vipmanager.daemon;

import org.vipmanager.config.CommandConfig;
import org.vipmanager.config.Config;
import org.vipmanager.config.ManagerType;
import org.vipmanager.config.VipConfig;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.RetryPolicy;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.provider.CommandProvider;
import org.vipmanager.provider.Provider;
import org.vipmanager.provider.ProviderWorker;
import org.vipmanager.provider.RouteController;
import org.vipmanager.provider.RouteRules;
import org.vipmanager.report.LogJournal;
import org.vipmanager.report.RouteLog;
import org.vipmanager.status.RoutedStatus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The addresses that providers route: a controller for each, and one provider of each kind. Made
 * when the first of them is configured. Lives on the {@link Loop}.
 */
final class Routes {

    /** What a program may still be told at the end. */
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(5);

    private static final RetryPolicy RETRY_COMMAND =
            new RetryPolicy(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.25);

    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final int EVERY_SECOND = 3600;

    private record Routed(VirtualIp vip, Trigger trigger, ManagerType type) {}

    /**
     * One kind of provider.
     *
     * @param made of these settings
     */
    private record Kind(Object made, Provider provider) {}

    private final Loop loop;
    private final LeaderSource source;
    private final RouteLog journal;
    private final ProviderWorker worker;
    private final Map<ManagerType, Kind> kinds = new HashMap<>();
    private Map<Routed, RouteController> controllers = Map.of();

    Routes(Loop loop, LeaderSource source, LogJournal journal) {
        this.loop = loop;
        this.source = source;
        this.journal = new RouteLog(journal);
        worker = new ProviderWorker(loop);
    }

    /** A controller for each; those that were there before stay, if their provider does. */
    List<RouteController> of(Config config) {
        Map<Routed, RouteController> now = new HashMap<>();
        List<RouteController> inOrder = new ArrayList<>();
        config.command().ifPresent(command -> renew(ManagerType.COMMAND, command));
        for (VipConfig vip : config.vips()) {
            if (vip.isRouted()) {
                Routed routed = new Routed(vip.vip(), vip.trigger(), vip.managerType());
                RouteController known = controllers.get(routed);
                RouteController controller = known == null ? make(routed, config) : known;
                now.put(routed, controller);
                inOrder.add(controller);
            }
        }
        controllers = now;
        return inOrder;
    }

    /** For those who show it. */
    List<RoutedStatus> status() {
        return controllers.values().stream()
                .map(one -> new RoutedStatus(one.vip(), one.trigger(), one.state()))
                .toList();
    }

    /** Of other settings another one is made, and other controllers then. */
    private void renew(ManagerType type, CommandConfig command) {
        Kind before = kinds.get(type);
        if (before == null || !before.made().equals(command)) {
            Provider provider = new CommandProvider(command.command(), command.timeout());
            kinds.put(type, new Kind(command, provider));
            Map<Routed, RouteController> kept = new HashMap<>(controllers);
            kept.keySet().removeIf(routed -> routed.type() == type);
            controllers = kept;
        }
    }

    private RouteController make(Routed routed, Config config) {
        Kind kind = kinds.get(routed.type());
        if (kind == null) {
            throw new IllegalStateException("no provider for " + routed);
        }
        return new RouteController(
                routed.vip(),
                routed.trigger(),
                rules(config),
                new RouteController.Ports(loop, source, worker.calling(kind.provider()), journal));
    }

    private static RouteRules rules(Config config) {
        Duration check = config.command().orElseThrow().checkInterval();
        return new RouteRules(
                config.interval(),
                config.dcsTimeout(),
                check,
                Collections.min(List.of(SETTLE, check)),
                Collections.min(List.of(SETTLE, check)),
                RETRY_COMMAND,
                EVERY_SECOND,
                EVERY_SECOND,
                true);
    }

    /** Takes no further call; one that runs may end, as the last release does. */
    void close() {
        worker.close(PATIENCE_AT_THE_END);
    }
}
