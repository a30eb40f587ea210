package org.vipmanager.report;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.toSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vipmanager.core.FoundAddress;
import org.vipmanager.core.LinkChange;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Reason.AfterTrouble;
import org.vipmanager.core.Reason.ConfirmedAgain;
import org.vipmanager.core.Reason.Defended;
import org.vipmanager.core.Reason.FoundLimited;
import org.vipmanager.core.Reason.FoundRemoved;
import org.vipmanager.core.Reason.FoundWithLifetime;
import org.vipmanager.core.Reason.FrozenDuringPut;
import org.vipmanager.core.Reason.GaveUp;
import org.vipmanager.core.Reason.HeldByPatroni;
import org.vipmanager.core.Reason.InDoubt;
import org.vipmanager.core.Reason.InterfaceLost;
import org.vipmanager.core.Reason.InterfaceReady;
import org.vipmanager.core.Reason.KernelTooSlow;
import org.vipmanager.core.Reason.KnownLiars;
import org.vipmanager.core.Reason.LeaderIsOther;
import org.vipmanager.core.Reason.LeaderKeyGone;
import org.vipmanager.core.Reason.LeaseTooShort;
import org.vipmanager.core.Reason.LeftBehind;
import org.vipmanager.core.Reason.LifetimeChanged;
import org.vipmanager.core.Reason.LifetimeRanOut;
import org.vipmanager.core.Reason.LimitFailed;
import org.vipmanager.core.Reason.NoLongerConfigured;
import org.vipmanager.core.Reason.NobodyLeads;
import org.vipmanager.core.Reason.PatroniDoesNotLead;
import org.vipmanager.core.Reason.PutFailed;
import org.vipmanager.core.Reason.RemovalFailed;
import org.vipmanager.core.Reason.Restored;
import org.vipmanager.core.Reason.StandingBy;
import org.vipmanager.core.Reason.Stopping;
import org.vipmanager.core.Reason.StoppingKept;
import org.vipmanager.core.Reason.StoreRestored;
import org.vipmanager.core.Reason.StrayRemoved;
import org.vipmanager.core.Reason.TookOver;
import org.vipmanager.core.Reason.TrustRanOut;
import org.vipmanager.core.Reason.YieldedTo;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.Trust;
import org.vipmanager.core.VirtualIp;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What people search the log for, to the letter: every reason in all its variants. */
final class ReasonTextTest {

    private static final VirtualIp VIP =
            new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 24, "eth0");
    private static final Trigger KEY = new Trigger("/service/db/leader", "pg1");

    private static final Duration HEALTHY = Duration.ofMillis(1960);
    private static final Duration SILENCE = Duration.ofMillis(3149);
    private static final Optional<String> CALM = Optional.empty();
    private static final Optional<String> TROUBLE = Optional.of("wrong password");
    private static final FoundAddress FOR_EVER = new FoundAddress(Optional.empty(), 24);
    private static final FoundAddress LIMITED =
            new FoundAddress(Optional.of(Duration.ofSeconds(40)), 32);

    record Told(Level level, Reason reason, Trigger trigger, String sentence) {}

    static Stream<Told> all() {
        return Stream.of(
                info(
                        new TookOver("pg1"),
                        "taking over 10.0.0.9/24 on eth0: leader key /service/db/leader is"
                                + " \"pg1\", this host"),
                info(
                        new StandingBy("pg2"),
                        "standing by for 10.0.0.9/24 on eth0: leader key /service/db/leader is"
                                + " \"pg2\" (this host waits for \"pg1\")"),
                info(
                        new StandingBy("pg\n2"),
                        "standing by for 10.0.0.9/24 on eth0: leader key /service/db/leader is"
                                + " \"pg\\n2\" (this host waits for \"pg1\")"),
                info(
                        new NobodyLeads(),
                        "standing by for 10.0.0.9/24 on eth0: leader key /service/db/leader does"
                                + " not exist (this host waits for \"pg1\")"),
                info(
                        new Trigger("/leader", "200"),
                        new NobodyLeads(),
                        "standing by for 10.0.0.9/24 on eth0: leader key /leader does not exist"
                                + " (this host waits for \"200\"): that is a path of Patroni's REST API,"
                                + " and no key of a DCS"),
                info(
                        new LeaderIsOther("pg2"),
                        "released 10.0.0.9/24 on eth0: leader key /service/db/leader is now"
                                + " \"pg2\" (this host waits for \"pg1\")"),
                info(
                        new LeaderKeyGone(),
                        "released 10.0.0.9/24 on eth0: leader key /service/db/leader does not"
                                + " exist any more (this host waits for \"pg1\")"),
                warning(
                        new TrustRanOut(Trust.Basis.LEASE, HEALTHY, CALM),
                        "released 10.0.0.9/24 on eth0: the lease of leader key"
                                + " /service/db/leader is about to end, and another host may lead then;"
                                + " Patroni does not renew it"),
                warning(
                        new TrustRanOut(Trust.Basis.LEASE, SILENCE, CALM),
                        "released 10.0.0.9/24 on eth0: the lease of leader key"
                                + " /service/db/leader is about to end, and another host may lead then; no"
                                + " answer from the DCS for 3.1 s, check it and the way to it"),
                warning(
                        new TrustRanOut(Trust.Basis.LEASE, SILENCE, TROUBLE),
                        "released 10.0.0.9/24 on eth0: the lease of leader key"
                                + " /service/db/leader is about to end, and another host may lead then; the"
                                + " DCS could not be read for 3.1 s: wrong password"),
                warning(
                        new TrustRanOut(Trust.Basis.LEASE, HEALTHY, TROUBLE),
                        "released 10.0.0.9/24 on eth0: the lease of leader key"
                                + " /service/db/leader is about to end, and another host may lead then;"
                                + " Patroni does not renew it"),
                warning(
                        new TrustRanOut(Trust.Basis.UNKNOWN_LEASE, SILENCE, CALM),
                        "released 10.0.0.9/24 on eth0: the DCS did not tell how long the lease"
                                + " of /service/db/leader runs; no answer from the DCS for 3.1 s, check it"
                                + " and the way to it"),
                warning(
                        new TrustRanOut(Trust.Basis.UNKNOWN_LEASE, SILENCE, TROUBLE),
                        "released 10.0.0.9/24 on eth0: the DCS did not tell how long the lease"
                                + " of /service/db/leader runs; the DCS could not be read for 3.1 s: wrong"
                                + " password"),
                warning(
                        new TrustRanOut(Trust.Basis.FAILSAFE, SILENCE, CALM),
                        "released 10.0.0.9/24 on eth0: the local Patroni no longer confirms"
                                + " failsafe mode; no answer from the DCS for 3.1 s, check it and the way"
                                + " to it"),
                warning(
                        new TrustRanOut(Trust.Basis.FAILSAFE, SILENCE, TROUBLE),
                        "released 10.0.0.9/24 on eth0: the local Patroni no longer confirms"
                                + " failsafe mode; the DCS could not be read for 3.1 s: wrong password"),
                warning(
                        new TrustRanOut(Trust.Basis.FAILSAFE_EXPECTED, SILENCE, CALM),
                        "released 10.0.0.9/24 on eth0: the local Patroni no longer confirms that"
                                + " it leads, and is not in failsafe mode; no answer from the DCS for 3.1"
                                + " s, check it and the way to it"),
                warning(
                        new TrustRanOut(Trust.Basis.FAILSAFE_EXPECTED, SILENCE, TROUBLE),
                        "released 10.0.0.9/24 on eth0: the local Patroni no longer confirms that"
                                + " it leads, and is not in failsafe mode; the DCS could not be read for"
                                + " 3.1 s: wrong password"),
                warning(
                        new TrustRanOut(Trust.Basis.POLICY, SILENCE, CALM),
                        "released 10.0.0.9/24 on eth0: the retries are used up, and another host"
                                + " may lead; no answer from the DCS for 3.1 s, check it and the way to it"),
                warning(
                        new TrustRanOut(Trust.Basis.POLICY, SILENCE, TROUBLE),
                        "released 10.0.0.9/24 on eth0: the retries are used up, and another host"
                                + " may lead; the DCS could not be read for 3.1 s: wrong password"),
                warning(
                        new TrustRanOut(Trust.Basis.NONE, SILENCE, CALM),
                        "released 10.0.0.9/24 on eth0: leader key /service/db/leader was written"
                                + " anew with a lease whose time is not known yet"),
                warning(
                        new TrustRanOut(Trust.Basis.NONE, SILENCE, TROUBLE),
                        "released 10.0.0.9/24 on eth0: leader key /service/db/leader was written"
                                + " anew with a lease whose time is not known yet; wrong password"),
                warning(
                        new LifetimeRanOut(),
                        "released 10.0.0.9/24 on eth0: its lifetime in the kernel ended before"
                                + " it was renewed (its key was not confirmed in time, or this process did"
                                + " not run); asking the DCS at once"),
                warning(
                        new FrozenDuringPut(),
                        "released 10.0.0.9/24 on eth0: this process stood still while the"
                                + " address was being added; asking the DCS before it is added again"),
                warning(
                        new KernelTooSlow(SILENCE),
                        "released 10.0.0.9/24 on eth0: the kernel took 3.1 s to add the address"
                                + " (others keep it busy, such as by removing many interfaces); asking the"
                                + " DCS before it is added again"),
                warning(
                        new StoreRestored(),
                        "released 10.0.0.9/24 on eth0: the DCS shows an older revision than"
                                + " before, or another cluster: it seems to be restored from a backup"),
                warning(
                        new PatroniDoesNotLead(503),
                        "released 10.0.0.9/24 on eth0: the DCS is silent, and the local Patroni"
                                + " does not lead (status 503)"),
                warning(
                        new YieldedTo("02:01"),
                        "released 10.0.0.9/24 on eth0: the DCS is silent, and station 02:01"
                                + " claims the address: it is probably the new leader"),
                warning(
                        new AfterTrouble(new YieldedTo("02:01"), "wrong password"),
                        "released 10.0.0.9/24 on eth0: the DCS is silent, and station 02:01"
                                + " claims the address: it is probably the new leader; the trouble with the"
                                + " DCS: wrong password"),
                warning(
                        new AfterTrouble(new PatroniDoesNotLead(503), "wrong password"),
                        "released 10.0.0.9/24 on eth0: the DCS is silent, and the local Patroni"
                                + " does not lead (status 503); the trouble with the DCS: wrong password"),
                warning(
                        new AfterTrouble(new LifetimeRanOut(), "wrong password"),
                        "released 10.0.0.9/24 on eth0: its lifetime in the kernel ended before"
                                + " it was renewed (its key was not confirmed in time, or this process did"
                                + " not run); asking the DCS at once; the trouble with the DCS: wrong"
                                + " password"),
                info(new Stopping(), "released 10.0.0.9/24 on eth0: stopping on request"),
                info(
                        new NoLongerConfigured(),
                        "released 10.0.0.9/24 on eth0: it is no longer in the configuration"),
                info(
                        new GaveUp(new LeaderKeyGone()),
                        "no longer trying to add 10.0.0.9/24 on eth0: leader key"
                                + " /service/db/leader does not exist any more (this host waits for \"pg1\")"),
                warning(
                        new GaveUp(new StoreRestored()),
                        "no longer trying to add 10.0.0.9/24 on eth0: the DCS shows an older"
                                + " revision than before, or another cluster: it seems to be restored from"
                                + " a backup"),
                warning(
                        new GaveUp(new AfterTrouble(new YieldedTo("02:01"), "wrong password")),
                        "no longer trying to add 10.0.0.9/24 on eth0: the DCS is silent, and"
                                + " station 02:01 claims the address: it is probably the new leader; the"
                                + " trouble with the DCS: wrong password"),
                warning(
                        new LeftBehind("no memory"),
                        "10.0.0.9/24 on eth0 could not be removed before this daemon ends; its"
                                + " lifetime in the kernel ends it, unless others put it without one: no memory"),
                info(
                        new StoppingKept(),
                        "stopping on request, 10.0.0.9/24 on eth0 is kept: the kernel removes it"
                                + " at the end of its lifetime unless the next start adopts it"),
                warning(
                        new InDoubt(SILENCE, Duration.ofSeconds(12), CALM),
                        "no answer from the DCS for 3.1 s: 10.0.0.9/24 on eth0 is held for 12.0"
                                + " s more, unless it answers before"),
                warning(
                        new InDoubt(SILENCE, Duration.ofSeconds(12), TROUBLE),
                        "no answer from the DCS for 3.1 s: 10.0.0.9/24 on eth0 is held for 12.0"
                                + " s more, unless it answers before; wrong password"),
                warning(
                        new HeldByPatroni(Trust.Basis.FAILSAFE),
                        "the DCS is silent, but the local Patroni leads in failsafe mode:"
                                + " 10.0.0.9/24 on eth0 stays as long as it says so"),
                warning(
                        new HeldByPatroni(Trust.Basis.FAILSAFE_EXPECTED),
                        "the DCS is silent, but the local Patroni leads, and has failsafe mode"
                                + " for when it finds the DCS lost: 10.0.0.9/24 on eth0 stays as long as it"
                                + " says so"),
                info(
                        new ConfirmedAgain(SILENCE),
                        "the DCS answers again after 3.1 s: this host still leads, 10.0.0.9/24"
                                + " on eth0 stays"),
                warning(
                        new Restored(1),
                        "adding 10.0.0.9/24 on eth0 again: somebody else removed it"),
                warning(
                        new Restored(3),
                        "adding 10.0.0.9/24 on eth0 again: somebody else removed it, 3 times"
                                + " since this was last told"),
                warning(
                        new StrayRemoved(32, 1),
                        "removing 10.0.0.9/32 on eth0: somebody else added it, and this host"
                                + " does not lead"),
                warning(
                        new StrayRemoved(24, 4),
                        "removing 10.0.0.9/24 on eth0: somebody else added it, and this host"
                                + " does not lead, 4 times since this was last told"),
                warning(
                        new LifetimeChanged(FOR_EVER, 1),
                        "putting 10.0.0.9/24 on eth0 again: somebody else let it stay for ever"),
                warning(
                        new LifetimeChanged(LIMITED, 2),
                        "putting 10.0.0.9/24 on eth0 again: somebody else let it stay for 40.0"
                                + " s, 2 times since this was last told"),
                info(
                        new FoundLimited(FOR_EVER, SILENCE),
                        "found 10.0.0.9/24 on eth0 without a lifetime: it stays for 3.1 s until"
                                + " the DCS says who leads"),
                info(
                        new FoundLimited(LIMITED, SILENCE),
                        "found 10.0.0.9/32 on eth0, to stay for 40.0 s: it stays for 3.1 s until"
                                + " the DCS says who leads"),
                info(
                        new FoundWithLifetime(FOR_EVER),
                        "found 10.0.0.9/24 on eth0, left by the daemon before this one or put by"
                                + " others: it stays for ever unless the DCS says who leads before"),
                info(
                        new FoundWithLifetime(LIMITED),
                        "found 10.0.0.9/32 on eth0, left by the daemon before this one or put by"
                                + " others: it stays for 40.0 s unless the DCS says who leads before"),
                warning(
                        new LimitFailed("EPERM"),
                        "10.0.0.9/24 on eth0 was found and could not be given a lifetime, trying"
                                + " again; until then it stays, whoever leads: EPERM"),
                info(
                        new FoundRemoved(LIMITED),
                        "removing 10.0.0.9/32 on eth0, which was there at the start: this host"
                                + " is not known to lead"),
                warning(
                        new PutFailed("EPERM"),
                        "this host leads but 10.0.0.9/24 on eth0 cannot be added, trying again:"
                                + " EPERM"),
                warning(
                        new RemovalFailed("EBUSY"),
                        "10.0.0.9/24 on eth0 cannot be removed, trying again; its lifetime ends"
                                + " it at the latest, unless others put it without one: EBUSY"),
                warning(
                        new LeaseTooShort(SILENCE),
                        "this host leads but 10.0.0.9/24 on eth0 is not added: the lease of"
                                + " /service/db/leader ends in 3.1 s, too soon; Patroni's ttl should be 20"
                                + " s or more"),
                warning(
                        new Defended("02:01", false),
                        "station 02:01 claims 10.0.0.9/24 on eth0, but this host leads:"
                                + " announced again; look for a second holder of the address"),
                warning(
                        new Defended("02:01", true),
                        "station 02:01 keeps claiming 10.0.0.9/24 on eth0, but this host leads:"
                                + " announced again, and the address is not yielded to it while it goes on;"
                                + " look for a second holder of the address"),
                warning(
                        new KnownLiars(List.of("02:01")),
                        "10.0.0.9/24 on eth0 is not yielded to 02:01, which went on claiming it"
                                + " while this host led"),
                warning(
                        new KnownLiars(List.of("02:01", "02:02")),
                        "10.0.0.9/24 on eth0 is not yielded to 02:01, 02:02, which went on"
                                + " claiming it while this host led"),
                info(
                        new InterfaceReady(new LinkChange.Created()),
                        "interface eth0: interface created"),
                info(
                        new InterfaceReady(new LinkChange.RenamedFrom("lan0")),
                        "interface eth0: interface renamed from lan0"),
                info(new InterfaceReady(new LinkChange.SetUp()), "interface eth0: interface up"),
                info(
                        new InterfaceReady(new LinkChange.CarrierReturned()),
                        "interface eth0: carrier returned"),
                info(
                        new InterfaceReady(new LinkChange.Flapped()),
                        "interface eth0: link was lost for a moment"),
                info(
                        new InterfaceReady(
                                new LinkChange.HardwareAddressChanged("02:00:00:00:00:01")),
                        "interface eth0: hardware address changed to 02:00:00:00:00:01"),
                warning(
                        new InterfaceLost(new LinkChange.Deleted()),
                        "interface eth0: interface deleted"),
                warning(
                        new InterfaceLost(new LinkChange.RenamedTo("lan0")),
                        "interface eth0: interface renamed to lan0"),
                warning(
                        new InterfaceLost(new LinkChange.SetDown()),
                        "interface eth0: interface down"),
                warning(
                        new InterfaceLost(new LinkChange.NoCarrier()),
                        "interface eth0: no carrier"));
    }

    private static Told info(Reason reason, String sentence) {
        return new Told(Level.INFO, reason, KEY, sentence);
    }

    private static Told info(Trigger trigger, Reason reason, String sentence) {
        return new Told(Level.INFO, reason, trigger, sentence);
    }

    private static Told warning(Reason reason, String sentence) {
        return new Told(Level.WARNING, reason, KEY, sentence);
    }

    @ParameterizedTest
    @MethodSource("all")
    void sentence_isTheOneThatPeopleSearchFor(Told told) {
        assertThat(sentence(told)).isEqualTo(told.sentence());
        assertThat(level(told.reason())).isEqualTo(told.level());
    }

    @Test
    void noReasonIsLeftOut() {
        Set<Class<?>> told = all().map(Told::reason).map(Reason::getClass).collect(toSet());

        assertThat(records(Reason.class)).isSubsetOf(told);
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses()).flatMap(ReasonTextTest::records);
    }

    private static String sentence(Told told) {
        return new ReasonText(VIP, told.trigger()).of(told.reason());
    }

    private static Level level(Reason reason) {
        return ReasonText.level(reason);
    }
}
