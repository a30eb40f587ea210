package org.vipmanager.lab;

import java.util.List;

/** A provider that routes the address of a lab to one of its hosts. */
interface ProviderStandIn extends AutoCloseable {

    /**
     * What was asked, and when.
     *
     * @param server that is to get the address, of a request that changes something
     */
    record Request(String method, String server, int status, long atNanos) {}

    /** The server that it is routed to, by the name that the daemons use. */
    String active();

    /** Whether a switch is under way. */
    boolean isSwitching();

    /** Answers everything with 503, or no longer. */
    void down(boolean isDown);

    /** All so far. */
    List<Request> requests();

    default long count(String method) {
        return requests().stream().filter(one -> one.method().equals(method)).count();
    }

    @Override
    void close();
}
