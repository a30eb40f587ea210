package org.vipmanager.report;

import org.vipmanager.core.Leadership;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Placement;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.Trust;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.log.Printable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Why an address is here now, or is not: sentences for the person on call, the most important
 * first. A {@link ReasonText} tells what happened; this tells how it is.
 *
 * @param vip the address
 * @param trigger what it follows
 * @param state what is known about it
 * @param now the time of that
 */
public record WhyText(VirtualIp vip, Trigger trigger, VipState state, Moment now) {

    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(whereItIs());
        sentences.add(whoLeads());
        hint().ifPresent(sentences::add);
        trust().ifPresent(sentences::add);
        contact().ifPresent(sentences::add);
        claims().ifPresent(sentences::add);
        return List.copyOf(sentences);
    }

    private String whereItIs() {
        return switch (state.phase()) {
            case Phase.Unseen _ ->
                    vip + " is not added: since the daemon started the DCS has not said who leads";
            case Phase.Standby standby when standby.yielded() ->
                    vip
                            + " is not here: while the DCS was silent another station claimed it, and it was"
                            + " given up to that";
            case Phase.Standby _ -> vip + " is not here: " + whyNotHere();
            case Phase.Stopped _ -> vip + " is not here: the daemon is stopping";
            case Phase.Holding(Placement placement, var _) -> where(placement);
        };
    }

    private String whyNotHere() {
        if (!leadership().isLeader(trigger)) {
            return "this host does not lead";
        }
        return leadership().allowedUntil(trigger).isAfter(now)
                ? "this host leads, but for less than a second, as far as the DCS has proved"
                : "the key names this host, but nothing that was read lately proves that it still leads";
    }

    private String where(Placement placement) {
        if (placement.isPlaced()) {
            return vip
                    + " is here: this host leads. The kernel keeps it for "
                    + left(placement.kernelEnd())
                    + " more, and is told again before that for as long as this host leads";
        }
        return vip
                + " is not on the interface, though this host leads: "
                + switch (placement) {
                    case Placement.WithoutLink _ ->
                            "the interface is missing, or down; its return is waited for";
                    case Placement.Refused refused ->
                            "the kernel has refused it %d times in a row; it is tried again"
                                    .formatted(refused.failures().failures());
                    case Placement.Wanted _,
                            Placement.Changed _,
                            Placement.Pending _,
                            Placement.Present _ ->
                            "it is being added";
                };
    }

    private String whoLeads() {
        Optional<Sighting> last = leadership().last();
        if (last.isEmpty()) {
            return "the leader key is "
                    + trigger.key()
                    + ", and this host waits for the value "
                    + Printable.quoted(trigger.value());
        }
        String value = last.get().value().map(Printable::quoted).orElse("");
        return "leader key "
                + trigger.key()
                + (value.isEmpty() ? " does not exist, so nobody leads" : " is " + value)
                + (leadership().isLeader(trigger)
                        ? ", which is this host"
                        : ", and this host waits for " + Printable.quoted(trigger.value()));
    }

    /** The mistakes that are easily overlooked. */
    private Optional<String> hint() {
        String value = leadership().last().flatMap(Sighting::value).orElse("");
        String wanted = trigger.value();
        if (value.isEmpty() || value.equals(wanted)) {
            return Optional.empty();
        }
        if (value.strip().equalsIgnoreCase(wanted.strip())) {
            return Optional.of(
                    "the two differ in case or blanks only: trigger-value must be Patroni's name to"
                            + " the letter");
        }
        return value.startsWith(wanted + ".") || wanted.startsWith(value + ".")
                ? Optional.of(
                        "one is the other's short form: trigger-value must be Patroni's name to the"
                                + " letter")
                : Optional.empty();
    }

    private Optional<String> trust() {
        Trust trust = leadership().effectiveTrust();
        if (!leadership().isLeader(trigger) || !trust.heldUntil().isAfter(now)) {
            return Optional.empty();
        }
        String until = "for " + left(trust.heldUntil()) + " more";
        return Optional.of(
                switch (trust.basis()) {
                    case LEASE ->
                            "the lease of the key proves "
                                    + until
                                    + " that no other host can lead; each renewal by Patroni adds"
                                    + " to that";
                    case UNKNOWN_LEASE ->
                            "the key was seen a moment ago, and its lease is being asked for; until then it"
                                    + " counts "
                                    + until;
                    case POLICY ->
                            "no lease can be asked for, so what was read counts "
                                    + until
                                    + ", until the retries are used up";
                    case FAILSAFE, FAILSAFE_EXPECTED ->
                            "the local Patroni vouches "
                                    + until
                                    + " that this host leads, in place of the DCS";
                    case NONE -> "nothing is proved";
                });
    }

    private Optional<String> contact() {
        String read = "the DCS was read " + seconds(leadership().contact().silenceAt(now)) + " ago";
        Optional<String> failure = leadership().contact().failure();
        if (failure.isPresent()) {
            return Optional.of("the DCS cannot be read at present: " + failure.get());
        }
        if (state.phase() instanceof Phase.Unseen) {
            return Optional.empty();
        }
        return Optional.of(
                leadership().contact().isTold()
                        ? read + ", which is too long: it is in doubt"
                        : read);
    }

    private Optional<String> claims() {
        return state.lastClaim(now)
                .map(
                        claim ->
                                "station %s claimed the address on the network %s ago%s"
                                        .formatted(
                                                claim.station(),
                                                seconds(claim.heardAt().until(now)),
                                                claim.ignored()
                                                        ? ", and is not yielded to, as it went on"
                                                                + " claiming it while this host led"
                                                        : ""));
    }

    private Leadership leadership() {
        return state.leadership();
    }

    private String left(Moment end) {
        return seconds(end.isAfter(now) ? now.until(end) : Duration.ZERO);
    }

    private static String seconds(Duration duration) {
        return ReasonText.seconds(duration);
    }
}
