package org.vipmanager.daemon;

import org.vipmanager.config.Config;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.VipConfig;
import org.vipmanager.control.VipController;
import org.vipmanager.control.VipFleet;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What changes between two configurations: which addresses go, come and stay, and whether the DCS
 * is to be asked in another way.
 *
 * @param gone controllers of addresses that are no longer configured, or follow another key
 * @param come what is to be followed anew
 * @param stays controllers whose address nobody shall notice anything at, and their settings now
 * @param asksAnew whether endpoints, credentials or the rhythm of questions have changed
 * @param asksElsewhere whether those who are asked may be another DCS than before
 * @param asksPatroniAnew whether the same is so for the local Patroni
 */
record Reload(
        List<VipController> gone,
        List<VipConfig> come,
        Map<VipController, VipConfig> stays,
        boolean asksAnew,
        boolean asksElsewhere,
        boolean asksPatroniAnew) {

    private static final Logger LOG = System.getLogger("org.vipmanager.daemon");

    private static final String REFUSED =
            "the configuration was not reloaded, nothing has changed:";

    /** What was loaded, if this process can live by it; tells why not. */
    static Optional<LoadOutcome.Loaded> accepted(LoadOutcome outcome) {
        return switch (outcome) {
            case LoadOutcome.Refused refused -> {
                LOG.log(Level.ERROR, REFUSED);
                refused.mistakes().forEach(mistake -> LOG.log(Level.ERROR, mistake.message()));
                yield Optional.empty();
            }
            case LoadOutcome.Loaded loaded -> {
                Optional<String> missing = missing(loaded.config());
                missing.ifPresent(trouble -> LOG.log(Level.ERROR, REFUSED + " " + trouble));
                yield missing.isEmpty() ? Optional.of(loaded) : Optional.empty();
            }
        };
    }

    private static Optional<String> missing(Config config) {
        try {
            return Prerequisites.missing(config);
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }

    private record Followed(VirtualIp vip, Trigger trigger) {}

    static Reload between(Config before, Config after, VipFleet fleet) {
        Map<Followed, VipController> known = new HashMap<>();
        for (VipController controller : fleet.controllers()) {
            known.put(new Followed(controller.vip(), controller.trigger()), controller);
        }
        List<VipConfig> come = new ArrayList<>();
        Map<VipController, VipConfig> stays = new LinkedHashMap<>();
        for (VipConfig vip : after.localVips()) {
            VipController controller = known.remove(new Followed(vip.vip(), vip.trigger()));
            if (controller == null) {
                come.add(vip);
            } else {
                stays.put(controller, vip);
            }
        }
        boolean asksAnew =
                !before.dcs().equals(after.dcs())
                        || !before.interval().equals(after.interval())
                        || !before.dcsTimeout().equals(after.dcsTimeout())
                        || !before.retryAfter().equals(after.retryAfter())
                        || before.retryNum() != after.retryNum()
                        || before.onDcsLoss() != after.onDcsLoss();
        boolean asksElsewhere =
                before.dcs().type() != after.dcs().type()
                        || !before.dcs().endpoints().equals(after.dcs().endpoints())
                        || !before.dcs().srv().equals(after.dcs().srv());
        boolean asksPatroniAnew =
                !before.patroniTls().equals(after.patroniTls())
                        || !urls(before).equals(urls(after))
                        || !before.interval().equals(after.interval())
                        || !before.dcsTimeout().equals(after.dcsTimeout());
        return new Reload(
                List.copyOf(known.values()), come, stays, asksAnew, asksElsewhere, asksPatroniAnew);
    }

    private static Set<URI> urls(Config config) {
        return config.vips().stream()
                .flatMap(vip -> vip.patroniUrl().stream())
                .collect(Collectors.toSet());
    }

    void tell() {
        LOG.log(
                Level.INFO,
                "configuration reloaded: addresses unchanged {0}, removed {1}, added {2}{3}",
                stays.size(),
                gone.size(),
                come.size(),
                asksAnew ? "; connecting to the DCS anew" : "");
    }
}
