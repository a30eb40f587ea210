package org.vipmanager.config;

import java.util.List;

/** What loading the configuration came to. */
public sealed interface LoadOutcome {

    /** What is odd and yet can work; one sentence each. */
    List<String> warnings();

    /**
     * It can be used.
     *
     * @param effective every setting that is in use, in the order of the table, then the addresses
     * @param interfaces the interface of each address that is put on one
     */
    record Loaded(
            Config config,
            List<Effective> effective,
            List<Effective> interfaces,
            List<String> warnings)
            implements LoadOutcome {}

    /** It cannot: all mistakes there are, at least one. */
    record Refused(List<Mistake> mistakes, List<String> warnings) implements LoadOutcome {}
}
