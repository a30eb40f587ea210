package org.vipmanager.control;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.Action;
import org.vipmanager.core.Decision;
import org.vipmanager.core.Event;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.core.LinkChange;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Step;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Keeps one address where it belongs: has each event decided about, carries out what follows, and
 * asks again when that is due.
 *
 * <p>Lives on the {@link Loop}; every method is called there.
 */
public final class VipController implements AddressTable.Listener, Follower {

    private static final Logger LOG = System.getLogger("org.vipmanager.vip");

    /** What a controller works with. */
    public record Ports(
            Loop loop,
            LeaderSource source,
            AddressTable addresses,
            Announcer announcer,
            ConnectionReset connections,
            Journal journal) {}

    private final VirtualIp vip;
    private final Trigger trigger;
    private Rules rules;
    private final Ports ports;
    private Optional<Witness> witness = Optional.empty();

    private final Queue<Event> events = new ArrayDeque<>();
    private VipState state;
    private boolean working;
    private boolean announcingFails;
    private boolean resetting;
    private Moment wakeUp = Moment.NEVER;
    private Loop.@Nullable Alarm alarm;

    public VipController(VirtualIp vip, Trigger trigger, Rules rules, Ports ports) {
        this.vip = vip;
        this.trigger = trigger;
        this.rules = rules;
        this.ports = ports;
        this.state = VipState.atStart(ports.loop().now());
    }

    public VirtualIp vip() {
        return vip;
    }

    @Override
    public Trigger trigger() {
        return trigger;
    }

    public VipState state() {
        return state;
    }

    /**
     * Looks whether the address is there already, and watches it from now on. Called before the DCS
     * is asked.
     */
    @Override
    public void start() {
        ports.addresses().watch(vip, this);
        ports.addresses()
                .find(vip)
                .whenComplete(
                        (found, failure) -> {
                            if (failure == null) {
                                found.ifPresent(this::addressAppeared);
                            }
                        });
    }

    /** Decides by these rules from now on. */
    public void decideBy(Rules rules) {
        Rules before = this.rules;
        this.rules = rules;
        accept(new Event.RulesChanged(before));
    }

    /** Asks this Patroni from now on while the DCS is silent, or none, as at first. */
    public void heed(Optional<Witness> patroni) {
        witness = patroni;
    }

    /** Watches the address no longer; after the stop of this one address. */
    void forget() {
        ports.addresses().unwatch(vip);
    }

    /**
     * Takes in one event. Events that arise while another is being worked on wait for their turn.
     */
    @Override
    public void accept(Event event) {
        events.add(event);
        if (working) {
            return;
        }
        working = true;
        try {
            for (Event next = events.poll(); next != null; next = events.poll()) {
                Moment now = ports.loop().now();
                Step step = new Decision(vip, trigger, rules, state, now).about(next);
                state = step.state();
                step.actions().forEach(this::carryOut);
                for (Reason reason : step.reasons()) {
                    ports.journal().tell(vip, trigger, reason);
                }
                wakeUpAt(step.wakeUp());
            }
        } finally {
            working = false;
        }
        ports.journal().changed(vip, state);
    }

    private void carryOut(Action action) {
        switch (action) {
            case Action.Put(KernelLifetime lifetime) -> put(lifetime);
            case Action.Remove() -> remove();
            case Action.ResetConnections(Moment until) -> resetConnections(until);
            case Action.Announce() -> announce();
            case Action.Probe() -> probe();
            case Action.AskPatroni() -> askPatroni();
            case Action.ReadNow() -> ports.source().readNow();
        }
    }

    private void put(KernelLifetime lifetime) {
        if (resetting) {
            resetting = false;
            ports.connections().spare(vip);
        }
        ports.addresses()
                .put(vip, lifetime)
                .whenComplete(
                        (result, failure) -> {
                            PutResult ended =
                                    failure == null
                                            ? result
                                            : new PutResult.Failed(failure.toString());
                            accept(new Event.PutEnded(ended));
                        });
    }

    private void remove() {
        ports.addresses()
                .remove(vip)
                .whenComplete(
                        (trouble, failure) -> {
                            if (failure != null) {
                                accept(new Event.RemoveFailed(failure.toString()));
                            } else if (trouble.isPresent()) {
                                accept(new Event.RemoveFailed(trouble.get()));
                            }
                        });
    }

    private void resetConnections(Moment until) {
        resetting = true;
        ports.connections().begin(vip, until);
    }

    private void announce() {
        try {
            ports.announcer().announce(vip);
            announcingFails = false;
        } catch (IOException e) {
            if (!announcingFails) {
                LOG.log(
                        Level.WARNING,
                        "{0} cannot be announced, trying again; clients may go on asking the host"
                                + " before until it is: {1}",
                        vip,
                        e.getMessage());
            }
            announcingFails = true;
            accept(new Event.AnnouncementRefused());
        }
    }

    private void probe() {
        try {
            ports.announcer().probe(vip);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the network cannot be asked about {0}: {1}", vip, e.getMessage());
        }
    }

    private void askPatroni() {
        witness.ifPresent(
                patroni -> patroni.ask(answer -> accept(new Event.PatroniAnswered(answer))));
    }

    private void wakeUpAt(Moment time) {
        if (time.equals(wakeUp) && alarm != null) {
            return;
        }
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        wakeUp = time;
        if (time.isBefore(Moment.NEVER)) {
            alarm =
                    ports.loop()
                            .at(
                                    time,
                                    () -> {
                                        alarm = null;
                                        accept(new Event.Tick());
                                    });
        }
    }

    @Override
    public void addressGone() {
        accept(new Event.AddressGone());
    }

    @Override
    public void addressGoneWithLink() {
        accept(new Event.AddressGoneWithLink());
    }

    @Override
    public void addressReturned() {
        accept(new Event.AddressReturned());
    }

    @Override
    public void addressAppeared(FoundAddress found) {
        accept(new Event.AddressAppeared(found));
    }

    @Override
    public void linkChanged(LinkChange change) {
        accept(new Event.LinkChanged(change));
    }
}
