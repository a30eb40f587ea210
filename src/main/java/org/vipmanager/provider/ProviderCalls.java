package org.vipmanager.provider;

import java.util.function.Consumer;

/** Has a provider called without waiting for it. */
public interface ProviderCalls {

    /**
     * Begins a call, as soon as one of the same address that runs has ended; called on the loop.
     *
     * @param receiver gets the answer on the loop, exactly once, after this method has returned
     */
    void begin(Call call, Consumer<Answer> receiver);
}
