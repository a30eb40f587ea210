package org.vipmanager.http;

/** An exchange that is under way. */
public interface HttpCall {

    /**
     * Ends the exchange and its connection; its outcome is not delivered any more. Harmless when it
     * is over. Called on the loop.
     */
    void cancel();
}
