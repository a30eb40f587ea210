package org.vipmanager.control;

import org.vipmanager.core.Claim;
import org.vipmanager.core.Event;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VirtualIp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All addresses that follow keys of one DCS: hands what the source, the wire and the process tell
 * to the controllers that it concerns.
 *
 * <p>Lives on the {@link Loop}.
 */
public final class VipFleet implements LeaderSource.Listener {

    private final LeaderSource source;
    private final ClaimSource claims;

    private final Map<VirtualIp, VipController> byAddress = new LinkedHashMap<>();
    private Map<String, List<Follower>> byKey = Map.of();

    /** Whose addresses others move. */
    private List<Follower> routed = List.of();

    private boolean running;

    private Optional<DcsAnswer> lastAnswer = Optional.empty();
    private Consumer<DcsAnswer> onAnswer = answer -> {};
    private Runnable onFailure = () -> {};

    /** No longer configured, and could not be removed. */
    private final Map<VirtualIp, VipController> leftBehind = new LinkedHashMap<>();

    public VipFleet(LeaderSource source, ClaimSource claims, List<VipController> controllers) {
        this.source = source;
        this.claims = claims;
        controllers.forEach(controller -> byAddress.put(controller.vip(), controller));
        index();
    }

    /** Looks at what is there, then begins to ask the DCS. */
    public void start() {
        running = true;
        everybody().forEach(Follower::start);
        claims.listen(byAddress.keySet(), this::heard);
        source.start(triggers(), this);
    }

    /**
     * These follow beside the kernel's addresses, for which the source is asked from the next
     * {@link #start} or {@link #replace} on. Those that stay notice nothing.
     */
    public void route(List<? extends Follower> followers) {
        for (Follower known : routed) {
            if (!followers.contains(known)) {
                known.accept(new Event.Unconfigured());
            }
        }
        List<Follower> before = routed;
        routed = List.copyOf(followers);
        if (running) {
            routed.stream().filter(one -> !before.contains(one)).forEach(Follower::start);
        }
        index();
    }

    /**
     * Holds these addresses from now on. Those that go are released, those that come are started,
     * and those that stay notice nothing.
     */
    public void replace(List<VipController> gone, List<VipController> come) {
        for (VipController controller : gone) {
            byAddress.remove(controller.vip());
            controller.accept(new Event.Unconfigured());
            controller.forget();
            if (isLeftBehind(controller)) {
                leftBehind.put(controller.vip(), controller);
            }
        }
        for (VipController controller : come) {
            leftBehind.remove(controller.vip());
            byAddress.put(controller.vip(), controller);
            controller.start();
        }
        index();
        claims.listen(byAddress.keySet(), this::heard);
        source.follow(triggers());
    }

    /** Another DCS is asked from now on, or other members of it. */
    public void sourceReplaced() {
        tellEverybody(new Event.SourceReplaced());
    }

    private void index() {
        Map<String, List<Follower>> index = new HashMap<>();
        everybody()
                .forEach(
                        follower ->
                                index.computeIfAbsent(
                                                follower.trigger().key(), key -> new ArrayList<>())
                                        .add(follower));
        byKey = index;
    }

    private Stream<Follower> everybody() {
        return Stream.concat(byAddress.values().stream(), routed.stream());
    }

    private void tellEverybody(Event event) {
        everybody().forEach(follower -> follower.accept(event));
    }

    private List<Trigger> triggers() {
        return everybody().map(Follower::trigger).distinct().toList();
    }

    @Override
    public void seen(Sighting sighting) {
        followers(sighting.key(), new Event.Seen(sighting));
    }

    @Override
    public void proved(LeaseProof proof) {
        followers(proof.key(), new Event.LeaseProved(proof));
    }

    private void followers(String key, Event event) {
        for (Follower follower : byKey.getOrDefault(key, List.of())) {
            follower.accept(event);
        }
    }

    @Override
    public void answered(DcsAnswer answer) {
        lastAnswer = Optional.of(answer);
        onAnswer.accept(answer);
    }

    /** Tells those of every answer, and of every time that there was none, from now on. */
    public void onAnswer(Consumer<DcsAnswer> listener, Runnable failure) {
        onAnswer = listener;
        onFailure = failure;
    }

    /** What was read last, whatever it said; for those who show it. */
    public Optional<DcsAnswer> lastAnswer() {
        return lastAnswer;
    }

    @Override
    public void failed(String trouble) {
        onFailure.run();
        tellEverybody(new Event.DcsFailed(trouble));
    }

    @Override
    public void failed(String key, String trouble) {
        onFailure.run();
        followers(key, new Event.DcsFailed(trouble));
    }

    private void heard(VirtualIp vip, Claim claim) {
        VipController controller = byAddress.get(vip);
        if (controller != null) {
            controller.accept(new Event.ClaimHeard(claim));
        }
    }

    /**
     * This process was frozen: forget what is under way, read first, and announce nothing until
     * then.
     */
    public void woke() {
        claims.discardBacklog();
        tellEverybody(new Event.Woke());
        source.restart();
    }

    /**
     * A busy kernel has kept the loop waiting. That the DCS was not asked meanwhile is no silence
     * of it, so whoever was heard to claim an address gets it only if he goes on.
     */
    public void kernelWasBusy() {
        claims.discardBacklog();
        tellEverybody(new Event.KernelWasBusy());
        source.readNow();
    }

    /**
     * Lets every address go, or leaves what is held to the kernel's lifetime. Does not wait for the
     * DCS.
     */
    public void stop(boolean keep) {
        tellEverybody(new Event.StopRequested(keep));
        leftBehind.values().forEach(owed -> owed.accept(new Event.StopRequested(false)));
        source.close();
    }

    /** What was to be removed, at the stop or a reload, and could not be. */
    public List<VirtualIp> leftBehind() {
        return Stream.concat(byAddress.values().stream(), leftBehind.values().stream())
                .filter(VipFleet::isLeftBehind)
                .map(VipController::vip)
                .toList();
    }

    private static boolean isLeftBehind(VipController controller) {
        return controller.state().phase() instanceof Phase.Stopped stopped
                && stopped.isLeftBehind();
    }

    public List<VipController> controllers() {
        return List.copyOf(byAddress.values());
    }
}
