package org.vipmanager.core;

import java.util.HexFormat;

/** Hardware addresses as people write them. */
public final class HardwareAddresses {

    private HardwareAddresses() {}

    /**
     * @param text such as {@code 02:00:00:00:00:0a}
     */
    public static HardwareAddress of(String text) {
        return new HardwareAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
    }
}
