package org.vipmanager.control;

import org.vipmanager.core.Claim;
import org.vipmanager.core.Event;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

import java.util.ArrayList;
import java.util.List;

/**
 * All addresses that follow keys of one DCS: hands what the source, the wire and the process tell
 * to the controllers that it concerns.
 *
 * <p>Lives on the {@link Loop}.
 */
public final class VipFleet implements LeaderSource.Listener {

    private final LeaderSource source;
    private final ClaimSource claims;
    private final List<VipController> controllers;

    public VipFleet(LeaderSource source, ClaimSource claims, List<VipController> controllers) {
        this.source = source;
        this.claims = claims;
        this.controllers = new ArrayList<>(controllers);
    }

    /** Looks at what is there, then begins to ask the DCS. */
    public void start() {
        controllers.forEach(VipController::start);
        claims.listen(controllers.stream().map(VipController::vip).toList(), this::heard);
        source.start(triggers(), this);
    }

    private List<Trigger> triggers() {
        return controllers.stream().map(VipController::trigger).distinct().toList();
    }

    @Override
    public void seen(Sighting sighting) {
        Event event = new Event.Seen(sighting);
        for (VipController controller : controllers) {
            if (controller.trigger().key().equals(sighting.key())) {
                controller.accept(event);
            }
        }
    }

    @Override
    public void proved(LeaseProof proof) {
        Event event = new Event.LeaseProved(proof);
        for (VipController controller : controllers) {
            if (controller.trigger().key().equals(proof.key())) {
                controller.accept(event);
            }
        }
    }

    @Override
    public void failed(String trouble) {
        // The source has logged it; nothing follows for the address but silence, which the state
        // machine measures by itself.
    }

    private void heard(VirtualIp vip, Claim claim) {
        for (VipController controller : controllers) {
            if (controller.vip().equals(vip)) {
                controller.accept(new Event.ClaimHeard(claim));
            }
        }
    }

    /**
     * This process was frozen: forget what is under way, read first, and announce nothing until
     * then.
     */
    public void woke() {
        source.restart();
        claims.discardBacklog();
        controllers.forEach(controller -> controller.accept(new Event.Woke()));
    }

    /** Lets every address go, or leaves it to the kernel's lifetime. Does not wait for the DCS. */
    public void stop(boolean keep) {
        controllers.forEach(controller -> controller.accept(new Event.StopRequested(keep)));
        source.close();
    }

    public List<VipController> controllers() {
        return List.copyOf(controllers);
    }
}
