package org.vipmanager.daemon;

import org.vipmanager.config.AbsentInterfaces;
import org.vipmanager.config.Config;
import org.vipmanager.config.DistantPatroni;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.VipConfig;
import org.vipmanager.netlink.HostNetwork;
import org.vipmanager.posix.Capability;
import org.vipmanager.posix.FfmLibC;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Properties;

/** What this process, this build and this host are to have for a configuration. */
final class Prerequisites {

    private static final Logger LOG = System.getLogger("org.vipmanager.daemon");

    private Prerequisites() {}

    /** Names every setting, and before them what may turn out to be a mistake. */
    static void tell(LoadOutcome.Loaded loaded) {
        ignoredCache(System.getProperties()).ifPresent(told -> LOG.log(Level.WARNING, told));
        loaded.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
        AbsentInterfaces.warnings(loaded, name -> HostNetwork.hasInterface(new FfmLibC(), name))
                .forEach(warning -> LOG.log(Level.WARNING, warning));
        DistantPatroni.warnings(loaded).forEach(warning -> LOG.log(Level.WARNING, warning));
        loaded.effective().forEach(setting -> LOG.log(Level.INFO, "setting " + setting));
    }

    /**
     * Whether Java does without the cache of classes that it was started with, because that fits
     * neither it nor the jars, or is damaged.
     */
    static Optional<String> ignoredCache(Properties java) {
        String cache = java.getProperty("vipmanager.aot", "");
        boolean used = java.getProperty("java.vm.info", "").contains("sharing");
        return cache.isEmpty() || used
                ? Optional.empty()
                : Optional.of(
                        cache
                                + " is not used, as it is damaged or does not belong to the files beside it:"
                                + " the start takes longer; install the package again");
    }

    /** What this process or this build lacks; nothing is touched for the answer. */
    static Optional<String> missing(Config config) throws IOException {
        boolean touchesNetwork = config.vips().stream().anyMatch(VipConfig::isLocal);
        return touchesNetwork ? Capability.missing() : Optional.empty();
    }
}
