package org.vipmanager.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.provider.Call;
import org.vipmanager.provider.RouteReason;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** What is said at 3 a.m. about an address that a provider routes. */
final class RouteTextTest {

    private static final VirtualIp VIP =
            new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 32, "eth0");

    private static final Trigger TRIGGER = new Trigger("/service/db/leader", "pg1");

    @Test
    void sentences() throws IOException {
        says(
                new RouteReason.Looking("pg1"),
                Level.INFO,
                "leader key /service/db/leader is \"pg1\": this host leads; looking where 10.0.0.9 is routed");
        says(
                new RouteReason.Acquiring("pg1"),
                Level.INFO,
                "leader key /service/db/leader is \"pg1\": this host leads; asking the provider to route 10.0.0.9 here");
        says(
                new RouteReason.StandingBy(Optional.empty()),
                Level.INFO,
                "10.0.0.9: standing by, leader key /service/db/leader does not exist (this host waits for \"pg1\")");
        says(
                new RouteReason.LeadsNoLonger(Optional.of("pg2"), true),
                Level.INFO,
                "10.0.0.9 is left to the next leader: leader key /service/db/leader is \"pg2\" (this host waits"
                        + " for \"pg1\"); the provider is still busy with what it was asked before");
        says(
                new RouteReason.SwitchUnderWay("locked\nby others", Duration.ofSeconds(60)),
                Level.INFO,
                "10.0.0.9 is being switched (locked by others): looking until it has happened, for 60.0 s at most");
        says(
                new RouteReason.RoutedHere(Duration.ofMillis(45_040)),
                Level.INFO,
                "10.0.0.9 is routed to this host (after 45.0 s)");
        says(
                new RouteReason.Drifted("10.1.1.2"),
                Level.WARNING,
                "10.0.0.9 was routed here and is now routed to 10.1.1.2, but this host leads: asking for it"
                        + " again; look who else changes it");
        says(
                new RouteReason.AcquireFailed("wrong password", Duration.ofMinutes(10), true),
                Level.ERROR,
                "this host leads but 10.0.0.9 cannot be routed here, trying again in 600.0 s, but somebody has"
                        + " to mend it: wrong password");
        says(
                new RouteReason.CheckFailed("no answer", Duration.ofSeconds(5), false),
                Level.WARNING,
                "cannot look whether 10.0.0.9 is still routed as it was, trying again in 5.0 s: no answer");
        says(
                new RouteReason.CheckedAgain(),
                Level.INFO,
                "the provider answers again: 10.0.0.9 is routed to this host");
        says(
                new RouteReason.SwitchTimedOut("10.1.1.2", Duration.ofSeconds(180)),
                Level.WARNING,
                "10.0.0.9 was not routed here within 180.0 s (10.1.1.2): asking again");
        says(
                new RouteReason.BudgetUsedUp(Call.Kind.ACQUIRE, 50, Duration.ofSeconds(90)),
                Level.WARNING,
                "10.0.0.9: the 50 requests of an hour that change it are used up, waiting for 90.0 s");
        says(
                new RouteReason.EndedTooLate("routed here"),
                Level.WARNING,
                "10.0.0.9: what the provider was asked before this host ceased to lead has ended only now"
                        + " (routed here); the leader takes the address back");
        says(
                new RouteReason.Stopped(true),
                Level.INFO,
                "10.0.0.9 stays routed to this host until the next leader takes it");
        says(new RouteReason.Stopped(false), Level.INFO, "10.0.0.9 is not looked after any more");
        says(
                new RouteReason.Released(),
                Level.INFO,
                "10.0.0.9: the provider was told that this host does not need it any more");
        says(
                new RouteReason.ReleaseFailed("exit code 1"),
                Level.WARNING,
                "10.0.0.9: the provider could not be told that this host does not need it any more; the next"
                        + " leader takes it: exit code 1");
    }

    private static void says(RouteReason reason, Level level, String sentence) throws IOException {
        assertThat(new RouteText(VIP, TRIGGER).of(reason)).isEqualTo(sentence);
        assertThat(RouteText.level(reason)).isEqualTo(level);
        assertThat(level == Level.INFO || TroubleshootingTest.isExplained(sentence))
                .as("docs/troubleshooting.md has a row for: %s", sentence)
                .isTrue();
    }
}
