package org.vipmanager.lab;

/**
 * One notification of a host's kernel about an address.
 *
 * @param atNanos when it was read, on the clock of {@link System#nanoTime}
 * @param host the host's name
 * @param address the address with its prefix length, as {@code ip address} prints it
 * @param present whether it is there now; a renewal of its lifetime says so again
 * @param validSeconds the lifetime that the kernel will end it after; 4294967295 is for ever
 */
record AddressEvent(long atNanos, String host, String address, boolean present, long validSeconds) {

    static final long FOREVER = 0xffff_ffffL;

    String withoutPrefix() {
        return address.substring(0, address.indexOf('/'));
    }

    boolean isPermanent() {
        return validSeconds == FOREVER;
    }
}
