package org.vipmanager.core;

/** How putting or renewing an address ended. */
public sealed interface PutResult {

    /**
     * The address is there.
     *
     * @param computedAt when its lifetime was computed
     * @param seconds the lifetime that the kernel was given
     * @param acknowledgedAt read from the clock after the kernel's acknowledgement
     */
    record Done(Moment computedAt, int seconds, Moment acknowledgedAt) implements PutResult {}

    /** Nothing was sent: no whole second was left. */
    record TooLate() implements PutResult {}

    /**
     * It failed and may be tried again.
     *
     * @param trouble one sentence: the request, the interface, the errno's name and text
     */
    record Failed(String trouble) implements PutResult {}
}
