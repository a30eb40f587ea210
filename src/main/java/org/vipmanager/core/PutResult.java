package org.vipmanager.core;

import java.time.Duration;

/** How putting or renewing an address ended. */
public sealed interface PutResult {

    /**
     * The address is there.
     *
     * @param computedAt when its lifetime was computed
     * @param seconds the lifetime that the kernel was given
     * @param acknowledgedAt read from the clock after the kernel's acknowledgement
     * @param created whether the address was not there when the kernel took the put in, as far as
     *     is known: others had removed it, or its lifetime had ended
     * @param kernelTook for how long the kernel had the request; whatever else lies between {@code
     *     computedAt} and {@code acknowledgedAt} is this process's
     */
    record Done(
            Moment computedAt,
            int seconds,
            Moment acknowledgedAt,
            boolean created,
            Duration kernelTook)
            implements PutResult {

        /** For how long this process kept it: it stood still, or waited for a processor. */
        Duration processTook() {
            return computedAt.until(acknowledgedAt).minus(kernelTook);
        }
    }

    /**
     * Nothing was sent: no whole second was left, or it was decided too long ago.
     *
     * @param kernelTook for how long the kernel had what was to be asked before
     */
    record TooLate(Duration kernelTook) implements PutResult {}

    /**
     * It failed and may be tried again.
     *
     * @param trouble one sentence: the request, the interface, the errno's name and text
     */
    record Failed(String trouble) implements PutResult {}
}
