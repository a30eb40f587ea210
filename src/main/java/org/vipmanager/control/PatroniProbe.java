package org.vipmanager.control;

import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniMember;

import java.util.concurrent.CompletionStage;

/**
 * Asks the local Patroni when the DCS is silent. Called on the {@link Loop}; the stage completes
 * there, always, within the deadline.
 */
public interface PatroniProbe extends AutoCloseable {

    /**
     * What a Patroni says, and who says it.
     *
     * @param member who; unknown when it did not answer
     */
    record Reply(PatroniMember member, PatroniAnswer answer) {}

    CompletionStage<Reply> ask();

    @Override
    void close();
}
