package org.vipmanager.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Why something was decided: what tests assert, and what the log line is made from.
 *
 * <p>A sentence for the person on call: what happened to the address, why, and what to look at.
 */
public sealed interface Reason {

    /** The sentence, without time and without secrets. */
    String sentence(VirtualIp vip, Trigger trigger);

    /** Whether it is worth a warning: something is wrong outside, though the daemon copes. */
    default boolean isWarning() {
        return false;
    }

    /** Something is wrong outside, though the daemon copes. */
    sealed interface Warning extends Reason {
        @Override
        default boolean isWarning() {
            return true;
        }
    }

    /** A reason to let the address go. */
    sealed interface Release extends Reason {

        /** The half of the sentence behind the colon. */
        String because(Trigger trigger);

        @Override
        default String sentence(VirtualIp vip, Trigger trigger) {
            return "released " + vip + ": " + because(trigger);
        }
    }

    /** A reason to let the address go that takes a silent DCS besides. */
    sealed interface InSilence extends Release {}

    /**
     * One of those, and why the DCS is silent.
     *
     * @param trouble what its source has told last
     */
    record AfterTrouble(InSilence why, String trouble) implements Release {
        @Override
        public String because(Trigger trigger) {
            return why.because(trigger) + "; the trouble with the DCS: " + trouble;
        }

        @Override
        public boolean isWarning() {
            return why.isWarning();
        }
    }

    // Taking over.

    /** This host leads and the address is put. */
    record TookOver(String value) implements Reason {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "taking over "
                    + vip
                    + ": leader key "
                    + trigger.key()
                    + " is "
                    + Quoted.of(value)
                    + ", this host";
        }
    }

    /** Another host leads. */
    record StandingBy(String value) implements Reason {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "standing by for " + vip + ": " + otherLeads("is", value, trigger);
        }
    }

    /** Nobody leads. */
    record NobodyLeads() implements Reason {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "standing by for "
                    + vip
                    + ": "
                    + keyAbsent("does not exist", trigger)
                    + (Trigger.isRestPath(trigger.key())
                            ? ": that is a path of Patroni's REST API, and no key of a DCS"
                            : "");
        }
    }

    // Letting go.

    /** The leader key names another host. */
    record LeaderIsOther(String value) implements Release {
        @Override
        public String because(Trigger trigger) {
            return otherLeads("is now", value, trigger);
        }
    }

    /** The leader key is gone. */
    record LeaderKeyGone() implements Release {
        @Override
        public String because(Trigger trigger) {
            return keyAbsent("does not exist any more", trigger);
        }
    }

    /**
     * The DCS told nothing until another node could have become leader.
     *
     * @param trouble what its source has told last of why
     */
    record TrustRanOut(Trust.Basis basis, Duration silence, Optional<String> trouble)
            implements Release, Warning {

        TrustRanOut(Trust.Basis basis, Duration silence) {
            this(basis, silence, Optional.empty());
        }

        @Override
        public String because(Trigger trigger) {
            return switch (basis) {
                case LEASE ->
                        "the lease of leader key "
                                + trigger.key()
                                + " is about to end, and another host may lead then"
                                + (isSilent() ? silent() : "; Patroni does not renew it");
                case UNKNOWN_LEASE ->
                        "the DCS did not tell how long the lease of "
                                + trigger.key()
                                + " runs"
                                + silent();
                case FAILSAFE -> "the local Patroni no longer confirms failsafe mode" + silent();
                case FAILSAFE_EXPECTED ->
                        "the local Patroni no longer confirms that it leads, and is not in failsafe"
                                + " mode"
                                + silent();
                case POLICY -> "the retries are used up, and another host may lead" + silent();
                case NONE ->
                        "leader key "
                                + trigger.key()
                                + " was written anew with a lease whose time is not known yet";
            };
        }

        /** Longer than any healthy answer takes. */
        private boolean isSilent() {
            return silence.compareTo(Duration.ofSeconds(2)) > 0;
        }

        private String silent() {
            return "; "
                    + noAnswer(silence, trouble)
                    + (trouble.isPresent() ? "" : ", check it and the way to it");
        }
    }

    /** The kernel removed the address at the end of its lifetime before it was renewed. */
    record LifetimeRanOut() implements InSilence, Warning {
        @Override
        public String because(Trigger trigger) {
            return "its lifetime in the kernel ended before it was renewed"
                    + " (its key was not confirmed in time, or this process did not run);"
                    + " asking the DCS at once";
        }
    }

    /** The process was frozen while it put the address. */
    record FrozenDuringPut() implements Release, Warning {
        @Override
        public String because(Trigger trigger) {
            return "this process stood still while the address was being added; asking the DCS before"
                    + " it is added again";
        }
    }

    /** The kernel had a put for so long that the address had ended, and was created anew. */
    record KernelTooSlow(Duration took) implements Release, Warning {
        @Override
        public String because(Trigger trigger) {
            return "the kernel took "
                    + seconds(took)
                    + " to add the address (others keep it busy, such as by removing many"
                    + " interfaces); asking the DCS before it is added again";
        }
    }

    /** The DCS shows an older state than before, or another cluster. */
    record StoreRestored() implements Release, Warning {
        @Override
        public String because(Trigger trigger) {
            return "the DCS shows an older revision than before, or another cluster:"
                    + " it seems to be restored from a backup";
        }
    }

    /** The local Patroni says that it does not lead. */
    record PatroniDoesNotLead(int status) implements InSilence, Warning {
        @Override
        public String because(Trigger trigger) {
            return "the DCS is silent, and the local Patroni does not lead (status " + status + ")";
        }
    }

    /** Another station claims the address while the DCS is silent. */
    record YieldedTo(String station) implements InSilence, Warning {
        @Override
        public String because(Trigger trigger) {
            return "the DCS is silent, and station "
                    + station
                    + " claims the address: it is probably the new leader";
        }
    }

    /** The daemon stops. */
    record Stopping() implements Release {
        @Override
        public String because(Trigger trigger) {
            return "stopping on request";
        }
    }

    /** The configuration was reloaded, without the address. */
    record NoLongerConfigured() implements Release {
        @Override
        public String because(Trigger trigger) {
            return "it is no longer in the configuration";
        }
    }

    /** The address was to be held, and could never be put. */
    record GaveUp(Release why) implements Reason {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "no longer trying to add " + vip + ": " + why.because(trigger);
        }

        @Override
        public boolean isWarning() {
            return why.isWarning();
        }
    }

    /** The daemon ends and could not remove the address. */
    record LeftBehind(String trouble) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return vip
                    + " could not be removed before this daemon ends; its lifetime in the kernel"
                    + " ends it: "
                    + trouble;
        }
    }

    /** The daemon stops and leaves the address to the kernel. */
    record StoppingKept() implements Reason {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "stopping on request, "
                    + vip
                    + " is kept: the kernel removes it at the end of its lifetime"
                    + " unless the next start adopts it";
        }
    }

    // Holding.

    /**
     * The DCS has become silent, or refuses.
     *
     * @param trouble what its source has told last of why
     */
    record InDoubt(Duration silence, Duration left, Optional<String> trouble) implements Warning {

        InDoubt(Duration silence, Duration left) {
            this(silence, left, Optional.empty());
        }

        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return noAnswer(silence, Optional.empty())
                    + ": "
                    + vip
                    + " is held for "
                    + seconds(left)
                    + " more, unless it answers before"
                    + trouble.map(why -> "; " + why).orElse("");
        }
    }

    /** The DCS vouches no longer, the local Patroni does. */
    record HeldByPatroni(Trust.Basis basis) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            String how =
                    basis == Trust.Basis.FAILSAFE
                            ? "leads in failsafe mode"
                            : "leads, and has failsafe mode for when it finds the DCS lost";
            return "the DCS is silent, but the local Patroni "
                    + how
                    + ": "
                    + vip
                    + " stays as long as it says so";
        }
    }

    /** The DCS answers again, and this host still leads. */
    record ConfirmedAgain(Duration silence) implements Reason {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "the DCS answers again after "
                    + seconds(silence)
                    + ": this host still leads, "
                    + vip
                    + " stays";
        }
    }

    /**
     * Somebody removed the address, and it is put again.
     *
     * @param times how often, since this was last told
     */
    record Restored(int times) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "adding " + vip + " again: somebody else removed it" + often(times);
        }
    }

    /**
     * The address appeared on a host that does not lead, and is removed.
     *
     * @param prefixLength with which it appeared
     * @param times how often, since this was last told
     */
    record StrayRemoved(int prefixLength, int times) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "removing "
                    + vip.as(prefixLength)
                    + ": somebody else added it, and this host does not lead"
                    + often(times);
        }
    }

    /**
     * Somebody else gave the held address another lifetime, and it is given ours again.
     *
     * @param times how often, since this was last told
     */
    record LifetimeChanged(FoundAddress found, int times) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "putting "
                    + vip
                    + " again: somebody else let it stay "
                    + howLong(found)
                    + often(times);
        }
    }

    /** At start an address was found that would stay for too long, and it gets a lifetime. */
    record FoundLimited(FoundAddress found, Duration lifetime) implements Reason {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "found "
                    + vip.as(found.prefixLength())
                    + (found.isPermanent() ? " without a lifetime" : ", to stay " + howLong(found))
                    + ": it stays for "
                    + seconds(lifetime)
                    + " until the DCS says who leads";
        }
    }

    /** At start an address with a lifetime was found, and it is left alone. */
    record FoundWithLifetime(FoundAddress found) implements Reason {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "found "
                    + vip.as(found.prefixLength())
                    + ", left by the daemon before this one or put by others: it stays "
                    + howLong(found)
                    + " unless the DCS says who leads before";
        }
    }

    /** What was found at the start could not be given an end; it is tried again. */
    record LimitFailed(String trouble) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return vip
                    + " was found and could not be given a lifetime, trying again; until then it"
                    + " stays, whoever leads: "
                    + trouble;
        }
    }

    /** What was found at the start is removed, as this host is not known to lead. */
    record FoundRemoved(FoundAddress found) implements Reason {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "removing "
                    + vip.as(found.prefixLength())
                    + ", which was there at the start: this host is not known to lead";
        }
    }

    /** Putting the address failed; it is tried again. */
    record PutFailed(String trouble) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "this host leads but " + vip + " cannot be added, trying again: " + trouble;
        }
    }

    /** Removing the address failed; its lifetime in the kernel ends it. */
    record RemovalFailed(String trouble) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return vip
                    + " cannot be removed, trying again; its lifetime ends it at the latest: "
                    + trouble;
        }
    }

    /** Too little of the lease is left for a lifetime of one second. */
    record LeaseTooShort(Duration left) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "this host leads but "
                    + vip
                    + " is not added: the lease of "
                    + trigger.key()
                    + " ends in "
                    + seconds(left)
                    + ", too soon; Patroni's ttl should be 20 s or more";
        }
    }

    /**
     * A foreign claim was answered by announcing.
     *
     * @param lies it has claimed the address for too long to be a new leader
     */
    record Defended(String station, boolean lies) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "station "
                    + station
                    + (lies ? " keeps claiming " : " claims ")
                    + vip
                    + ", but this host leads: announced again"
                    + (lies ? ", and the address is not yielded to it while it goes on" : "")
                    + "; look for a second holder of the address";
        }
    }

    /** The DCS has become silent, and these stations cannot be believed about who leads now. */
    record KnownLiars(List<String> stations) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return vip
                    + " is not yielded to "
                    + String.join(", ", stations)
                    + ", which went on claiming it while this host led";
        }
    }

    /** The interface can carry the address. */
    record InterfaceReady(String change) implements Reason {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "interface " + vip.interfaceName() + ": " + change;
        }
    }

    /** The interface cannot carry the address. */
    record InterfaceLost(String change) implements Warning {
        @Override
        public String sentence(VirtualIp vip, Trigger trigger) {
            return "interface " + vip.interfaceName() + ": " + change;
        }
    }

    /** A refusal is an answer, though none to what was asked. */
    private static String noAnswer(Duration silence, Optional<String> trouble) {
        return trouble.map(why -> "the DCS could not be read for " + seconds(silence) + ": " + why)
                .orElseGet(() -> "no answer from the DCS for " + seconds(silence));
    }

    private static String howLong(FoundAddress found) {
        return found.validFor().map(left -> "for " + seconds(left)).orElse("for ever");
    }

    private static String often(int times) {
        return times == 1 ? "" : ", " + times + " times since this was last told";
    }

    private static String otherLeads(String verb, String value, Trigger trigger) {
        return "leader key "
                + trigger.key()
                + " "
                + verb
                + " "
                + Quoted.of(value)
                + " (this host waits for "
                + Quoted.of(trigger.value())
                + ")";
    }

    private static String keyAbsent(String verb, Trigger trigger) {
        return "leader key "
                + trigger.key()
                + " "
                + verb
                + " (this host waits for "
                + Quoted.of(trigger.value())
                + ")";
    }

    private static String seconds(Duration duration) {
        long tenths = Math.round(duration.toMillis() / 100.0);
        return tenths / 10 + "." + tenths % 10 + " s";
    }
}
