package org.vipmanager.control;

import org.vipmanager.core.PatroniAnswer;

import java.util.concurrent.CompletionStage;

/**
 * Asks the local Patroni when the DCS is silent. Called on the {@link Loop}; the stage completes
 * there, always, within the deadline.
 */
public interface PatroniProbe extends AutoCloseable {

    CompletionStage<PatroniAnswer> ask();

    @Override
    void close();
}
