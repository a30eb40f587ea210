package org.vipmanager.check;

import org.vipmanager.config.Similarity;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Names of members and hosts that are the same for people, and not for a comparison. */
final class Names {

    /** That may be wrong in a name that is still the one that is meant. */
    private static final int MOST_LETTERS = 2;

    private Names() {}

    /** The same but for case, or for the domain behind a host's name. */
    static boolean areAlike(String one, String other) {
        return !one.equals(other) && plain(one).equals(plain(other));
    }

    /** In what they differ, for two that are alike. */
    static String difference(String one, String other) {
        return one.equalsIgnoreCase(other)
                ? "they differ in upper and lower case"
                : "one of them has a domain";
    }

    /** The name that is probably meant; empty where none is near, or two are as near. */
    static Optional<String> nearest(String name, Collection<String> among) {
        Optional<String> alike = among.stream().filter(one -> areAlike(name, one)).findFirst();
        if (alike.isPresent()) {
            return alike;
        }
        int least = MOST_LETTERS + 1;
        Optional<String> nearest = Optional.empty();
        for (String other : among) {
            int distance = distance(name, other);
            if (distance < least && distance > 0) {
                least = distance;
                nearest = Optional.of(other);
            } else if (distance == least) {
                nearest = Optional.empty();
            }
        }
        return nearest;
    }

    private static int distance(String one, String other) {
        return Math.abs(one.length() - other.length()) > MOST_LETTERS
                ? Integer.MAX_VALUE
                : Similarity.distance(one, other);
    }

    private static String plain(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        int dot = lower.indexOf('.');
        return dot > 0 ? lower.substring(0, dot) : lower;
    }
}
