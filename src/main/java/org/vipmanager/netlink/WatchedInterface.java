package org.vipmanager.netlink;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.LinkChange;
import org.vipmanager.netlink.protocol.LinkMessage;

import java.util.ArrayList;
import java.util.List;

/** The name of an interface on which some of our addresses are to be, and what became of it. */
final class WatchedInterface {

    final String name;
    final List<WatchedAddress> addresses = new ArrayList<>();

    /** What bore the name when that was told last; null for nothing. */
    private @Nullable LinkMessage before;

    /** What the one that bears the name now was called until then; null when it was no other. */
    @Nullable String oldNameOfBearer;

    /** What the one is called now that bore the name; null when it is no other, or gone. */
    @Nullable String newNameOfFormer;

    /** Whether it could not carry an address for a moment since. */
    boolean flapped;

    WatchedInterface(String name, @Nullable LinkMessage bearer) {
        this.name = name;
        this.before = bearer;
    }

    /** What has happened to its bearer since this was asked last. */
    List<LinkChange> changesTo(@Nullable LinkMessage now) {
        List<LinkChange> changes = changes(now);
        before = now;
        oldNameOfBearer = null;
        newNameOfFormer = null;
        flapped = false;
        return changes;
    }

    private List<LinkChange> changes(@Nullable LinkMessage now) {
        if (before == null || !before.isReady()) {
            return now != null && now.isReady() ? List.of(ready(before, now)) : List.of();
        }
        if (now == null || !now.isReady()) {
            return List.of(lost(now));
        }
        if (before.index() != now.index()) {
            return List.of(lost(null), ready(null, now));
        }
        if (!before.hardwareAddress().equals(now.hardwareAddress())) {
            return List.of(new LinkChange.HardwareAddressChanged(now.hardwareAddress()));
        }
        return flapped ? List.of(new LinkChange.Flapped()) : List.of();
    }

    private LinkChange lost(@Nullable LinkMessage now) {
        if (now != null) {
            return now.isUp() ? new LinkChange.NoCarrier() : new LinkChange.SetDown();
        }
        return newNameOfFormer == null
                ? new LinkChange.Deleted()
                : new LinkChange.RenamedTo(newNameOfFormer);
    }

    private LinkChange ready(@Nullable LinkMessage unready, LinkMessage now) {
        if (oldNameOfBearer != null) {
            return new LinkChange.RenamedFrom(oldNameOfBearer);
        }
        if (unready == null || unready.index() != now.index()) {
            return new LinkChange.Created();
        }
        return unready.isUp() ? new LinkChange.CarrierReturned() : new LinkChange.SetUp();
    }
}
