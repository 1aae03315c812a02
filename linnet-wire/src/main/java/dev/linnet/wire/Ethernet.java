package dev.linnet.wire;

/// The Ethernet II header (IEEE 802.3, Linux's `struct ethhdr`).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                   destination address                         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     destination (cont.)       |         source address        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                       source (cont.)                          |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |            proto              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// Addresses are 48-bit values in a `long`; see [MacAddr].
public final class Ethernet {

    /// Bytes of a header without VLAN tags.
    public static final int HEADER_BYTES = 14;

    // Offsets of the fields.
    public static final int DEST = 0;
    public static final int SOURCE = 6;
    public static final int PROTO = 12;

    /// `proto` of [Ipv4] (Linux's `ETH_P_IP`).
    public static final int P_IP = 0x0800;

    /// `proto` of [Arp] (Linux's `ETH_P_ARP`).
    public static final int P_ARP = 0x0806;

    /// `proto` of a VLAN tag (IEEE 802.1Q): [#VLAN_BYTES] more bytes follow, the real `proto` in
    /// the last two.
    public static final int P_8021Q = 0x8100;

    /// `proto` of [Ipv6] (Linux's `ETH_P_IPV6`).
    public static final int P_IPV6 = 0x86dd;

    /// `proto` of an outer VLAN tag (IEEE 802.1ad), laid out as [#P_8021Q].
    public static final int P_8021AD = 0x88a8;

    /// Values of `proto` below this are the length of an IEEE 802.3 frame, not a protocol.
    public static final int P_802_3_MIN = 0x0600;

    /// What a VLAN tag adds: two bytes of tag control information and two of the inner `proto`.
    public static final int VLAN_BYTES = 4;

    /// Bits of the tag control information that are the VLAN's number.
    public static final int VLAN_VID_MASK = 0x0fff;

    private Ethernet() {}

    /// Returns [#HEADER_BYTES], or [Malformed#HEADER_TRUNCATED]. The array is not read.
    public static int checkHeader(byte[] b, int off, int len) {
        return len < HEADER_BYTES ? Malformed.HEADER_TRUNCATED : HEADER_BYTES;
    }

    /// The receiver's address.
    public static long dest(byte[] b, int off) {
        return Bytes.u48(b, off + DEST);
    }

    public static void dest(byte[] b, int off, long mac) {
        Bytes.u48(b, off + DEST, mac);
    }

    /// The sender's address.
    public static long source(byte[] b, int off) {
        return Bytes.u48(b, off + SOURCE);
    }

    public static void source(byte[] b, int off, long mac) {
        Bytes.u48(b, off + SOURCE, mac);
    }

    /// The protocol of the payload (`P_…`), or its length if below [#P_802_3_MIN].
    public static int proto(byte[] b, int off) {
        return Bytes.u16(b, off + PROTO);
    }

    public static void proto(byte[] b, int off, int proto) {
        Bytes.u16(b, off + PROTO, proto);
    }

    /// Writes the whole header.
    public static void put(byte[] b, int off, long dest, long source, int proto) {
        dest(b, off, dest);
        source(b, off, source);
        proto(b, off, proto);
    }
}
