package org.vipmanager.daemon;

import org.vipmanager.config.Config;
import org.vipmanager.config.ManagerType;
import org.vipmanager.config.VipConfig;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.provider.Provider;
import org.vipmanager.provider.ProviderWorker;
import org.vipmanager.provider.RequestCounts;
import org.vipmanager.provider.RouteController;
import org.vipmanager.provider.RouteRules;
import org.vipmanager.report.LogJournal;
import org.vipmanager.report.RouteLog;
import org.vipmanager.status.RoutedStatus;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The addresses that providers route: a controller for each, and one provider of each kind. Made
 * when the first of them is configured. Lives on the {@link Loop}.
 */
final class Routes {

    /** What a program may still be told at the end. */
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(5);

    /** How long {@link #close} takes. */
    static final Duration LONGEST_CLOSE = PATIENCE_AT_THE_END.plus(ProviderWorker.TO_GIVE_UP);

    private record Routed(VirtualIp vip, Trigger trigger, ManagerType type) {}

    /** One kind of provider, which a reload may exchange. */
    private static final class Kind {
        private Object settings;
        private Provider provider;

        /**
         * @param settings of which it was made
         */
        Kind(Object settings, Provider provider) {
            this.settings = settings;
            this.provider = provider;
        }

        void become(Object settings, Provider provider) {
            this.provider.close();
            this.settings = settings;
            this.provider = provider;
        }
    }

    private final Loop loop;
    private final LeaderSource source;
    private final RouteLog journal;
    private final ProviderWorker worker;
    private final RequestCounts requests = new RequestCounts();
    private final Providers providers;
    private final Map<ManagerType, Kind> kinds = new HashMap<>();
    private Map<Routed, RouteController> controllers = Map.of();

    Routes(Loop loop, LeaderSource source, LogJournal journal, Map<String, String> environment) {
        this.loop = loop;
        this.source = source;
        this.journal = new RouteLog(journal);
        worker = new ProviderWorker(loop);
        providers = new Providers(loop, new FfmLibC(), environment, requests);
    }

    /**
     * A controller for each; those that were there before stay, and ask another provider from now
     * on if its settings have changed.
     */
    List<RouteController> of(Config config) {
        Map<ManagerType, List<VipConfig>> byType =
                config.vips().stream()
                        .filter(VipConfig::isRouted)
                        .collect(
                                Collectors.groupingBy(
                                        VipConfig::managerType,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        Map<Routed, RouteController> now = new LinkedHashMap<>();
        byType.forEach(
                (type, vips) -> {
                    boolean isAnother = renew(type, config);
                    RouteRules rules = ProviderRules.of(type, config, vips.size());
                    for (VipConfig vip : vips) {
                        Routed routed = new Routed(vip.vip(), vip.trigger(), type);
                        RouteController known = controllers.get(routed);
                        if (known == null) {
                            known = make(routed, rules);
                        } else if (isAnother) {
                            known.askAnother(rules);
                        } else {
                            known.decideBy(rules);
                        }
                        now.put(routed, known);
                    }
                });
        closeAllBut(byType.keySet());
        controllers = now;
        return List.copyOf(now.values());
    }

    /** For those who show it. */
    List<RoutedStatus> status() {
        return controllers.values().stream()
                .map(one -> new RoutedStatus(one.vip(), one.trigger(), one.state()))
                .toList();
    }

    /** How often providers were asked. */
    Map<RequestCounts.Kind, Long> requests() {
        return requests.all();
    }

    /** Of other settings another provider is made; whether it was. */
    private boolean renew(ManagerType type, Config config) {
        Object settings = Providers.settings(type, config);
        Kind before = kinds.get(type);
        if (before == null) {
            kinds.put(type, new Kind(settings, providers.make(type, config)));
        } else if (before.settings.equals(settings)) {
            return false;
        } else {
            before.become(settings, providers.make(type, config));
        }
        return true;
    }

    private void closeAllBut(Set<ManagerType> inUse) {
        kinds.entrySet().stream()
                .filter(kind -> !inUse.contains(kind.getKey()))
                .forEach(kind -> kind.getValue().provider.close());
        kinds.keySet().retainAll(inUse);
    }

    private RouteController make(Routed routed, RouteRules rules) {
        Kind kind = kinds.get(routed.type());
        if (kind == null) {
            throw new IllegalStateException("no provider for " + routed);
        }
        return new RouteController(
                routed.vip(),
                routed.trigger(),
                rules,
                new RouteController.Ports(
                        loop, source, worker.calling(() -> kind.provider), journal));
    }

    /** Takes no further call; the last releases may end. */
    void close() {
        worker.close(PATIENCE_AT_THE_END);
        closeAllBut(Set.of());
    }
}
