package org.vipmanager.simulation;

import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param violation the first promise that was broken
 * @param story empty unless it was asked for
 */
record Outcome(long seed, Optional<Violation> violation, List<String> story) {}
