package dev.linnet.wire;

import java.util.HexFormat;
import java.util.List;

/// Ethernet frames that Linux 6.18 sent over a veth pair without checksum offload: between
/// 192.0.2.1 / 2001:db8::1 (02:00:00:00:00:01) and 192.0.2.2 / 2001:db8::2 (02:00:00:00:00:02).
final class LinuxFrames {

    static final byte[] MLD2_REPORT =
            hex(
                    """
                    33330000001602000000000186dd
                    600000000024000100000000000000000000000000000000ff02000000000000
                    00000000000000163a000502000001008f006f890000000104000000ff020000
                    0000000000000001ff000001
                    """);

    static final byte[] ROUTER_SOLICITATION =
            hex(
                    """
                    33330000000202000000000186dd
                    6000000000103afffe80000000000000000000fffe000001ff02000000000000
                    000000000000000285007b2c000000000101020000000001
                    """);

    static final byte[] ARP_REQUEST =
            hex(
                    """
                    ffffffffffff0200000000010806
                    0001080006040001020000000001c0000201000000000000c0000202
                    """);

    static final byte[] ARP_REPLY =
            hex(
                    """
                    0200000000010200000000020806
                    0001080006040002020000000002c0000202020000000001c0000201
                    """);

    static final byte[] PING_REQUEST =
            hex(
                    """
                    0200000000020200000000010800
                    4500002c251e4000400191afc0000201c00002020800bfb70007000100010203
                    0405060708090a0b0c0d0e0f
                    """);

    static final byte[] PING_REPLY =
            hex(
                    """
                    0200000000010200000000020800
                    4500002cb8b4000040013e19c0000202c00002010000c7b70007000100010203
                    0405060708090a0b0c0d0e0f
                    """);

    static final byte[] NEIGHBOUR_SOLICITATION =
            hex(
                    """
                    3333ff00000202000000000186dd
                    6000000000203aff20010db8000000000000000000000001ff02000000000000
                    00000001ff00000287001c270000000020010db8000000000000000000000002
                    0101020000000001
                    """);

    static final byte[] NEIGHBOUR_ADVERTISEMENT =
            hex(
                    """
                    02000000000102000000000286dd
                    6000000000203aff20010db800000000000000000000000220010db800000000
                    000000000000000188008a716000000020010db8000000000000000000000002
                    0201020000000002
                    """);

    static final byte[] PING6_REQUEST =
            hex(
                    """
                    02000000000202000000000186dd
                    60099d2e00183a4020010db800000000000000000000000120010db800000000
                    00000000000000028000ebef00070001000102030405060708090a0b0c0d0e0f
                    """);

    static final byte[] PING_RECORD_ROUTE =
            hex(
                    """
                    0200000000010200000000020800
                    4900003cb8b6000040011bb2c0000202c0000201070f10c0000201c0000202c0
                    000202000000c7b700070001000102030405060708090a0b0c0d0e0f
                    """);

    static final byte[] PING_TIMESTAMP =
            hex(
                    """
                    0200000000010200000000020800
                    4a000040b8b7000040014cacc0000202c000020144141501c0000201030a0494
                    c0000202030a04940000c7b700070001000102030405060708090a0b0c0d0e0f
                    """);

    static final byte[] PING_ROUTER_ALERT =
            hex(
                    """
                    0200000000020200000000010800
                    46000030252240004001fca2c0000201c0000202940400000800bfb700070001
                    000102030405060708090a0b0c0d0e0f
                    """);

    static final byte[] SYN =
            hex(
                    """
                    0200000000020200000000010800
                    450000404270400040067444c0000201c000020298f41f909771d18700000000
                    b0c2faf071cc0000020405b40402080aba7e4778000000000103030a22020101
                    """);

    static final byte[] SYN_ACK =
            hex(
                    """
                    0200000000010200000000020800
                    45000048000040004006b6acc0000202c00002011f9098f484646c1c9771d188
                    d052fe881b180000020405b40402080ad822a4daba7e47780103030a220ac2d0
                    99fbaf42b9ed0101
                    """);

    static final byte[] DATA =
            hex(
                    """
                    0200000000020200000000010800
                    450200394271400040067448c0000201c000020298f41f909771d18884646c1d
                    8018003f1da600000101080aba7e4778d822a4da68656c6c6f
                    """);

    static final byte[] FIN =
            hex(
                    """
                    0200000000010200000000020800
                    4500003407b440004006af0cc0000202c00002011f9098f484646c229771d18d
                    80110040617800000101080ad822a4dbba7e4778
                    """);

    static final byte[] UDP =
            hex(
                    """
                    0200000000020200000000010800
                    4500001fa661400040111069c0000201c0000202e49e0009000bb1c7756470
                    """);

    static final byte[] PORT_UNREACHABLE =
            hex(
                    """
                    0200000000010200000000020800
                    45c0003bb8ca000040013d34c0000202c00002010303811d000000004500001f
                    a661400040111069c0000201c0000202e49e0009000bb1c7756470
                    """);

    static final byte[] RST =
            hex(
                    """
                    0200000000010200000000020800
                    45000028000040004006b6ccc0000202c00002010051cb100000000093c1d084
                    50140000fc240000
                    """);

    static final byte[] SYN6 =
            hex(
                    """
                    02000000000202000000000186dd
                    600b7e22002c064020010db800000000000000000000000120010db800000000
                    000000000000000283da1f902b9187b000000000b0c2fd20d6900000020405a0
                    0402080affba8ebc000000000103030a22020101
                    """);

    static final byte[] SYN_ACK6 =
            hex(
                    """
                    02000000000102000000000286dd
                    60059b350034064020010db800000000000000000000000220010db800000000
                    00000000000000011f9083da36d413352b9187b1d052fb04883e0000020405a0
                    0402080ab3255ad9ffba8ebc0103030a220a19683dc1ecb794e30101
                    """);

    static final byte[] DATA6 =
            hex(
                    """
                    02000000000202000000000186dd
                    602b7e220025064020010db800000000000000000000000120010db800000000
                    000000000000000283da1f902b9187b136d413368018004099fb00000101080a
                    ffba8ebcb3255ad968656c6c6f
                    """);

    static final byte[] UDP6 =
            hex(
                    """
                    02000000000202000000000186dd
                    600eebc5000b114020010db800000000000000000000000120010db800000000
                    00000000000000029a490009000b24ac756470
                    """);

    static final byte[] PORT_UNREACHABLE6 =
            hex(
                    """
                    02000000000102000000000286dd
                    600832b8003b3a4020010db800000000000000000000000220010db800000000
                    00000000000000010104460e00000000600eebc5000b114020010db800000000
                    000000000000000120010db80000000000000000000000029a490009000b24ac
                    756470
                    """);

    /// All of them.
    static final List<byte[]> ALL =
            List.of(
                    MLD2_REPORT,
                    ROUTER_SOLICITATION,
                    ARP_REQUEST,
                    ARP_REPLY,
                    PING_REQUEST,
                    PING_REPLY,
                    NEIGHBOUR_SOLICITATION,
                    NEIGHBOUR_ADVERTISEMENT,
                    PING6_REQUEST,
                    PING_RECORD_ROUTE,
                    PING_TIMESTAMP,
                    PING_ROUTER_ALERT,
                    SYN,
                    SYN_ACK,
                    DATA,
                    FIN,
                    UDP,
                    PORT_UNREACHABLE,
                    RST,
                    SYN6,
                    SYN_ACK6,
                    DATA6,
                    UDP6,
                    PORT_UNREACHABLE6);

    private LinuxFrames() {}

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
    }
}
