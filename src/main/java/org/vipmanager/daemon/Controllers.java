package org.vipmanager.daemon;

import org.vipmanager.config.Config;
import org.vipmanager.config.OnDcsLoss;
import org.vipmanager.config.VipConfig;
import org.vipmanager.control.VipController;
import org.vipmanager.core.Rules;

/** Makes a controller for each address of a configuration, and lets it decide by another one. */
final class Controllers {

    private final VipController.Ports ports;
    private Config config;
    private Witnesses witnesses;

    Controllers(VipController.Ports ports, Config config) {
        this.ports = ports;
        this.config = config;
        witnesses = new Witnesses(ports.loop(), config);
    }

    VipController of(VipConfig vip) {
        VipController controller =
                new VipController(vip.vip(), vip.trigger(), rules(config), ports);
        controller.heed(witnesses.of(vip));
        return controller;
    }

    /** All that are made and adapted from now on decide by this configuration. */
    void decideBy(Config now, boolean asksPatroniAnew) {
        config = now;
        if (asksPatroniAnew) {
            witnesses.close();
            witnesses = new Witnesses(ports.loop(), now);
        }
    }

    void adapt(VipController controller, VipConfig vip) {
        controller.decideBy(rules(config));
        controller.heed(witnesses.of(vip));
    }

    static Rules rules(Config config) {
        Rules rules =
                new Rules(
                        config.interval(),
                        config.dcsTimeout(),
                        config.retryNum(),
                        config.retryAfter(),
                        config.addressLifetime(),
                        config.announceCount(),
                        config.announceRefresh(),
                        config.yieldInDoubt(),
                        config.onDcsLoss() == OnDcsLoss.HOLD,
                        Rules.Margins.STANDARD);
        return config.resetConnections() ? rules.resettingConnections() : rules;
    }
}
