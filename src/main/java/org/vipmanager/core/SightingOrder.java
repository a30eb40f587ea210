package org.vipmanager.core;

import java.util.Optional;

/**
 * Puts sightings in the order of the store rather than of their arrival.
 *
 * @param greatest the greatest revision acted on, and when it arrived first
 */
public record SightingOrder(Optional<Greatest> greatest) {

    /** A revision, and when it arrived first. */
    public record Greatest(Revision revision, Moment receivedAt) {}

    /** What is to be done with a sighting. */
    public enum Verdict {
        /** Newer than what is known, or a read that confirms it. */
        ACT,
        /** Overtaken on its way. */
        DROP,
        /** The store has gone back in time: it was restored from a backup, or is another one. */
        STORE_RESTORED
    }

    /** Before the first. */
    public static final SightingOrder EMPTY = new SightingOrder(Optional.empty());

    /** Whether it is newer than what is known. */
    public Verdict judge(Sighting sighting) {
        if (greatest.isEmpty()) {
            return Verdict.ACT;
        }
        Greatest known = greatest.get();
        Revision revision = sighting.revision();
        boolean sameStore = revision.cluster() == known.revision().cluster();
        long ahead = revision.number() - known.revision().number();
        return switch (sighting.origin()) {
            case EVENT -> sameStore && ahead > 0 ? Verdict.ACT : Verdict.DROP;
            case READ -> {
                if (sameStore && ahead >= 0) {
                    yield Verdict.ACT;
                }
                // A linearizable read cannot show less than what was known before it was sent.
                yield sighting.asOf().isAfter(known.receivedAt())
                        ? Verdict.STORE_RESTORED
                        : Verdict.DROP;
            }
        };
    }

    /** After it was acted on. */
    public SightingOrder with(Sighting sighting) {
        boolean known =
                greatest.isPresent() && greatest.get().revision().equals(sighting.revision());
        return known
                ? this
                : new SightingOrder(
                        Optional.of(new Greatest(sighting.revision(), sighting.receivedAt())));
    }
}
