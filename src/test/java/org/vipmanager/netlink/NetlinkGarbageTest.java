package org.vipmanager.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.core.Moment;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.netlink.protocol.NetlinkMessage;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Messages that no kernel sends: whatever is in them, they are passed over or refused, and nothing
 * but a refusal is thrown, since anything else ends the daemon. {@code -Dhostile.netlink=1000000}
 * tries more seeds.
 */
final class NetlinkGarbageTest {

    /** An address put, two addresses told, a removal that failed, a link, in one host's bytes. */
    private static final List<String> GOOD =
            List.of(
                    "5c000000140005059b04046b000000000a40000003000000"
                            + "1400020020010db8000000000000000000000009"
                            + "08000800020200001400010020010db8000000000000000000000009"
                            + "14000600000000000a0000000000000000000000",
                    "48000000140022009c04046bac6200000a40220003000000"
                            + "1400010020010db8000000000000000000000009"
                            + "14000600000000000a00000087a6070087a60700"
                            + "080008002202000014000000030022009c04046bac62000000000000",
                    "58000000020000029b04046baa6200009dffffff"
                            + "28000000150005009b04046b00000000"
                            + "0218000003000000080002000a000009080001000a000009"
                            + "1c000100697076343a2041646472657373206e6f7420666f756e6400",
                    "40000000100000009b04046bad62000000000100030000004310010000000000"
                            + "09000300657468300000000008000d00e80300000a00010002000000000a0000");

    private static final Moment NOW = new Moment(0);

    @Test
    void garbage_isRefusedOrPassedOver() {
        long seeds = Long.getLong("hostile.netlink", 20_000);
        InterfaceTable table = new InterfaceTable();
        WatchedAddresses watched = new WatchedAddresses(table);
        watched.add(new VirtualIp(InetAddress.ofLiteral("10.0.0.9"), 24, "eth0"));
        int understood = 0;
        for (long seed = 0; seed < seeds; seed++) {
            try {
                understood += take(table, watched, new Random(seed));
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(understood).as("messages taken apart").isPositive();
    }

    private static int take(InterfaceTable table, WatchedAddresses watched, Random dice) {
        byte[] bytes = spoilt(dice);
        List<NetlinkMessage> messages;
        try {
            messages = NetlinkMessage.split(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
        } catch (IllegalArgumentException refused) {
            return 0;
        }
        for (NetlinkMessage message : messages) {
            table.apply(message, NOW).ifPresent(watched::note);
            try {
                NetlinkMessage.Acknowledgement.parse(message);
            } catch (IllegalArgumentException refused) {
                continue;
            }
        }
        return messages.size();
    }

    private static byte[] spoilt(Random dice) {
        byte[] bytes = HexFormat.of().parseHex(GOOD.get(dice.nextInt(GOOD.size())));
        for (int i = dice.nextInt(10); i > 0; i--) {
            int at = dice.nextInt(bytes.length);
            bytes[at] =
                    dice.nextBoolean()
                            ? (byte) dice.nextInt()
                            : (byte) (bytes[at] ^ 1 << dice.nextInt(8));
        }
        if (dice.nextInt(3) == 0) {
            bytes = Arrays.copyOf(bytes, dice.nextInt(bytes.length + 1));
            if (bytes.length >= NetlinkMessage.HEADER && dice.nextBoolean()) {
                ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(0, bytes.length);
            }
        }
        return bytes;
    }
}
