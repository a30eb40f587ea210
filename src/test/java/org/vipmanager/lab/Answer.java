package org.vipmanager.lab;

/**
 * One answer that the client got through the address.
 *
 * @param askedAtNanos when the question was sent, on the clock of {@link System#nanoTime}
 * @param receivedAtNanos when the answer arrived
 * @param host who answered
 */
record Answer(long askedAtNanos, long receivedAtNanos, String host) {}
