package org.vipmanager.config;

import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

import java.net.URI;
import java.util.Optional;

/**
 * One address that follows a leader.
 *
 * @param vip the address; without an interface where a provider routes it
 * @param trigger which key must have which value for this host to hold it
 * @param patroniUrl the local Patroni, asked while the DCS is silent
 * @param managerType who moves it; a provider's may be on an interface besides
 * @param label what the log at start and {@code check} call it: the setting, or else the address;
 *     unique
 */
public record VipConfig(
        VirtualIp vip,
        Trigger trigger,
        Optional<URI> patroniUrl,
        ManagerType managerType,
        String label) {

    /** Whether this host's kernel holds it. */
    public boolean isLocal() {
        return !vip.interfaceName().isEmpty();
    }

    /** Whether a provider routes it. */
    public boolean isRouted() {
        return managerType != ManagerType.BASIC;
    }
}
