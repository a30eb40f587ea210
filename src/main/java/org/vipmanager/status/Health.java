package org.vipmanager.status;

import org.vipmanager.control.DcsAnswer;
import org.vipmanager.core.Contact;
import org.vipmanager.core.Moment;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.log.Printable;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What probes ask about: whether this daemon can do its work, and what it holds.
 *
 * @param snapshot of which it is the answer
 */
public record Health(StatusSnapshot snapshot) {

    private static final int LONGEST_TEXT = 1000;

    /** No probe reads more. */
    private static final int MOST_TROUBLES = 20;

    /** What keeps it from its work, each in a sentence; empty when nothing does. */
    public List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        for (AddressStatus address : snapshot.addresses()) {
            trouble(address)
                    .map(text -> Printable.line(text, LONGEST_TEXT))
                    .filter(text -> !troubles.contains(text))
                    .ifPresent(troubles::add);
            if (troubles.size() == MOST_TROUBLES) {
                break;
            }
        }
        for (RoutedStatus routed : snapshot.routed()) {
            if (troubles.size() < MOST_TROUBLES) {
                routed.trouble()
                        .map(text -> routed.name() + " cannot be routed here: " + text)
                        .map(text -> Printable.line(text, LONGEST_TEXT))
                        .ifPresent(troubles::add);
            }
        }
        return List.copyOf(troubles);
    }

    private Optional<String> trouble(AddressStatus address) {
        Contact contact = address.state().leadership().contact();
        if (contact.failure().isPresent()) {
            return Optional.of("the DCS cannot be read: " + contact.failure().get());
        }
        return switch (address.condition()) {
            case WAITING -> Optional.of("the DCS has not answered since the start");
            case NOT_THERE ->
                    Optional.of(
                            "this host leads, but "
                                    + address.vip()
                                    + " is not on the interface: see the log");
            case STOPPED -> Optional.of("the daemon is stopping");
            case HOLDING, IN_DOUBT -> silence(contact.silenceAt(snapshot.now()));
            case STANDING_BY -> silence(silenceOf(contact));
        };
    }

    /** Who stands by may be told by a watch alone that the DCS is there. */
    private Duration silenceOf(Contact contact) {
        Moment heard =
                snapshot.answer()
                        .map(DcsAnswer::at)
                        .map(answered -> Moment.later(answered, contact.lastReadAsOf()))
                        .orElse(contact.lastReadAsOf());
        return heard.until(snapshot.now());
    }

    private Optional<String> silence(Duration silence) {
        return silence.compareTo(snapshot.dcs().silentAfter()) > 0
                ? Optional.of("the DCS has not answered for " + silence.toSeconds() + " s")
                : Optional.empty();
    }

    /** The addresses that are here. */
    public List<VirtualIp> held() {
        return Stream.concat(
                        snapshot.addresses().stream()
                                .filter(Health::isHeld)
                                .map(AddressStatus::vip),
                        snapshot.routed().stream()
                                .filter(RoutedStatus::isHere)
                                .map(RoutedStatus::vip))
                .toList();
    }

    /**
     * Whether the address is here.
     *
     * @return empty where this daemon has no such address
     */
    public Optional<Boolean> holds(InetAddress address) {
        boolean isKnown =
                Stream.concat(
                                snapshot.addresses().stream().map(AddressStatus::vip),
                                snapshot.routed().stream().map(RoutedStatus::vip))
                        .anyMatch(vip -> vip.address().equals(address));
        boolean isHere = held().stream().anyMatch(vip -> vip.address().equals(address));
        return isKnown ? Optional.of(isHere) : Optional.empty();
    }

    private static boolean isHeld(AddressStatus address) {
        return address.state().phase() instanceof Phase.Holding holding && holding.isPlaced();
    }
}
