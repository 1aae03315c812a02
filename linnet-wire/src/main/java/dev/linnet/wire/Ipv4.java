package dev.linnet.wire;

/// The IPv4 header (RFC 791, Linux's `struct iphdr`).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |version|  ihl  |      tos      |            tot_len            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |              id               |R|D|M|         offset          |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |      ttl      |    protocol   |             check             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                             saddr                             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                             daddr                             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |              options, 0 to 40 bytes, see Ipv4Options          |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// Addresses are raw 32-bit values; see [In4Addr].
public final class Ipv4 {

    /// Bytes of a header without options.
    public static final int HEADER_BYTES = 20;

    /// Bytes of a header whose `ihl` is 15.
    public static final int MAX_HEADER_BYTES = 60;

    /// The largest `tot_len`.
    public static final int MAX_TOT_LEN = 0xffff;

    // Offsets of the fields.
    public static final int VERSION_IHL = 0;
    public static final int TOS = 1;
    public static final int TOT_LEN = 2;
    public static final int ID = 4;
    public static final int FRAG_OFF = 6;
    public static final int TTL = 8;
    public static final int PROTOCOL = 9;
    public static final int CHECK = 10;
    public static final int SADDR = 12;
    public static final int DADDR = 16;

    /// Bit of `frag_off`: may not be fragmented (Linux's `IP_DF`).
    public static final int DF = 0x4000;

    /// Bit of `frag_off`: more fragments follow (Linux's `IP_MF`).
    public static final int MF = 0x2000;

    /// Bits of `frag_off` that are the fragment's place, in units of 8 bytes (Linux's `IP_OFFSET`).
    public static final int OFFSET_MASK = 0x1fff;

    private Ipv4() {}

    /// Judges the header as Linux's `ip_rcv` does, in its order, except for the checksum (see
    /// [#checksumOk]).
    ///
    /// @param len bytes present from `off`; link-layer padding after the datagram is fine
    /// @return the header's length including options (20..60), or [Malformed#HEADER_TRUNCATED],
    ///     [Malformed#BAD_VERSION], [Malformed#BAD_HEADER_LENGTH], [Malformed#PAYLOAD_TRUNCATED]
    ///     (`tot_len` above `len`), [Malformed#BAD_LENGTH] (`tot_len` below the header's length)
    public static int checkHeader(byte[] b, int off, int len) {
        if (len < HEADER_BYTES) {
            return Malformed.HEADER_TRUNCATED;
        }
        if (version(b, off) != 4) {
            return Malformed.BAD_VERSION;
        }
        int headerBytes = headerBytes(b, off);
        if (headerBytes < HEADER_BYTES) {
            return Malformed.BAD_HEADER_LENGTH;
        }
        if (len < headerBytes) {
            return Malformed.HEADER_TRUNCATED;
        }
        int totLen = totLen(b, off);
        if (totLen > len) {
            return Malformed.PAYLOAD_TRUNCATED;
        }
        return totLen < headerBytes ? Malformed.BAD_LENGTH : headerBytes;
    }

    /// Whether the header's checksum is right; the header's length must be known to be good.
    public static boolean checksumOk(byte[] b, int off) {
        return Checksum.of(b, off, headerBytes(b, off)) == 0;
    }

    /// Computes and stores `check` (Linux's `ip_send_check`).
    public static void sendCheck(byte[] b, int off) {
        check(b, off, 0);
        check(b, off, Checksum.of(b, off, headerBytes(b, off)));
    }

    /// Writes a header without options and with `check` 0; see [#sendCheck].
    ///
    /// @param fragOff [#DF], [#MF] and the offset in units of 8 bytes
    public static void put(
            byte[] b,
            int off,
            int tos,
            int totLen,
            int id,
            int fragOff,
            int ttl,
            int protocol,
            int saddr,
            int daddr) {
        Bytes.u8(b, off + VERSION_IHL, 4 << 4 | HEADER_BYTES / 4);
        tos(b, off, tos);
        totLen(b, off, totLen);
        id(b, off, id);
        fragOff(b, off, fragOff);
        ttl(b, off, ttl);
        protocol(b, off, protocol);
        check(b, off, 0);
        saddr(b, off, saddr);
        daddr(b, off, daddr);
    }

    /// The version, 4 in every IPv4 header.
    public static int version(byte[] b, int off) {
        return Bytes.u8(b, off + VERSION_IHL) >>> 4;
    }

    /// The header's length in bytes: `ihl` times 4, 0..60.
    public static int headerBytes(byte[] b, int off) {
        return (b[off + VERSION_IHL] & 0xf) << 2;
    }

    /// Writes version 4 and `ihl`.
    ///
    /// @param headerBytes 20..60, a multiple of 4
    public static void headerBytes(byte[] b, int off, int headerBytes) {
        Bytes.u8(b, off + VERSION_IHL, 4 << 4 | headerBytes >>> 2);
    }

    /// DSCP in the upper six bits, ECN in the lower two; see [Ecn].
    public static int tos(byte[] b, int off) {
        return Bytes.u8(b, off + TOS);
    }

    public static void tos(byte[] b, int off, int tos) {
        Bytes.u8(b, off + TOS, tos);
    }

    /// Changes `tos` in a finished header and mends its checksum.
    public static void changeTos(byte[] b, int off, int tos) {
        int before = Bytes.u16(b, off + VERSION_IHL);
        tos(b, off, tos);
        check(b, off, Checksum.replace2(check(b, off), before, Bytes.u16(b, off + VERSION_IHL)));
    }

    /// Bytes of header and data.
    public static int totLen(byte[] b, int off) {
        return Bytes.u16(b, off + TOT_LEN);
    }

    public static void totLen(byte[] b, int off, int totLen) {
        Bytes.u16(b, off + TOT_LEN, totLen);
    }

    /// What the fragments of one datagram have in common, with addresses and protocol.
    public static int id(byte[] b, int off) {
        return Bytes.u16(b, off + ID);
    }

    public static void id(byte[] b, int off, int id) {
        Bytes.u16(b, off + ID, id);
    }

    /// Flags and offset together, as they stand: [#DF] | [#MF] | offset in units of 8 bytes.
    public static int fragOff(byte[] b, int off) {
        return Bytes.u16(b, off + FRAG_OFF);
    }

    public static void fragOff(byte[] b, int off, int fragOff) {
        Bytes.u16(b, off + FRAG_OFF, fragOff);
    }

    /// Whether this is one fragment of a datagram (Linux's `ip_is_fragment`).
    public static boolean isFragment(byte[] b, int off) {
        return (fragOff(b, off) & (MF | OFFSET_MASK)) != 0;
    }

    /// Where this fragment's data stands in the datagram, in bytes.
    public static int fragmentOffsetBytes(byte[] b, int off) {
        return (fragOff(b, off) & OFFSET_MASK) << 3;
    }

    /// How many more routers the datagram may pass.
    public static int ttl(byte[] b, int off) {
        return Bytes.u8(b, off + TTL);
    }

    public static void ttl(byte[] b, int off, int ttl) {
        Bytes.u8(b, off + TTL, ttl);
    }

    /// Takes one from `ttl` in a finished header and mends its checksum (Linux's
    /// `ip_decrease_ttl`); returns the new `ttl`.
    public static int decreaseTtl(byte[] b, int off) {
        int before = Bytes.u16(b, off + TTL);
        int after = before - 0x100;
        Bytes.u16(b, off + TTL, after);
        check(b, off, Checksum.replace2(check(b, off), before, after));
        return ttl(b, off);
    }

    /// What the data is; see [IpProto].
    public static int protocol(byte[] b, int off) {
        return Bytes.u8(b, off + PROTOCOL);
    }

    public static void protocol(byte[] b, int off, int protocol) {
        Bytes.u8(b, off + PROTOCOL, protocol);
    }

    /// The header's checksum as it stands; see [#checksumOk].
    public static int check(byte[] b, int off) {
        return Bytes.u16(b, off + CHECK);
    }

    public static void check(byte[] b, int off, int check) {
        Bytes.u16(b, off + CHECK, check);
    }

    /// The source address.
    public static int saddr(byte[] b, int off) {
        return Bytes.u32(b, off + SADDR);
    }

    public static void saddr(byte[] b, int off, int saddr) {
        Bytes.u32(b, off + SADDR, saddr);
    }

    /// The destination address.
    public static int daddr(byte[] b, int off) {
        return Bytes.u32(b, off + DADDR);
    }

    public static void daddr(byte[] b, int off, int daddr) {
        Bytes.u32(b, off + DADDR, daddr);
    }
}
