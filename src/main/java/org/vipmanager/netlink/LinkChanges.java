package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.LinkChange;

import java.util.List;

/** Finds out what happened to the interface that bears a certain name. */
final class LinkChanges {

    private LinkChanges() {}

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
            return List.of(new LinkChange.HardwareAddressChanged(after.hardwareAddress()));
        }
        if (flapped) {
            return List.of(new LinkChange.Flapped());
        }
        return List.of();
    }

    private static LinkChange lost(@Nullable LinkMessage after, @Nullable String newNameOfBefore) {
        if (after != null) {
            return after.isUp() ? new LinkChange.NoCarrier() : new LinkChange.SetDown();
        }
        return newNameOfBefore == null
                ? new LinkChange.Deleted()
                : new LinkChange.RenamedTo(newNameOfBefore);
    }

    private static LinkChange ready(
            @Nullable LinkMessage before,
            @Nullable LinkMessage after,
            @Nullable String oldNameOfAfter) {
        if (oldNameOfAfter != null) {
            return new LinkChange.RenamedFrom(oldNameOfAfter);
        }
        if (before == null || after == null || before.index() != after.index()) {
            return new LinkChange.Created();
        }
        return before.isUp() ? new LinkChange.CarrierReturned() : new LinkChange.SetUp();
    }
}
