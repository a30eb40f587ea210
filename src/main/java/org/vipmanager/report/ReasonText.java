package org.vipmanager.report;

import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.LinkChange;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.Trust;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.log.Printable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A reason in words for the person on call: what happened to the address, why, and what to look at.
 *
 * <p>Without time and without secrets. Wherever a reason is told, it is told by this.
 *
 * @param vip the address
 * @param trigger what it follows
 */
public record ReasonText(VirtualIp vip, Trigger trigger) {

    /** Longer than any healthy answer takes. */
    private static final Duration HEALTHY = Duration.ofSeconds(2);

    /** Whether something is wrong outside, though the daemon copes. */
    public static Level level(Reason reason) {
        return switch (reason) {
            case Reason.AfterTrouble(Reason.InSilence why, String _) -> level(why);
            case Reason.GaveUp(Reason.Release why) -> level(why);
            case Reason.TookOver _,
                    Reason.StandingBy _,
                    Reason.NobodyLeads _,
                    Reason.LeaderIsOther _,
                    Reason.LeaderKeyGone _,
                    Reason.Stopping _,
                    Reason.NoLongerConfigured _,
                    Reason.StoppingKept _,
                    Reason.ConfirmedAgain _,
                    Reason.FoundLimited _,
                    Reason.FoundWithLifetime _,
                    Reason.FoundRemoved _,
                    Reason.InterfaceReady _ ->
                    Level.INFO;
            case Reason.TrustRanOut _,
                    Reason.LifetimeRanOut _,
                    Reason.FrozenDuringPut _,
                    Reason.KernelTooSlow _,
                    Reason.StoreRestored _,
                    Reason.PatroniDoesNotLead _,
                    Reason.YieldedTo _,
                    Reason.LeftBehind _,
                    Reason.InDoubt _,
                    Reason.HeldByPatroni _,
                    Reason.Restored _,
                    Reason.StrayRemoved _,
                    Reason.LifetimeChanged _,
                    Reason.LimitFailed _,
                    Reason.PutFailed _,
                    Reason.RemovalFailed _,
                    Reason.LeaseTooShort _,
                    Reason.Defended _,
                    Reason.KnownLiars _,
                    Reason.InterfaceLost _ ->
                    Level.WARNING;
        };
    }

    /** One sentence, on one line. */
    public String of(Reason reason) {
        return switch (reason) {
            case Reason.Release release -> "released " + vip + ": " + because(release);
            case Reason.GaveUp(Reason.Release why) ->
                    "no longer trying to add " + vip + ": " + because(why);
            case Reason.TookOver(String value) ->
                    "taking over " + vip + ": " + keyIs("is", value) + ", this host";
            case Reason.StandingBy(String value) ->
                    "standing by for " + vip + ": " + keyIs("is", value) + waitsFor();
            case Reason.NobodyLeads() ->
                    "standing by for %s: %s does not exist%s%s"
                            .formatted(vip, key(), waitsFor(), restPath());
            case Reason.LeftBehind(String trouble) ->
                    vip
                            + " could not be removed before this daemon ends; its lifetime in the kernel ends it,"
                            + " unless others put it without one: "
                            + trouble;
            case Reason.StoppingKept() ->
                    "stopping on request, "
                            + vip
                            + " is kept: the kernel removes it at the end of its lifetime"
                            + " unless the next start adopts it";
            case Reason.InDoubt(Duration silence, Duration left, Optional<String> trouble) ->
                    "%s: %s is held for %s more, unless it answers before%s"
                            .formatted(
                                    noAnswer(silence, Optional.empty()),
                                    vip,
                                    seconds(left),
                                    trouble.map(why -> "; " + why).orElse(""));
            case Reason.HeldByPatroni(Trust.Basis basis) ->
                    "the DCS is silent, but the local Patroni leads%s: %s stays as long as it says so"
                            .formatted(
                                    basis == Trust.Basis.FAILSAFE
                                            ? " in failsafe mode"
                                            : ", and has failsafe mode for when it finds the DCS lost",
                                    vip);
            case Reason.ConfirmedAgain(Duration silence) ->
                    "the DCS answers again after %s: this host still leads, %s stays"
                            .formatted(seconds(silence), vip);
            case Reason.Restored(int times) ->
                    "adding " + vip + " again: somebody else removed it" + often(times);
            case Reason.StrayRemoved(int prefixLength, int times) ->
                    "removing %s: somebody else added it, and this host does not lead%s"
                            .formatted(vip.as(prefixLength), often(times));
            case Reason.LifetimeChanged(FoundAddress found, int times) ->
                    "putting %s again: somebody else let it stay %s%s"
                            .formatted(vip, howLong(found), often(times));
            case Reason.FoundLimited(FoundAddress found, Duration lifetime) ->
                    "found %s%s: it stays for %s until the DCS says who leads"
                            .formatted(
                                    as(found),
                                    found.isPermanent()
                                            ? " without a lifetime"
                                            : ", to stay " + howLong(found),
                                    seconds(lifetime));
            case Reason.FoundWithLifetime(FoundAddress found) ->
                    "found %s, left by the daemon before this one or put by others: it stays %s"
                                    .formatted(as(found), howLong(found))
                            + " unless the DCS says who leads before";
            case Reason.LimitFailed(String trouble) ->
                    vip
                            + " was found and could not be given a lifetime, trying again; until then it stays,"
                            + " whoever leads: "
                            + trouble;
            case Reason.FoundRemoved(FoundAddress found) ->
                    "removing %s, which was there at the start: this host is not known to lead"
                            .formatted(as(found));
            case Reason.PutFailed(String trouble) ->
                    "this host leads but " + vip + " cannot be added, trying again: " + trouble;
            case Reason.RemovalFailed(String trouble) ->
                    "%s cannot be removed, trying again; its lifetime ends it at the latest, unless others put it without one: %s"
                            .formatted(vip, trouble);
            case Reason.LeaseTooShort(Duration left) ->
                    "this host leads but %s is not added: the lease of %s ends in %s, too soon;"
                                    .formatted(vip, trigger.key(), seconds(left))
                            + " Patroni's ttl should be 20 s or more";
            case Reason.Defended(String claimant, boolean lies) ->
                    "station %s %s %s, but this host leads: announced again%s; look for a second holder of the address"
                            .formatted(
                                    claimant,
                                    lies ? "keeps claiming" : "claims",
                                    vip,
                                    lies
                                            ? ", and the address is not yielded to it while it goes on"
                                            : "");
            case Reason.KnownLiars(List<String> claimants) ->
                    "%s is not yielded to %s, which went on claiming it while this host led"
                            .formatted(vip, String.join(", ", claimants));
            case Reason.InterfaceReady(LinkChange change) -> onInterface(change);
            case Reason.InterfaceLost(LinkChange change) -> onInterface(change);
        };
    }

    /** The half of the sentence behind the colon. */
    private String because(Reason.Release reason) {
        return switch (reason) {
            case Reason.AfterTrouble(Reason.InSilence why, String trouble) ->
                    because(why) + "; the trouble with the DCS: " + trouble;
            case Reason.LeaderIsOther(String value) -> keyIs("is now", value) + waitsFor();
            case Reason.LeaderKeyGone() -> key() + " does not exist any more" + waitsFor();
            case Reason.TrustRanOut ranOut -> because(ranOut);
            case Reason.LifetimeRanOut() ->
                    "its lifetime in the kernel ended before it was renewed (its key was not confirmed in time,"
                            + " or this process did not run); asking the DCS at once";
            case Reason.FrozenDuringPut() ->
                    "this process stood still while the address was being added;"
                            + " asking the DCS before it is added again";
            case Reason.KernelTooSlow(Duration took) ->
                    "the kernel took "
                            + seconds(took)
                            + " to add the address (others keep it busy, such as by removing many"
                            + " interfaces); asking the DCS before it is added again";
            case Reason.StoreRestored() ->
                    "the DCS shows an older revision than before, or another cluster:"
                            + " it seems to be restored from a backup";
            case Reason.PatroniDoesNotLead(int status) ->
                    "the DCS is silent, and the local Patroni does not lead (status "
                            + status
                            + ")";
            case Reason.YieldedTo(String claimant) ->
                    "the DCS is silent, and station %s claims the address: it is probably the new leader"
                            .formatted(claimant);
            case Reason.Stopping() -> "stopping on request";
            case Reason.NoLongerConfigured() -> "it is no longer in the configuration";
        };
    }

    private String because(Reason.TrustRanOut ranOut) {
        String silent = silent(ranOut.silence(), ranOut.trouble());
        return switch (ranOut.basis()) {
            case LEASE ->
                    "the lease of %s is about to end, and another host may lead then%s"
                            .formatted(
                                    key(),
                                    ranOut.silence().compareTo(HEALTHY) > 0
                                            ? silent
                                            : "; Patroni does not renew it");
            case UNKNOWN_LEASE ->
                    "the DCS did not tell how long the lease of "
                            + trigger.key()
                            + " runs"
                            + silent;
            case FAILSAFE -> "the local Patroni no longer confirms failsafe mode" + silent;
            case FAILSAFE_EXPECTED ->
                    "the local Patroni no longer confirms that it leads, and is not in failsafe mode"
                            + silent;
            case POLICY -> "the retries are used up, and another host may lead" + silent;
            case NONE ->
                    key()
                            + " was written anew with a lease whose time is not known yet"
                            + ranOut.trouble().map(why -> "; " + why).orElse("");
        };
    }

    private static String silent(Duration silence, Optional<String> trouble) {
        return "; "
                + noAnswer(silence, trouble)
                + (trouble.isPresent() ? "" : ", check it and the way to it");
    }

    /** A refusal is an answer, though none to what was asked. */
    private static String noAnswer(Duration silence, Optional<String> trouble) {
        return trouble.map(why -> "the DCS could not be read for " + seconds(silence) + ": " + why)
                .orElseGet(() -> "no answer from the DCS for " + seconds(silence));
    }

    private String key() {
        return "leader key " + trigger.key();
    }

    private String keyIs(String verb, String value) {
        return key() + " " + verb + " " + Printable.quoted(value);
    }

    private String waitsFor() {
        return " (this host waits for " + Printable.quoted(trigger.value()) + ")";
    }

    private String restPath() {
        return Trigger.isRestPath(trigger.key())
                ? ": that is a path of Patroni's REST API, and no key of a DCS"
                : "";
    }

    private VirtualIp as(FoundAddress found) {
        return vip.as(found.prefixLength());
    }

    private String onInterface(LinkChange change) {
        return "interface " + vip.interfaceName() + ": " + LinkChangeText.of(change);
    }

    private static String howLong(FoundAddress found) {
        return found.validFor().map(left -> "for " + seconds(left)).orElse("for ever");
    }

    private static String often(int times) {
        return times == 1 ? "" : ", " + times + " times since this was last told";
    }

    /** In seconds with one decimal. */
    static String seconds(Duration duration) {
        long tenths = Math.round(duration.toMillis() / 100.0);
        return tenths / 10 + "." + tenths % 10 + " s";
    }
}
