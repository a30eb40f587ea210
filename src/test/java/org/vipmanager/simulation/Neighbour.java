package org.vipmanager.simulation;

import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniMember;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A second cluster on the same hosts, and who is asked for it by mistake.
 *
 * <p>Its leader differs from the one under test, and so do its troubles: its Patroni on any host
 * leads, leads in failsafe mode, denies or is silent, each for a while, whatever happens to the
 * cluster under test. Where {@code patroni-url} is that Patroni's, or that of another host's
 * member, everything is judged as without {@code patroni-url}.
 */
final class Neighbour {

    private static final String SCOPE = "neighbour";
    private static final long OWN_STREAM = 0x6e65_6967_6862_6f75L;

    /** Whose Patroni {@code patroni-url} is. */
    private enum Asked {
        NOBODY,
        OTHER_CLUSTER,
        OTHER_MEMBER
    }

    private final World world;
    private final Dice dice;
    private final Asked asked;
    private final Map<Host, RestApi> patronis = new HashMap<>();

    Neighbour(World world, long seed) {
        this.world = world;
        dice = new Dice(seed ^ OWN_STREAM);
        asked =
                world.scenario().askPatroni() || dice.rolls(0.4)
                        ? Asked.NOBODY
                        : dice.oneOf(
                                List.of(
                                        Asked.OTHER_CLUSTER,
                                        Asked.OTHER_CLUSTER,
                                        Asked.OTHER_MEMBER));
    }

    /** The Patroni that this host's daemon asks though it has nothing to say about the key. */
    Optional<RestApi> askedBy(Host host) {
        return switch (asked) {
            case NOBODY -> Optional.empty();
            case OTHER_CLUSTER ->
                    Optional.of(patronis.computeIfAbsent(host, on -> new Patroni(on.name())));
            case OTHER_MEMBER ->
                    world.hosts().stream()
                            .filter(other -> other != host)
                            .findFirst()
                            .map(Host::patroni);
        };
    }

    Dice dice() {
        return dice.split();
    }

    /** Its member on one host, which is in one mood until it gets into the next. */
    private final class Patroni implements RestApi {

        private final String host;
        private long until = Long.MIN_VALUE;
        private int status;
        private PatroniAnswer.Failsafe failsafe = PatroniAnswer.Failsafe.NONE;

        Patroni(String host) {
            this.host = host;
        }

        private void moveOn() {
            long now = world.agenda().now();
            if (now >= until) {
                until = now + dice.seconds(1, 60);
                status = dice.oneOf(List.of(200, 200, 200, 503, 503, 0));
                failsafe =
                        status == 200
                                ? dice.oneOf(List.of(PatroniAnswer.Failsafe.values()))
                                : PatroniAnswer.Failsafe.NONE;
            }
        }

        @Override
        public PatroniMember member() {
            return new PatroniMember(Optional.of(SCOPE), Optional.of(host), true);
        }

        @Override
        public int leaderStatus() {
            moveOn();
            return status;
        }

        @Override
        public PatroniAnswer.Failsafe failsafe() {
            moveOn();
            return failsafe;
        }
    }
}
