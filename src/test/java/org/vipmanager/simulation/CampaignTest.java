package org.vipmanager.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.control.AddressTable;
import org.vipmanager.control.Loop;
import org.vipmanager.core.KernelLifetime;
import org.vipmanager.dcs.etcd.EtcdCalls;

import java.util.Optional;

final class CampaignTest {

    /** A daemon that throws what nobody expects must not pass for one that keeps its promises. */
    @Test
    void run_whenTheDaemonEndsByADefect() throws InterruptedException {
        Optional<Outcome> failure = new Campaign(new Throwing(), 0, 10).run();

        assertThat(failure).isPresent();
        assertThat(failure.get().violation())
                .hasValueSatisfying(
                        violation -> {
                            assertThat(violation.invariant()).isEqualTo('x');
                            assertThat(violation.what()).contains("simulated defect");
                        });
        assertThat(failure.get().story()).isNotEmpty();
    }

    private static final class Throwing implements Design {
        @Override
        public Parts parts(Loop loop, EtcdCalls calls, AddressTable addresses) {
            return new Parts(
                    loop,
                    calls,
                    new ForwardingTable(addresses) {
                        @Override
                        KernelLifetime asked(KernelLifetime lifetime) {
                            throw new IllegalStateException("simulated defect");
                        }
                    });
        }
    }
}
