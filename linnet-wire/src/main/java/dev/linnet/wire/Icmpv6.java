package dev.linnet.wire;

/// ICMP for IPv6 (RFC 4443, Linux's `struct icmp6hdr`).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     type      |     code      |             cksum             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           dataun: the four bytes that the type defines        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |          identifier           |           sequence            |  echo
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                              mtu                              |  packet too big
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                            pointer                            |  parameter problem
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// An error carries the start of the packet that caused it behind these 8 bytes. The checksum
/// covers the message and the IPv6 pseudo header. Neighbour discovery has its own class, [Ndisc].
public final class Icmpv6 {

    /// Bytes of the header that all messages have.
    public static final int HEADER_BYTES = 8;

    // Offsets of the fields.
    public static final int TYPE = 0;
    public static final int CODE = 1;
    public static final int CKSUM = 2;
    public static final int DATAUN = 4;

    /// Type, an error: the packet could not be delivered; the code says why.
    public static final int DEST_UNREACH = 1;

    /// Type, an error: packet too big; [#mtu] says what would fit.
    public static final int PKT_TOOBIG = 2;

    /// Type, an error: the packet was under way for too long.
    public static final int TIME_EXCEED = 3;

    /// Type, an error: parameter problem; [#pointer] names the offending byte.
    public static final int PARAM_PROB = 4;

    /// Type: asks for an [#ECHO_REPLY].
    public static final int ECHO_REQUEST = 128;

    /// Type: the answer to [#ECHO_REQUEST], with the same data.
    public static final int ECHO_REPLY = 129;

    /// Type: multicast listener query (RFC 2710, RFC 3810).
    public static final int MGM_QUERY = 130;

    /// Type: multicast listener report, version 1.
    public static final int MGM_REPORT = 131;

    /// Type: multicast listener done, version 1 (Linux's `ICMPV6_MGM_REDUCTION`).
    public static final int MGM_REDUCTION = 132;

    /// Type: multicast listener report, version 2.
    public static final int MLD2_REPORT = 143;

    /// Types below this are errors.
    public static final int INFOMSG_MIN = 0x80;

    /// Code of [#DEST_UNREACH]: no route.
    public static final int NO_ROUTE = 0;

    /// Code of [#DEST_UNREACH]: administratively prohibited.
    public static final int ADM_PROHIBITED = 1;

    /// Code of [#DEST_UNREACH]: beyond the scope of the source address.
    public static final int NOT_NEIGHBOUR = 2;

    /// Code of [#DEST_UNREACH]: no answer from the address.
    public static final int ADDR_UNREACH = 3;

    /// Code of [#DEST_UNREACH]: nobody listens on the port.
    public static final int PORT_UNREACH = 4;

    /// Code of [#DEST_UNREACH]: the source address failed ingress or egress policy.
    public static final int POLICY_FAIL = 5;

    /// Code of [#DEST_UNREACH]: the route says no.
    public static final int REJECT_ROUTE = 6;

    /// Code of [#TIME_EXCEED]: hop limit reached 0 in transit.
    public static final int EXC_HOPLIMIT = 0;

    /// Code of [#TIME_EXCEED]: fragments did not arrive in time.
    public static final int EXC_FRAGTIME = 1;

    /// Code of [#PARAM_PROB]: erroneous header field.
    public static final int HDR_FIELD = 0;

    /// Code of [#PARAM_PROB]: unknown next header.
    public static final int UNK_NEXTHDR = 1;

    /// Code of [#PARAM_PROB]: unknown option.
    public static final int UNK_OPTION = 2;

    private Icmpv6() {}

    /// Returns [#HEADER_BYTES], or [Malformed#HEADER_TRUNCATED]. The array is not read.
    public static int checkHeader(byte[] b, int off, int len) {
        return len < HEADER_BYTES ? Malformed.HEADER_TRUNCATED : HEADER_BYTES;
    }

    /// Whether the type is that of an error, known or not. Errors must not be answered by errors
    /// (RFC 4443 section 2.4).
    public static boolean isError(int type) {
        return type < INFOMSG_MIN;
    }

    /// Whether the checksum of a message of `len` bytes between these addresses is right.
    public static boolean checksumOk(
            byte[] b, int off, int len, long saddrHi, long saddrLo, long daddrHi, long daddrLo) {
        return compute(b, off, len, saddrHi, saddrLo, daddrHi, daddrLo) == 0;
    }

    /// Computes and stores the checksum of a message of `len` bytes between these addresses.
    public static void sendCheck(
            byte[] b, int off, int len, long saddrHi, long saddrLo, long daddrHi, long daddrLo) {
        cksum(b, off, 0);
        cksum(b, off, compute(b, off, len, saddrHi, saddrLo, daddrHi, daddrLo));
    }

    private static int compute(
            byte[] b, int off, int len, long saddrHi, long saddrLo, long daddrHi, long daddrLo) {
        return Checksum.transportV6(
                b, off, len, saddrHi, saddrLo, daddrHi, daddrLo, IpProto.ICMPV6);
    }

    /// Writes a header with checksum 0; see [#sendCheck].
    public static void put(byte[] b, int off, int type, int code, int dataun) {
        type(b, off, type);
        code(b, off, code);
        cksum(b, off, 0);
        dataun(b, off, dataun);
    }

    /// Which message it is: one of the types above, or one of [Ndisc].
    public static int type(byte[] b, int off) {
        return Bytes.u8(b, off + TYPE);
    }

    public static void type(byte[] b, int off, int type) {
        Bytes.u8(b, off + TYPE, type);
    }

    /// What the type means exactly.
    public static int code(byte[] b, int off) {
        return Bytes.u8(b, off + CODE);
    }

    public static void code(byte[] b, int off, int code) {
        Bytes.u8(b, off + CODE, code);
    }

    /// The checksum as it stands; see [#checksumOk].
    public static int cksum(byte[] b, int off) {
        return Bytes.u16(b, off + CKSUM);
    }

    public static void cksum(byte[] b, int off, int cksum) {
        Bytes.u16(b, off + CKSUM, cksum);
    }

    /// The four bytes that the type defines, as raw bits.
    public static int dataun(byte[] b, int off) {
        return Bytes.u32(b, off + DATAUN);
    }

    public static void dataun(byte[] b, int off, int dataun) {
        Bytes.u32(b, off + DATAUN, dataun);
    }

    /// Echo: which conversation.
    public static int identifier(byte[] b, int off) {
        return Bytes.u16(b, off + DATAUN);
    }

    public static void identifier(byte[] b, int off, int identifier) {
        Bytes.u16(b, off + DATAUN, identifier);
    }

    /// Echo: which message of the conversation.
    public static int sequence(byte[] b, int off) {
        return Bytes.u16(b, off + DATAUN + 2);
    }

    public static void sequence(byte[] b, int off, int sequence) {
        Bytes.u16(b, off + DATAUN + 2, sequence);
    }

    /// [#PKT_TOOBIG]: the MTU of the next hop, 32 bits; as an `int`, to be compared unsigned.
    public static int mtu(byte[] b, int off) {
        return Bytes.u32(b, off + DATAUN);
    }

    public static void mtu(byte[] b, int off, int mtu) {
        Bytes.u32(b, off + DATAUN, mtu);
    }

    /// [#PARAM_PROB]: offset of the offending byte in the packet, which may lie beyond what is
    /// quoted; as an `int`, to be compared unsigned.
    public static int pointer(byte[] b, int off) {
        return Bytes.u32(b, off + DATAUN);
    }

    public static void pointer(byte[] b, int off, int pointer) {
        Bytes.u32(b, off + DATAUN, pointer);
    }
}
