package org.vipmanager.dcs.consul;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keys that begin alike.
 *
 * @param keys as they are stored
 */
record KeyGroup(String prefix, Set<String> keys) {

    /** One group for each first part of a path, the largest first. */
    static List<KeyGroup> of(Collection<String> stored) {
        Map<String, TreeSet<String>> byBeginning = new HashMap<>();
        for (String key : stored) {
            String beginning = key.substring(0, key.indexOf('/') + 1);
            byBeginning.computeIfAbsent(beginning, _ -> new TreeSet<>()).add(key);
        }
        List<KeyGroup> groups = new ArrayList<>();
        byBeginning.values().forEach(keys -> groups.add(new KeyGroup(commonBeginning(keys), keys)));
        groups.sort(Comparator.comparing(group -> -group.keys().size()));
        return groups;
    }

    /** Of sorted texts: what the first and the last have in common, all have. */
    private static String commonBeginning(TreeSet<String> keys) {
        String first = keys.first();
        String last = keys.last();
        int length = 0;
        while (length < Math.min(first.length(), last.length())
                && first.charAt(length) == last.charAt(length)) {
            length++;
        }
        return first.substring(0, length);
    }
}
