package org.vipmanager.daemon;

import org.vipmanager.config.CommandConfig;
import org.vipmanager.config.Config;
import org.vipmanager.config.HetznerConfig;
import org.vipmanager.config.ManagerType;
import org.vipmanager.core.RetryPolicy;
import org.vipmanager.provider.RouteRules;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** The rules by which each kind of provider is asked: how often, how soon again, and at most. */
final class ProviderRules {

    /** What the Robot allows in an hour (its documentation, "failover"). */
    private static final int ROBOT_READS = 100;

    private static final int ROBOT_CHANGES = 50;

    /** So that looking takes a tenth of it at most. */
    private static final Duration ROBOT_SHORTEST_CHECK = Duration.ofMinutes(6);

    private static final Duration ROBOT_CHECK = Duration.ofMinutes(10);

    /** Of the 3600 requests that a project may send in an hour, for all its programs. */
    private static final int CLOUD_READS = 1200;

    private static final int CLOUD_CHANGES = 360;
    private static final Duration CLOUD_SHORTEST_CHECK = Duration.ofSeconds(10);
    private static final Duration CLOUD_CHECK = Duration.ofMinutes(1);

    private static final Duration ROBOT_POLL = Duration.ofSeconds(10);
    private static final Duration CLOUD_POLL = Duration.ofSeconds(2);

    /** The longest pause after failures, in polls. */
    private static final int ROBOT_PATIENCE = 9;

    private static final int CLOUD_PATIENCE = 15;

    private static final RetryPolicy RETRY_COMMAND =
            new RetryPolicy(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.25);

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int EVERY_SECOND = 3600;

    private ProviderRules() {}

    /**
     * @param addresses how many share what may be asked in an hour
     */
    static RouteRules of(ManagerType type, Config config, int addresses) {
        return switch (type) {
            case COMMAND -> ofCommand(config, config.command().orElseThrow());
            case HETZNER ->
                    ofHetzner(
                            type,
                            config,
                            longer(ROBOT_CHECK, ROBOT_SHORTEST_CHECK, config, addresses),
                            ROBOT_PATIENCE,
                            Math.max(1, ROBOT_READS / addresses),
                            Math.max(1, ROBOT_CHANGES / addresses));
            case HETZNER_CLOUD ->
                    ofHetzner(
                            type,
                            config,
                            longer(CLOUD_CHECK, CLOUD_SHORTEST_CHECK, config, addresses),
                            CLOUD_PATIENCE,
                            Math.max(1, CLOUD_READS / addresses),
                            Math.max(1, CLOUD_CHANGES / addresses));
            case BASIC -> throw new IllegalArgumentException(type.word());
        };
    }

    private static RouteRules ofCommand(Config config, CommandConfig command) {
        Duration soon = Collections.min(List.of(SOON, command.checkInterval()));
        return new RouteRules(
                config.interval(),
                config.dcsTimeout(),
                command.checkInterval(),
                soon,
                soon,
                RETRY_COMMAND,
                EVERY_SECOND,
                EVERY_SECOND,
                true);
    }

    private static RouteRules ofHetzner(
            ManagerType type, Config config, Duration check, int patience, int reads, int changes) {
        Duration poll = pollInterval(type, config.hetzner().orElseThrow());
        return new RouteRules(
                config.interval(),
                config.dcsTimeout(),
                check,
                type == ManagerType.HETZNER ? poll.multipliedBy(6) : SOON,
                poll,
                new RetryPolicy(poll.dividedBy(2), 2, poll.multipliedBy(patience), 0.25),
                reads,
                changes,
                false);
    }

    /** As configured, but no more often than the budget allows. */
    private static Duration longer(
            Duration standard, Duration shortest, Config config, int addresses) {
        Duration check = config.hetzner().orElseThrow().checkInterval().orElse(standard);
        return Collections.max(List.of(check, shortest.multipliedBy(addresses)));
    }

    static Duration pollInterval(ManagerType type, HetznerConfig hetzner) {
        return hetzner.pollInterval().orElse(type == ManagerType.HETZNER ? ROBOT_POLL : CLOUD_POLL);
    }
}
