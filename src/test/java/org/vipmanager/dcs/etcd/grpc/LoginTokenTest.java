package org.vipmanager.dcs.etcd.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Optional;

final class LoginTokenTest {

    private final GrpcLogin.Token token = new GrpcLogin.Token();

    @Test
    void slowLogin_doublesThePatienceUntilOneSucceeds() {
        for (int seconds : new int[] {2, 4, 8, 16, 16}) {
            assertThat(token.patience()).hasSeconds(seconds);
            token.tookTooLong();
        }
        token.obtained("a");

        assertThat(token.patience()).hasSeconds(2);
    }

    @Test
    void refusedToken_isForgotten() {
        token.obtained("a");
        token.forget(Optional.of("a"));

        assertThat(token.value()).isEmpty();
    }

    /** A call that was sent with the one before may fail late. */
    @Test
    void newerToken_staysWhenAnOlderOneIsRefused() {
        token.obtained("a");
        token.obtained("b");
        token.forget(Optional.of("a"));
        token.forget(Optional.empty());

        assertThat(token.value()).contains("b");
    }
}
