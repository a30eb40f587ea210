package org.vipmanager.config;

import java.util.Optional;

/** Finds the name that somebody probably meant. */
public final class Similarity {

    private Similarity() {}

    /** The nearest of the names, when it is so near that the word must be a slip. */
    static Optional<String> nearest(String word, Iterable<String> names) {
        String canonical = Settings.canonical(word);
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String name : names) {
            int allowance = allowance(Math.min(canonical.length(), name.length()));
            if (Math.abs(canonical.length() - name.length()) > allowance) {
                continue;
            }
            int distance = distance(canonical, name);
            boolean isBetter =
                    distance < least
                            || (distance == least && best != null && name.compareTo(best) < 0);
            if (distance <= allowance && isBetter) {
                best = name;
                least = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Of a word of two letters, one wrong one is another word. */
    private static int allowance(int length) {
        if (length <= 2) {
            return 0;
        }
        return length <= 5 ? 1 : 2;
    }

    /** How many letters must be put in, left out, replaced or swapped with the next one. */
    public static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
