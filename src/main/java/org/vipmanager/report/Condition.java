package org.vipmanager.report;

import org.vipmanager.core.VipState;
import org.vipmanager.core.VipState.Phase;

/** What becomes of an address, in one or two words. */
public enum Condition {
    /** The DCS has not answered since the start. */
    WAITING("waiting"),
    /** Another host leads, or none, or nothing is certain. */
    STANDING_BY("standby"),
    /** This host leads, and the address is here. */
    HOLDING("holding"),
    /** The same, and the DCS is silent. */
    IN_DOUBT("in doubt"),
    /** This host leads, and the address is not on the interface. */
    NOT_THERE("not there"),
    STOPPED("stopped");

    private final String words;

    Condition(String words) {
        this.words = words;
    }

    public static Condition of(VipState state) {
        return switch (state.phase()) {
            case Phase.Unseen _ -> WAITING;
            case Phase.Standby _ -> STANDING_BY;
            case Phase.Stopped _ -> STOPPED;
            case Phase.Holding holding when !holding.isPlaced() -> NOT_THERE;
            case Phase.Holding _ -> state.leadership().contact().isTold() ? IN_DOUBT : HOLDING;
        };
    }

    /** For people and programs: {@code in doubt}. */
    @Override
    public String toString() {
        return words;
    }
}
