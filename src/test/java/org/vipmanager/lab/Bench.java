package org.vipmanager.lab;

import java.io.IOException;

/**
 * Our program and the Go program that it replaces, side by side in one run: each has its own hosts,
 * DCS and client, and they take turns, so that whatever else the machine does troubles both. Each
 * part writes its section of a page in {@code docs}.
 */
public final class Bench {

    private Bench() {}

    /** Measures all parts, for about half an hour, or those that are asked for. */
    public static void main(String[] given) throws InterruptedException, IOException {
        System.setProperty("java.awt.headless", "true");
        BenchArguments arguments;
        try {
            arguments = new BenchArguments(given);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        for (String part : arguments.parts()) {
            measure(part, arguments);
        }
        System.exit(0);
    }

    private static void measure(String part, BenchArguments arguments)
            throws InterruptedException, IOException {
        switch (part) {
            case "keepalived" -> BenchKeepalived.measure(arguments);
            case "followers" -> BenchFollowers.measure(arguments);
            case "faults" -> BenchFaults.measure(arguments);
            case "addresses" -> BenchAddresses.measure(arguments);
            default -> {
                for (BenchFailovers failovers : BenchFailovers.ALL) {
                    if (failovers.part().equals(part)) {
                        failovers.measure(arguments);
                    }
                }
            }
        }
    }
}
