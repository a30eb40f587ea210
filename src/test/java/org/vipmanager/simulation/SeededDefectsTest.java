package org.vipmanager.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vipmanager.control.AddressTable;
import org.vipmanager.control.ClaimSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Claim;
import org.vipmanager.dcs.etcd.EtcdCalls;

import java.util.Locale;
import java.util.Optional;

/** The simulator finds designs that are wrong on purpose. */
final class SeededDefectsTest {

    private static final long MOST_SEEDS = 400_000;
    private static final long SEEDS_WITHOUT = 2_000;

    @ParameterizedTest
    @EnumSource(Defect.class)
    void isFound(Defect defect) throws InterruptedException {
        Optional<Outcome> found = new Campaign(defect, defect::leadsTo, 0, MOST_SEEDS).run();

        assertThat(found).as("a seed below %d that breaks its promise", MOST_SEEDS).isPresent();
        System.out.printf(
                Locale.ROOT,
                "%-26s found after %6d seeds: %s%n",
                defect,
                found.get().seed() + 1,
                found.get().violations().stream().filter(defect::leadsTo).findFirst().get());
    }

    /** It is what they forge that is found, not that they forge. */
    @Test
    void partsThatForgeNothing_breakNothing() throws InterruptedException {
        Design nothingForged =
                new Design() {
                    @Override
                    public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
                        return new ForgingNothing(loop, calls, addresses);
                    }
                };
        assertThat(new Campaign(nothingForged, 0, SEEDS_WITHOUT).run()).isEmpty();
    }

    private static final class ForgingNothing extends ForgingParts {

        ForgingNothing(Loop loop, EtcdCalls calls, AddressTable addresses) {
            super(loop, calls, new ForwardingTable(addresses) {});
        }

        @Override
        ClaimSource claims(ClaimSource claims) {
            return new ForwardingClaims(claims) {
                @Override
                boolean passes(Claim claim) {
                    return true;
                }
            };
        }
    }
}
