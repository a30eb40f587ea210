package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every reason is a sentence that names what it is about, and says whether it is a warning. */
final class ReasonTest {

    private static final Duration SILENCE = Duration.ofMillis(3149);
    private static final FoundAddress FOR_EVER = new FoundAddress(Optional.empty(), 24);
    private static final FoundAddress LIMITED =
            new FoundAddress(Optional.of(Duration.ofSeconds(40)), 32);

    static Stream<Arguments> reasons() {
        return Stream.of(
                Arguments.of(new Reason.TookOver("pg1"), false, "taking over 10.0.0.9/24"),
                Arguments.of(new Reason.StandingBy("pg2"), false, "\"pg2\""),
                Arguments.of(new Reason.NobodyLeads(), false, "/leader does not exist"),
                Arguments.of(new Reason.LeaderIsOther("pg2"), false, "is now \"pg2\""),
                Arguments.of(new Reason.LeaderKeyGone(), false, "does not exist any more"),
                ranOut(Trust.Basis.LEASE, "3.1 s"),
                ranOut(Trust.Basis.UNKNOWN_LEASE, "lease"),
                ranOut(Trust.Basis.POLICY, "retries are used up"),
                ranOut(Trust.Basis.FAILSAFE, "failsafe mode"),
                ranOut(Trust.Basis.FAILSAFE_EXPECTED, "not in failsafe mode"),
                ranOut(Trust.Basis.NONE, "lease"),
                Arguments.of(
                        new Reason.TrustRanOut(
                                Trust.Basis.POLICY, SILENCE, Optional.of("wrong password")),
                        true,
                        "the DCS could not be read for 3.1 s: wrong password"),
                Arguments.of(
                        new Reason.AfterTrouble(new Reason.YieldedTo("02:01"), "wrong password"),
                        true,
                        "02:01 claims the address: it is probably the new leader; the trouble with"
                                + " the DCS: wrong password"),
                Arguments.of(
                        new Reason.InDoubt(SILENCE, SILENCE, Optional.of("wrong password")),
                        true,
                        "unless it answers before; wrong password"),
                Arguments.of(new Reason.LifetimeRanOut(), true, "lifetime in the kernel"),
                Arguments.of(new Reason.FrozenDuringPut(), true, "stood still"),
                Arguments.of(new Reason.StoreRestored(), true, "backup"),
                Arguments.of(new Reason.PatroniDoesNotLead(503), true, "status 503"),
                Arguments.of(new Reason.YieldedTo("02:01"), true, "02:01"),
                Arguments.of(new Reason.Stopping(), false, "stopping"),
                Arguments.of(new Reason.StoppingKept(), false, "kept"),
                Arguments.of(new Reason.InDoubt(SILENCE, Duration.ofSeconds(12)), true, "12.0 s"),
                Arguments.of(new Reason.ConfirmedAgain(SILENCE), false, "after 3.1 s"),
                Arguments.of(
                        new Reason.HeldByPatroni(Trust.Basis.FAILSAFE), true, "in failsafe mode"),
                Arguments.of(
                        new Reason.HeldByPatroni(Trust.Basis.FAILSAFE_EXPECTED), true, "failsafe"),
                Arguments.of(new Reason.Restored(1), true, "removed it"),
                Arguments.of(new Reason.Restored(3), true, "3 times"),
                Arguments.of(new Reason.StrayRemoved(32, 1), true, "removing 10.0.0.9/32"),
                Arguments.of(new Reason.StrayRemoved(24, 4), true, "4 times"),
                Arguments.of(new Reason.NoLongerConfigured(), false, "no longer in the config"),
                Arguments.of(new Reason.LeftBehind("no memory"), true, "no memory"),
                Arguments.of(
                        new Reason.GaveUp(new Reason.LeaderKeyGone()), false, "no longer trying"),
                Arguments.of(new Reason.GaveUp(new Reason.StoreRestored()), true, "backup"),
                Arguments.of(
                        new Reason.FoundLimited(FOR_EVER, SILENCE), false, "without a lifetime"),
                Arguments.of(new Reason.FoundLimited(LIMITED, SILENCE), false, "for 40.0 s:"),
                Arguments.of(
                        new Reason.FoundWithLifetime(LIMITED),
                        false,
                        "10.0.0.9/32 on eth0, left by the daemon before this one or put by others:"
                                + " it stays for 40.0 s"),
                Arguments.of(new Reason.FoundRemoved(LIMITED), false, "removing 10.0.0.9/32"),
                Arguments.of(new Reason.LimitFailed("EPERM"), true, "EPERM"),
                Arguments.of(new Reason.LifetimeChanged(FOR_EVER, 1), true, "for ever"),
                Arguments.of(new Reason.LifetimeChanged(LIMITED, 2), true, "2 times"),
                Arguments.of(new Reason.KernelTooSlow(SILENCE), true, "the kernel took 3.1 s"),
                Arguments.of(new Reason.PutFailed("EPERM"), true, "EPERM"),
                Arguments.of(new Reason.RemovalFailed("EBUSY"), true, "EBUSY"),
                Arguments.of(new Reason.LeaseTooShort(SILENCE), true, "3.1 s"),
                Arguments.of(new Reason.Defended("02:01", false), true, "02:01 claims"),
                Arguments.of(new Reason.Defended("02:01", true), true, "not yielded"),
                Arguments.of(
                        new Reason.KnownLiars(List.of("02:01", "02:02")), true, "02:01, 02:02"),
                Arguments.of(new Reason.InterfaceReady("carrier"), false, "eth0: carrier"),
                Arguments.of(new Reason.InterfaceLost("no carrier"), true, "eth0: no carrier"));
    }

    private static Arguments ranOut(Trust.Basis basis, String words) {
        return Arguments.of(new Reason.TrustRanOut(basis, SILENCE), true, words);
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void sentence_saysWhatHappened(Reason reason, boolean warning, String words) {
        assertThat(reason.sentence(MachineUnderTest.VIP, MachineUnderTest.TRIGGER)).contains(words);
        assertThat(reason.isWarning()).isEqualTo(warning);
        if (reason instanceof Reason.Release release) {
            assertThat(reason.sentence(MachineUnderTest.VIP, MachineUnderTest.TRIGGER))
                    .isEqualTo(
                            "released 10.0.0.9/24 on eth0: "
                                    + release.because(MachineUnderTest.TRIGGER));
        }
    }
}
