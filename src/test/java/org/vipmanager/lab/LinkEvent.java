package org.vipmanager.lab;

/**
 * One notification of a host's kernel about an interface.
 *
 * @param atNanos when it was read, on the clock of {@link System#nanoTime}
 * @param ready whether it is there, up, and has carrier
 */
record LinkEvent(long atNanos, String name, boolean ready) {}
