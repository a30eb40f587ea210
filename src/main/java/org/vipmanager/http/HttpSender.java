package org.vipmanager.http;

import java.util.function.Consumer;

/**
 * Sends HTTP requests without blocking. Methods are called on the {@link
 * org.vipmanager.control.Loop}.
 */
public interface HttpSender extends AutoCloseable {

    /**
     * Sends a request.
     *
     * @param receiver gets the outcome on the loop, exactly once and within the deadline, after
     *     this method has returned; never once the call is cancelled
     */
    HttpCall send(HttpQuestion question, Consumer<HttpOutcome> receiver);

    /** Ends every exchange at once; no outcome is delivered any more. */
    @Override
    void close();
}
