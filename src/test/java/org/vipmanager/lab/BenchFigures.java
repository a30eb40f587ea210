package org.vipmanager.lab;

/** What was measured of one program. */
final class BenchFigures {

    /** From the write of the key to the address, of a daemon that had never taken over before. */
    final Samples first = new Samples();

    /** The same of one that had. */
    final Samples address = new Samples();

    /** The client's longest time without an answer. */
    final Samples outage = new Samples();

    /** From the start of the process to the address. */
    final Samples start = new Samples();
}
