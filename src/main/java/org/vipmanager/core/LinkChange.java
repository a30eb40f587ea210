package org.vipmanager.core;

/** What happened to the interface that bears the name which an address is configured with. */
public sealed interface LinkChange {

    /** It can carry the address from now on. */
    sealed interface Ready extends LinkChange {}

    /** It cannot carry the address any more. */
    sealed interface Lost extends LinkChange {}

    /** There was none. */
    record Created() implements Ready {}

    /** It has got the name by being renamed, and was called otherwise before. */
    record RenamedFrom(String name) implements Ready {}

    /** It was set up, and has a carrier. */
    record SetUp() implements Ready {}

    /** It was up all the time. */
    record CarrierReturned() implements Ready {}

    /** It could not carry the address for a moment, and can again. */
    record Flapped() implements Ready {}

    /** Neighbours know the address at another one; it is given as {@code ip link} prints it. */
    record HardwareAddressChanged(String hardwareAddress) implements Ready {}

    /** There is none any more. */
    record Deleted() implements Lost {}

    /** It is called otherwise now. */
    record RenamedTo(String name) implements Lost {}

    /** It was set down. */
    record SetDown() implements Lost {}

    /** It is up still. */
    record NoCarrier() implements Lost {}
}
