package org.vipmanager.lab;

import java.lang.management.ManagementFactory;

/** The machine that plays the hosts, and has other things to do at times. */
final class Machine {

    private static final double CALM = 2;

    private Machine() {}

    /** Whether few processes waited for each of its processors within the last minute. */
    static boolean isCalm() {
        return load() <= CALM * Runtime.getRuntime().availableProcessors();
    }

    /** How many processes ran or waited to run, as {@code uptime} has it. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
