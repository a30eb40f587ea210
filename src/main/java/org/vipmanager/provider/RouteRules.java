package org.vipmanager.provider;

import org.vipmanager.core.RetryPolicy;

import java.time.Duration;

/**
 * The numbers by which one address is routed.
 *
 * @param interval the time between two confirming reads of the DCS
 * @param confirmation how old a read may be on whose word something is changed
 * @param check the time between two looks whether the address still is where it was
 * @param settle the time after which it is looked at once more after a switch
 * @param poll the time between two looks while a switch is under way
 * @param retry the pauses after failures
 * @param readsPerHour the most requests that only read
 * @param changesPerHour the most requests that change something
 * @param releases whether the provider is told when this host does not lead any more
 */
public record RouteRules(
        Duration interval,
        Duration confirmation,
        Duration check,
        Duration settle,
        Duration poll,
        RetryPolicy retry,
        int readsPerHour,
        int changesPerHour,
        boolean releases) {}
