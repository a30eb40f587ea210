package org.vipmanager.provider;

import java.util.HashMap;
import java.util.Map;

/**
 * How often each provider was asked, by what came of it, since the start. Safe for use by any
 * thread.
 */
public final class RequestCounts {

    /** Whatever is answered: no more kinds than this are told apart. */
    private static final int MOST_KINDS = 100;

    /** Where nothing was answered, or a program did not end by itself. */
    public static final String NO_ANSWER = "none";

    private static final String OTHER = "other";

    /**
     * What is counted together.
     *
     * @param provider as {@code manager-type} names it
     * @param code the status of an answer over HTTP, or the exit code of a program
     */
    public record Kind(String provider, String code) {}

    private final Map<Kind, Long> counts = new HashMap<>();

    /** One more of that kind. */
    public synchronized void count(String provider, String code) {
        Kind kind = new Kind(provider, code);
        boolean isTold = counts.containsKey(kind) || counts.size() < MOST_KINDS;
        counts.merge(isTold ? kind : new Kind(provider, OTHER), 1L, Long::sum);
    }

    /** All of them. */
    public synchronized Map<Kind, Long> all() {
        return Map.copyOf(counts);
    }
}
