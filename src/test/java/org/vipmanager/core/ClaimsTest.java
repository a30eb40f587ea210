package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.at;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Who is remembered to have claimed the address, and what of it counts. */
final class ClaimsTest {

    private static final Duration SPACING = Duration.ofMillis(200);
    private static final Duration DOUBT_AFTER = Duration.ofSeconds(3);
    private static final HardwareAddress MORE = new HardwareAddress(99);

    private static Claims ofSixteen() {
        Claims claims = Claims.NONE;
        for (int i = 0; i < 16; i++) {
            claims =
                    claims.with(new Claim(new HardwareAddress(1 + i), at(1000 + i)), true, SPACING);
        }
        return claims;
    }

    @Test
    void oneMore_takesThePlaceOfOneWhoseClaimsWereJudged() {
        Claims judged = ofSixteen().judgedBy(at(2000), DOUBT_AFTER);
        Claims claims = judged.with(new Claim(MORE, at(3000)), true, SPACING);
        assertThat(claims.find(MORE)).isPresent();
        assertThat(claims.claimants()).hasSize(16);
        assertThat(claims.find(new HardwareAddress(1))).as("the one heard longest ago").isEmpty();
    }

    @Test
    void oneMore_isOneOfTheCrowd_whereEachHasAClaimThatCounts() {
        Claims claims = ofSixteen().with(new Claim(MORE, at(3000)), true, SPACING);
        assertThat(claims.find(MORE)).isEmpty();
        assertThat(claims.newest().address()).isEqualTo(MORE);
    }

    @Test
    void oneMore_isOneOfTheCrowd_whereEachIsAKnownLiar() {
        Claims liars = ofSixteen().judgedBy(at(2000), DOUBT_AFTER);
        for (int i = 0; i < 16; i++) {
            liars = liars.with(new Claim(new HardwareAddress(1 + i), at(7000 + i)), true, SPACING);
        }
        liars = liars.judgedBy(at(8000), DOUBT_AFTER);
        assertThat(liars.liarsAt(at(8000))).hasSize(16);
        assertThat(liars.with(new Claim(MORE, at(9000)), true, SPACING).find(MORE)).isEmpty();
    }

    /** The read that judges the first claim says nothing of the one after it. */
    @Test
    void claimAfterTheReadWasSent_isJudgedByTheNext() {
        Claimant claimant =
                Claimant.of(MORE)
                        .heard(at(1000), true, SPACING)
                        .heard(at(3000), true, SPACING)
                        .judgedBy(at(2000), DOUBT_AFTER);
        assertThat(claimant.refutedSince()).isEqualTo(at(1000));
        assertThat(claimant.unjudgedAt()).isEqualTo(at(3000));
        Claimant later = claimant.heard(at(9000), true, SPACING).judgedBy(at(5500), DOUBT_AFTER);
        assertThat(later.liesAt(at(9000))).as("the claim at 9 s is not judged").isFalse();
        assertThat(later.unjudgedAt()).isEqualTo(at(9000));
        assertThat(later.judgedBy(at(9500), DOUBT_AFTER).liesAt(at(9500))).isTrue();
    }

    @Test
    void claims_countOnce_withinTheSpacing() {
        Claimant once = Claimant.of(MORE).heard(at(1000), true, SPACING);
        assertThat(once.heard(at(1199), true, SPACING).counted()).isEqualTo(1);
        assertThat(once.heard(at(1200), true, SPACING).counted()).isEqualTo(2);
    }
}
