package org.vipmanager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vipmanager.core.MachineUnderTest.OTHER;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

/** A stop of a daemon that holds nothing. */
final class StopTest {

    private static final Action REMOVE = new Action.Remove();
    private final MachineUnderTest follower = new MachineUnderTest();

    @BeforeEach
    void follow() {
        follower.read(OTHER, 1, 0);
    }

    /** The news may still be on its way that others have put it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void removesWhatOthersMayHavePut(boolean keep) {
        assertThat(follower.next(new Event.StopRequested(keep), 1000).actions())
                .containsExactly(REMOVE);
    }

    /** It stayed for ever: its removal was put off while somebody put it again and again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void removesWhatWasPutOff(boolean keep) {
        for (int i = 0; i <= 30; i++) {
            follower.next(
                    new Event.AddressAppeared(new FoundAddress(Optional.empty(), 24)), 1000 + i);
        }
        assertThat(follower.next(new Event.StopRequested(keep), 1031).actions())
                .containsExactly(REMOVE);
    }

    @Test
    void removesWhatCouldNotBeRemoved_andTellsThatItStays() {
        follower.next(new Event.RemoveFailed("busy"), 100);
        assertThat(follower.next(new Event.Unconfigured(), 110).actions()).containsExactly(REMOVE);
        assertThat(follower.next(new Event.RemoveFailed("busy"), 110).actions())
                .containsExactly(REMOVE);
        assertThat(follower.next(new Event.RemoveFailed("busy"), 110).reasons())
                .containsExactly(new Reason.LeftBehind("busy"));
    }

    /** No longer configured, and left behind: the end of the daemon is another chance. */
    @Test
    void whatAReloadLeftBehind_isRemovedAtTheStop() {
        removesWhatCouldNotBeRemoved_andTellsThatItStays();
        assertThat(follower.next(new Event.StopRequested(false), 900).actions())
                .containsExactly(REMOVE);
        assertThat(follower.state().phase()).isEqualTo(VipState.Phase.Stopped.CLEAN);
        assertThat(follower.next(new Event.StopRequested(false), 901).actions()).isEmpty();
    }
}
