package org.vipmanager.netlink.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.vipmanager.core.HardwareAddress;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The codecs beside bytes that {@code ip} 6.1.0 and a Linux 6.18 exchanged (seen by a library in
 * front of send and recvmsg), on a little-endian machine.
 */
@EnabledIf("isLittleEndian")
final class NetlinkCodecTest {

    /** {@code ip address replace 10.0.0.9/24 dev eth0 valid_lft 10 preferred_lft 0}. */
    private static final String REPLACE_IPV4 =
            "3c000000140005059b04046b00000000"
                    + "0218000003000000"
                    + "080002000a000009"
                    + "080001000a000009"
                    + "14000600000000000a0000000000000000000000";

    /** {@code ip address replace 2001:db8::9/64 dev eth0 nodad noprefixroute valid_lft 10 ...}. */
    private static final String REPLACE_IPV6 =
            "5c000000140005059b04046b00000000"
                    + "0a40000003000000"
                    + "1400020020010db8000000000000000000000009"
                    + "0800080002020000"
                    + "1400010020010db8000000000000000000000009"
                    + "14000600000000000a0000000000000000000000";

    /** What {@code ip -6 address show} received: two addresses and the end. */
    private static final String DUMP_IPV6 =
            "48000000140022009c04046bac620000"
                    + "0a40220003000000"
                    + "1400010020010db8000000000000000000000009"
                    + "14000600000000000a00000087a6070087a60700"
                    + "0800080022020000"
                    + "50000000140022009c04046bac620000"
                    + "0a4080fd03000000"
                    + "14000100fe80000000000000000000fffe00000a"
                    + "14000600ffffffffffffffffb4a50700b4a50700"
                    + "0800080080000000"
                    + "05000b0003000000"
                    + "14000000030022009c04046bac62000000000000";

    private static final String ACKNOWLEDGED =
            "24000000020000019b04046ba7620000" + "00000000" + "3c000000140005059b04046b00000000";

    /** Removing an address that is not there; the request comes back whole, then the text. */
    private static final String REFUSED =
            "58000000020000029b04046baa620000"
                    + "9dffffff"
                    + "28000000150005009b04046b00000000"
                    + "0218000003000000080002000a000009080001000a000009"
                    + "1c000100697076343a2041646472657373206e6f7420666f756e6400";

    /** The beginning of an answer about eth0, with the length made to fit. */
    private static final String LINK =
            "40000000100000009b04046bad620000"
                    + "00000100030000004310010000000000"
                    + "09000300657468300000000008000d00e8030000"
                    + "0a00010002000000000a0000";

    static boolean isLittleEndian() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.nativeOrder());
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void requestOfIp_isUnderstood() {
        NetlinkMessage message = NetlinkMessage.split(bytes(REPLACE_IPV4)).getFirst();
        assertThat(message.type()).isEqualTo(NetlinkMessage.NEW_ADDRESS);
        assertThat(message.flags())
                .isEqualTo(
                        NetlinkMessage.REQUEST
                                | NetlinkMessage.ACKNOWLEDGE
                                | NetlinkMessage.REPLACE
                                | NetlinkMessage.CREATE);
        assertThat(AddressMessage.parse(message.payload()))
                .isEqualTo(
                        new AddressMessage(
                                3, address("10.0.0.9"), address("10.0.0.9"), 24, 0, 0, 0, 10, 0));
        InetAddress ipv6 = address("2001:db8::9");
        int flags = AddressMessage.NO_DUPLICATE_DETECTION | AddressMessage.NO_PREFIX_ROUTE;
        assertThat(
                        AddressMessage.parse(
                                NetlinkMessage.split(bytes(REPLACE_IPV6)).getFirst().payload()))
                .isEqualTo(new AddressMessage(3, ipv6, ipv6, 64, flags, 0, 0, 10, 0));
    }

    /** As the one of {@code ip}, in another order of the attributes and with our mark. */
    @Test
    void request_isWhatTheKernelWasSeenToTake() {
        InetAddress ipv4 = address("10.0.0.9");
        ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
        NetlinkMessage.begin(buffer, NetlinkMessage.NEW_ADDRESS, 0x505, 0x6b04049b);
        new AddressMessage(3, ipv4, ipv4, 24, 0, 0, 0, 0, 86).encode(buffer);
        int length = NetlinkMessage.finish(buffer);
        buffer.putInt(AddressMessage.VALID_SECONDS_OFFSET, 10);
        assertThat(HexFormat.of().formatHex(buffer.array(), 0, length))
                .isEqualTo(
                        "4c000000140005059b04046b00000000"
                                + "0218000003000000"
                                + "14000600000000000a0000000000000000000000"
                                + "080002000a000009"
                                + "080001000a000009"
                                + "0800080000000000"
                                + "05000b0056000000");
    }

    @Test
    void dump_isTakenApart() {
        List<NetlinkMessage> messages = NetlinkMessage.split(bytes(DUMP_IPV6));
        assertThat(messages)
                .extracting(NetlinkMessage::type)
                .containsExactly(
                        NetlinkMessage.NEW_ADDRESS,
                        NetlinkMessage.NEW_ADDRESS,
                        NetlinkMessage.DONE);
        AddressMessage ours = AddressMessage.parse(messages.getFirst().payload());
        assertThat(ours.validSeconds()).isEqualTo(10);
        assertThat(ours.has(AddressMessage.NO_PREFIX_ROUTE)).isTrue();
        AddressMessage linkLocal = AddressMessage.parse(messages.get(1).payload());
        assertThat(linkLocal.validSeconds()).isEqualTo(AddressMessage.FOREVER);
        assertThat(linkLocal.protocol()).isEqualTo(3);
        assertThat(linkLocal.scope()).isEqualTo(253);
    }

    @Test
    void acknowledgements_saySuccessOrWhatIsWrong() {
        assertThat(
                        NetlinkMessage.Acknowledgement.parse(
                                NetlinkMessage.split(bytes(ACKNOWLEDGED)).getFirst()))
                .isEqualTo(NetlinkMessage.Acknowledgement.SUCCESS);
        assertThat(
                        NetlinkMessage.Acknowledgement.parse(
                                NetlinkMessage.split(bytes(REFUSED)).getFirst()))
                .hasToString(
                        "EADDRNOTAVAIL (Cannot assign requested address): ipv4: Address not found");
    }

    @Test
    void link_isUnderstood() {
        NetlinkMessage message = NetlinkMessage.split(bytes(LINK)).getFirst();
        LinkMessage link = LinkMessage.parse(message.payload());
        assertThat(link)
                .isEqualTo(
                        new LinkMessage(
                                3,
                                "eth0",
                                0x11043,
                                "02:00:00:00:00:0a",
                                Set.of(new HardwareAddress(0x0200_0000_000aL))));
        assertThat(link.isReady()).isTrue();
    }

    @Test
    void slaveOfABond_hasItsPermanentAddressToo() {
        String bond =
                "00000100030000004310010000000000"
                        + "0a00010002000000000a0000"
                        + "200012800900040"
                        + "0626f6e6400000000"
                        + "100005800a00040002000000000b0000";
        LinkMessage link = LinkMessage.parse(bytes(bond));
        assertThat(link.hardwareAddresses())
                .containsExactlyInAnyOrder(
                        new HardwareAddress(0x0200_0000_000aL),
                        new HardwareAddress(0x0200_0000_000bL));
    }

    @Test
    void address_roundTrips_withRandomValues() {
        Random random = new Random(5);
        for (int i = 0; i < 1000; i++) {
            byte[] raw = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(raw);
            raw[0] = 0x20; // no IPv4 address in IPv6's clothes
            AddressMessage message =
                    new AddressMessage(
                            random.nextInt(),
                            inet(raw),
                            inet(raw),
                            random.nextInt(raw.length * 8 + 1),
                            random.nextInt(0x1000),
                            random.nextInt(256),
                            random.nextInt(),
                            random.nextInt(),
                            random.nextInt(256));
            ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
            message.encode(buffer);
            assertThat(AddressMessage.parse(buffer.flip())).isEqualTo(message);
        }
    }

    private static InetAddress inet(byte[] raw) {
        try {
            return InetAddress.getByAddress(raw);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void lengthsThatLie_areRefused() {
        ByteBuffer tooLong = bytes(REPLACE_IPV4).putInt(0, 61);
        assertThatThrownBy(() -> NetlinkMessage.split(tooLong))
                .hasMessage("a netlink message of 61 bytes at 0 of 60");
        ByteBuffer tooShort = bytes(REPLACE_IPV4).putInt(0, 15);
        assertThatThrownBy(() -> NetlinkMessage.split(tooShort))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AddressMessage.parse(bytes("02180000")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AddressMessage.parse(bytes("0218000003000000")))
                .hasMessage("an address of 0 bytes");
        assertThatThrownBy(
                        () -> AddressMessage.parse(bytes("0218000003000000" + "06000600ffff0000")))
                .hasMessage("attribute 6 has 2 bytes, not 4");
        assertThatThrownBy(() -> LinkMessage.parse(bytes("0000")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Every prefix of a good message either is refused or ends early: nothing is read beyond. */
    @Test
    void cutMessages_areNeverReadBeyondTheirEnd() {
        for (String hex : List.of(REPLACE_IPV4, REPLACE_IPV6, LINK, REFUSED, DUMP_IPV6)) {
            for (int length = 0; length < hex.length() / 2; length++) {
                ByteBuffer cut = bytes(hex).limit(length);
                try {
                    for (NetlinkMessage message : NetlinkMessage.split(cut)) {
                        if (message.type() == NetlinkMessage.NEW_ADDRESS) {
                            AddressMessage.parse(message.payload());
                        }
                    }
                } catch (IllegalArgumentException e) {
                    assertThat(e).hasMessageNotContaining("null");
                }
            }
        }
    }
}
