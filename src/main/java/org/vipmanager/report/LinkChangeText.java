package org.vipmanager.report;

import org.vipmanager.core.LinkChange;

/** What happened to an interface, in words. */
public final class LinkChangeText {

    private LinkChangeText() {}

    /** Without the name of the interface, which stands before it. */
    public static String of(LinkChange change) {
        return switch (change) {
            case LinkChange.Created() -> "interface created";
            case LinkChange.RenamedFrom(String name) -> "interface renamed from " + name;
            case LinkChange.SetUp() -> "interface up";
            case LinkChange.CarrierReturned() -> "carrier returned";
            case LinkChange.Flapped() -> "link was lost for a moment";
            case LinkChange.HardwareAddressChanged(String now) ->
                    "hardware address changed to " + now;
            case LinkChange.Deleted() -> "interface deleted";
            case LinkChange.RenamedTo(String name) -> "interface renamed to " + name;
            case LinkChange.SetDown() -> "interface down";
            case LinkChange.NoCarrier() -> "no carrier";
        };
    }
}
