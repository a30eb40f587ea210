package org.vipmanager.config;

import org.vipmanager.tls.TlsFiles;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A configuration that was found to be good. Immutable; two are equal when they mean the same.
 *
 * @param vips the addresses: the flat settings' first, then those of the {@code vips:} list
 * @param dcs who is asked
 * @param interval the time between two confirming reads
 * @param dcsTimeout the deadline of one question to the DCS
 * @param retryAfter the wait before a failed question is repeated
 * @param retryNum how many questions may fail before leadership without a lease counts as lost
 * @param addressLifetime the longest lifetime the kernel is given; whole seconds, at least two
 * @param announceCount how many announcements follow a takeover
 * @param announceRefresh the time between announcements while holding; zero for none
 * @param resetConnections whether the connections of an address that is let go are ended
 * @param yieldInDoubt whether a foreign claim ends holding while the DCS is silent
 * @param patroniTls for https to the local Patroni that is asked while the DCS is silent
 * @param hetzner present when an address is moved by Hetzner
 * @param command present when an address is routed by a program of the user's
 * @param status how people and programs learn of the state
 * @param verbose whether every answer, request and announcement is logged
 */
public record Config(
        List<VipConfig> vips,
        DcsConfig dcs,
        Duration interval,
        Duration dcsTimeout,
        Duration retryAfter,
        int retryNum,
        OnDcsLoss onDcsLoss,
        Duration addressLifetime,
        int announceCount,
        Duration announceRefresh,
        OnExit onExit,
        boolean resetConnections,
        boolean yieldInDoubt,
        TlsFiles patroniTls,
        Optional<HetznerConfig> hetzner,
        Optional<CommandConfig> command,
        StatusConfig status,
        boolean verbose) {

    /** The addresses that this host's kernel is to hold. */
    public List<VipConfig> localVips() {
        return vips.stream().filter(VipConfig::isLocal).toList();
    }
}
