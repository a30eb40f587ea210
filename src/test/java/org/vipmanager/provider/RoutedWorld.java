package org.vipmanager.provider;

import org.vipmanager.control.FakeLoop;
import org.vipmanager.core.Moment;
import org.vipmanager.core.RetryPolicy;
import org.vipmanager.core.Revision;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Hosts that have one address routed, a leader key and a slow, failing, racing provider, in
 * simulated time. One seed makes one world, and repeats it.
 */
final class RoutedWorld {

    static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.0.9");
    static final String KEY = "/service/db/leader";

    /** The rules of the Robot. */
    static final RouteRules RULES =
            new RouteRules(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(10),
                    new RetryPolicy(Duration.ofSeconds(5), 2, Duration.ofSeconds(90), 0.25),
                    100,
                    50,
                    false);

    private static final Duration TROUBLE = Duration.ofHours(1);

    /** Long enough for budgets that were used up, and for the next check. */
    private static final Duration CALM = Duration.ofMinutes(90);

    final FakeLoop loop = new FakeLoop();
    final Random dice;
    final RouteRules rules;
    final SlowProvider provider = new SlowProvider(this);
    final List<String> violations = new ArrayList<>();
    private final List<RoutedHost> hosts = new ArrayList<>();
    private Optional<String> leader = Optional.empty();
    private long revision = 1;
    private boolean calm;

    RoutedWorld(long seed, RouteRules rules) {
        dice = new Random(seed);
        this.rules = rules;
        int count = 2 + dice.nextInt(2);
        for (int i = 1; i <= count; i++) {
            hosts.add(new RoutedHost(this, "pg" + i));
        }
    }

    /** Plays trouble, then calm, and says which promises were broken. */
    List<String> play() {
        hosts.forEach(RoutedHost::start);
        after(Duration.ofSeconds(dice.nextInt(10)), this::leadershipMoves);
        after(Duration.ofSeconds(dice.nextInt(600)), this::somethingHappens);
        loop.advance(TROUBLE);
        calm = true;
        hosts.forEach(RoutedHost::recover);
        if (leader.isEmpty()) {
            write(Optional.of(hosts.getFirst().name()));
        }
        loop.advance(CALM);
        hosts.forEach(this::judgeAtTheEnd);
        return violations;
    }

    private void judgeAtTheEnd(RoutedHost host) {
        boolean leads = leader.equals(Optional.of(host.name()));
        boolean here = host.state().phase() instanceof RouteState.Phase.Here;
        if (leads && (!here || !provider.routedTo().equals(host.name()))) {
            violations.add(
                    "at the end %s leads, the address is at %s, and it knows %s"
                            .formatted(host.name(), provider.routedTo(), host.state().phase()));
        }
        if (!leads && host.state().isWanted()) {
            violations.add(host.name() + " does not lead and still wants the address");
        }
    }

    private void leadershipMoves() {
        if (calm) {
            return;
        }
        write(
                chance(0.1)
                        ? Optional.empty()
                        : Optional.of(hosts.get(dice.nextInt(hosts.size())).name()));
        // Often while the switch before is still under way.
        after(Duration.ofSeconds(1 + dice.nextInt(chance(0.5) ? 60 : 900)), this::leadershipMoves);
    }

    private void somethingHappens() {
        if (calm) {
            return;
        }
        RoutedHost host = hosts.get(dice.nextInt(hosts.size()));
        switch (dice.nextInt(5)) {
            case 0 -> host.freeze(Duration.ofSeconds(1 + dice.nextInt(90)));
            case 1 -> host.restart();
            case 2 -> host.cutFromDcs(Duration.ofSeconds(1 + dice.nextInt(120)));
            case 3 -> provider.breakDown(Duration.ofSeconds(1 + dice.nextInt(300)));
            default -> provider.movedByOthers("somewhere");
        }
        after(Duration.ofSeconds(1 + dice.nextInt(600)), this::somethingHappens);
    }

    private void write(Optional<String> value) {
        leader = value;
        revision++;
        hosts.forEach(RoutedHost::keyChanged);
    }

    Optional<String> leader() {
        return leader;
    }

    Revision revision() {
        return new Revision(1, revision);
    }

    boolean isCalm() {
        return calm;
    }

    boolean chance(double probability) {
        return dice.nextDouble() < probability;
    }

    Duration millis(int least, int most) {
        return Duration.ofMillis(least + dice.nextInt(most - least));
    }

    void after(Duration time, Runnable task) {
        loop.at(now().plus(time), task);
    }

    Moment now() {
        return loop.now();
    }
}
