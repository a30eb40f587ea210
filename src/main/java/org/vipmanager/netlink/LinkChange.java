package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What happened to the interface that bears a certain name.
 *
 * @param ready whether it can carry the address from now on, or cannot any more
 * @param phrase for the log
 */
record LinkChange(boolean ready, String phrase) {

    /**
     * Compares what bore the name with what bears it now.
     *
     * @param before null for nothing
     * @param after null for nothing
     * @param oldNameOfAfter what {@code after} was called before; null when it is new or kept its
     *     name
     * @param newNameOfBefore what {@code before} is called now; null when it is gone or kept its
     *     name
     * @param flapped whether it could not carry the address for a moment in between
     */
    static List<LinkChange> between(
            @Nullable LinkMessage before,
            @Nullable LinkMessage after,
            @Nullable String oldNameOfAfter,
            @Nullable String newNameOfBefore,
            boolean flapped) {
        boolean wasReady = before != null && before.isReady();
        boolean isReady = after != null && after.isReady();
        if (before != null && after != null && wasReady && isReady) {
            return betweenReady(before, after, oldNameOfAfter, newNameOfBefore, flapped);
        }
        if (wasReady) {
            return List.of(lost(after, newNameOfBefore));
        }
        if (isReady) {
            return List.of(ready(before, after, oldNameOfAfter));
        }
        return List.of();
    }

    private static List<LinkChange> betweenReady(
            LinkMessage before,
            LinkMessage after,
            @Nullable String oldNameOfAfter,
            @Nullable String newNameOfBefore,
            boolean flapped) {
        if (before.index() != after.index()) {
            return List.of(lost(null, newNameOfBefore), ready(null, after, oldNameOfAfter));
        }
        if (!before.hardwareAddress().equals(after.hardwareAddress())) {
            String phrase = "hardware address changed to " + after.hardwareAddress();
            return List.of(new LinkChange(true, phrase));
        }
        if (flapped) {
            return List.of(new LinkChange(true, "link was lost for a moment"));
        }
        return List.of();
    }

    private static LinkChange lost(@Nullable LinkMessage after, @Nullable String newNameOfBefore) {
        if (after != null) {
            return new LinkChange(false, after.isUp() ? "no carrier" : "interface down");
        }
        boolean renamed = newNameOfBefore != null;
        return new LinkChange(
                false, renamed ? "interface renamed to " + newNameOfBefore : "interface deleted");
    }

    private static LinkChange ready(
            @Nullable LinkMessage before,
            @Nullable LinkMessage after,
            @Nullable String oldNameOfAfter) {
        if (oldNameOfAfter != null) {
            return new LinkChange(true, "interface renamed from " + oldNameOfAfter);
        }
        if (before == null || after == null || before.index() != after.index()) {
            return new LinkChange(true, "interface created");
        }
        return new LinkChange(true, before.isUp() ? "carrier returned" : "interface up");
    }
}
