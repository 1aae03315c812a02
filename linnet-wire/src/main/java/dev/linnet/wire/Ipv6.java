package dev.linnet.wire;

/// The IPv6 header (RFC 8200 section 3, Linux's `struct ipv6hdr`).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |version| traffic class |             flow label                |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |          payload_len          |    nexthdr    |   hop_limit   |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                                                               |
/// +                                                               +
/// |                             saddr                             |
/// +                                                               +
/// |                                                               |
/// +                                                               +
/// |                                                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                                                               |
/// +                                                               +
/// |                             daddr                             |
/// +                                                               +
/// |                                                               |
/// +                                                               +
/// |                                                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// Addresses are pairs of `long`, high half first; see [In6Addr]. What `nexthdr` may name besides
/// transports is in [Ipv6Ext].
public final class Ipv6 {

    /// Bytes of the fixed header.
    public static final int HEADER_BYTES = 40;

    /// The smallest MTU that IPv6 may run on (RFC 8200 section 5).
    public static final int MIN_MTU = 1280;

    // Offsets of the fields.
    public static final int VERSION_CLASS_LABEL = 0;
    public static final int PAYLOAD_LEN = 4;
    public static final int NEXTHDR = 6;
    public static final int HOP_LIMIT = 7;
    public static final int SADDR = 8;
    public static final int DADDR = 24;

    /// Bits of the first word that are the flow label.
    public static final int FLOW_LABEL_MASK = 0x000f_ffff;

    private Ipv6() {}

    /// Judges the header as Linux's `ipv6_rcv` does.
    ///
    /// A `payload_len` of 0 in front of hop-by-hop options announces a jumbogram (RFC 2675) whose
    /// length is in that option; it is accepted here.
    ///
    /// @param len bytes present from `off`; link-layer padding after the packet is fine
    /// @return [#HEADER_BYTES], or [Malformed#HEADER_TRUNCATED], [Malformed#BAD_VERSION],
    ///     [Malformed#PAYLOAD_TRUNCATED]
    public static int checkHeader(byte[] b, int off, int len) {
        if (len < HEADER_BYTES) {
            return Malformed.HEADER_TRUNCATED;
        }
        if (version(b, off) != 6) {
            return Malformed.BAD_VERSION;
        }
        return payloadLen(b, off) > len - HEADER_BYTES ? Malformed.PAYLOAD_TRUNCATED : HEADER_BYTES;
    }

    /// Writes the whole header.
    public static void put(
            byte[] b,
            int off,
            int trafficClass,
            int flowLabel,
            int payloadLen,
            int nexthdr,
            int hopLimit,
            long saddrHi,
            long saddrLo,
            long daddrHi,
            long daddrLo) {
        classAndLabel(b, off, trafficClass, flowLabel);
        payloadLen(b, off, payloadLen);
        nexthdr(b, off, nexthdr);
        hopLimit(b, off, hopLimit);
        saddr(b, off, saddrHi, saddrLo);
        daddr(b, off, daddrHi, daddrLo);
    }

    /// The version, 6 in every IPv6 header.
    public static int version(byte[] b, int off) {
        return Bytes.u8(b, off + VERSION_CLASS_LABEL) >>> 4;
    }

    /// DSCP in the upper six bits, ECN in the lower two, as IPv4's `tos`; see [Ecn].
    public static int trafficClass(byte[] b, int off) {
        return Bytes.u16(b, off + VERSION_CLASS_LABEL) >>> 4 & 0xff;
    }

    public static void trafficClass(byte[] b, int off, int trafficClass) {
        classAndLabel(b, off, trafficClass, flowLabel(b, off));
    }

    /// The flow label, 20 bits; 0 means none.
    public static int flowLabel(byte[] b, int off) {
        return Bytes.u32(b, off + VERSION_CLASS_LABEL) & FLOW_LABEL_MASK;
    }

    public static void flowLabel(byte[] b, int off, int flowLabel) {
        classAndLabel(b, off, trafficClass(b, off), flowLabel);
    }

    /// Writes the first word: version 6, traffic class and flow label.
    public static void classAndLabel(byte[] b, int off, int trafficClass, int flowLabel) {
        int word = 6 << 28 | (trafficClass & 0xff) << 20 | flowLabel & FLOW_LABEL_MASK;
        Bytes.u32(b, off + VERSION_CLASS_LABEL, word);
    }

    /// Bytes after this header, extension headers included.
    public static int payloadLen(byte[] b, int off) {
        return Bytes.u16(b, off + PAYLOAD_LEN);
    }

    public static void payloadLen(byte[] b, int off, int payloadLen) {
        Bytes.u16(b, off + PAYLOAD_LEN, payloadLen);
    }

    /// What follows: a transport ([IpProto]) or the first extension header ([Ipv6Ext]).
    public static int nexthdr(byte[] b, int off) {
        return Bytes.u8(b, off + NEXTHDR);
    }

    public static void nexthdr(byte[] b, int off, int nexthdr) {
        Bytes.u8(b, off + NEXTHDR, nexthdr);
    }

    /// How many more routers the packet may pass.
    public static int hopLimit(byte[] b, int off) {
        return Bytes.u8(b, off + HOP_LIMIT);
    }

    public static void hopLimit(byte[] b, int off, int hopLimit) {
        Bytes.u8(b, off + HOP_LIMIT, hopLimit);
    }

    /// High half of the source address.
    public static long saddrHi(byte[] b, int off) {
        return Bytes.u64(b, off + SADDR);
    }

    /// Low half of the source address.
    public static long saddrLo(byte[] b, int off) {
        return Bytes.u64(b, off + SADDR + 8);
    }

    public static void saddr(byte[] b, int off, long hi, long lo) {
        Bytes.u64(b, off + SADDR, hi);
        Bytes.u64(b, off + SADDR + 8, lo);
    }

    /// High half of the destination address.
    public static long daddrHi(byte[] b, int off) {
        return Bytes.u64(b, off + DADDR);
    }

    /// Low half of the destination address.
    public static long daddrLo(byte[] b, int off) {
        return Bytes.u64(b, off + DADDR + 8);
    }

    public static void daddr(byte[] b, int off, long hi, long lo) {
        Bytes.u64(b, off + DADDR, hi);
        Bytes.u64(b, off + DADDR + 8, lo);
    }
}
