package org.vipmanager.simulation;

import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param violations the promises that were broken, the first one first
 * @param story empty unless it was asked for
 */
record Outcome(long seed, List<Violation> violations, List<String> story) {

    Optional<Violation> violation() {
        return violations.stream().findFirst();
    }
}
