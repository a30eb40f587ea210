package org.vipmanager.check;

import java.util.Optional;

/**
 * What was found of one item.
 *
 * @param found a sentence without a full stop
 * @param remedy what to do about it; empty where there is nothing to be done
 */
public record Finding(Sign sign, Item item, String found, Optional<String> remedy) {

    static Finding good(Item item, String found) {
        return new Finding(Sign.GOOD, item, found, Optional.empty());
    }

    static Finding unseen(Item item, String found, String remedy) {
        return new Finding(Sign.UNSEEN, item, found, Optional.of(remedy));
    }

    static Finding warning(Item item, String found, String remedy) {
        return new Finding(Sign.WARNING, item, found, Optional.of(remedy));
    }

    static Finding error(Item item, String found, String remedy) {
        return new Finding(Sign.ERROR, item, found, Optional.of(remedy));
    }
}
