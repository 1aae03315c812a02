package dev.linnet.wire;

/// IPv6 addresses as two `long` values, the first eight bytes in `hi`, the last eight in `lo`.
///
/// Protocol code passes the two halves and uses the static functions; a record of this type is for
/// places where an address is one value: results of [#parse], keys, configuration.
public record In6Addr(long hi, long lo) {

    /// `::`
    public static final In6Addr ANY = new In6Addr(0, 0);

    /// `::1`
    public static final In6Addr LOOPBACK = new In6Addr(0, 1);

    /// High half of the link-local multicast groups `ff02::…`.
    public static final long LINK_LOCAL_MULTICAST_HI = 0xff02_0000_0000_0000L;

    /// Low half of `ff02::1`, all nodes.
    public static final long ALL_NODES_LO = 1;

    /// Low half of `ff02::2`, all routers.
    public static final long ALL_ROUTERS_LO = 2;

    /// High half of the link-local unicast addresses `fe80::…`.
    public static final long LINK_LOCAL_HI = 0xfe80_0000_0000_0000L;

    private static final long V4_MAPPED = 0xffff_0000_0000L;
    private static final long SOLICITED_NODE_LO = 0x1_ff00_0000L;

    /// Whether this is `::`.
    public static boolean isUnspecified(long hi, long lo) {
        return (hi | lo) == 0;
    }

    /// Whether this is `::1`.
    public static boolean isLoopback(long hi, long lo) {
        return hi == 0 && lo == 1;
    }

    /// Whether in `ff00::/8`.
    public static boolean isMulticast(long hi) {
        return hi >>> 56 == 0xff;
    }

    /// The scope of a multicast address, 0..15: 1 interface, 2 link, 5 site, 14 global (RFC 4291
    /// section 2.7).
    public static int multicastScope(long hi) {
        return (int) (hi >>> 48) & 0xf;
    }

    /// Whether in `fe80::/10`, unicast on one link.
    public static boolean isLinkLocal(long hi) {
        return hi >>> 54 == 0xfe80 >>> 6;
    }

    /// Whether in `fc00::/7`, unique local (RFC 4193).
    public static boolean isUniqueLocal(long hi) {
        return hi >>> 57 == 0xfc00 >>> 9;
    }

    /// Whether in `::ffff:0:0/96`: an IPv4 address in IPv6's clothes (RFC 4291 section 2.5.5.2).
    public static boolean isV4Mapped(long hi, long lo) {
        return hi == 0 && lo >>> 32 == V4_MAPPED >>> 32;
    }

    /// The low half of the IPv4-mapped form of an IPv4 address; the high half is 0.
    public static long mapV4(int v4) {
        return V4_MAPPED | Integer.toUnsignedLong(v4);
    }

    /// The IPv4 address inside an IPv4-mapped address.
    public static int mappedV4(long lo) {
        return (int) lo;
    }

    /// The low half of the solicited-node group of an address, whose high half is
    /// [#LINK_LOCAL_MULTICAST_HI] (RFC 4291 section 2.7.1).
    public static long solicitedNodeLo(long lo) {
        return SOLICITED_NODE_LO | lo & 0xff_ffffL;
    }

    /// The interface identifier made from an Ethernet address (RFC 4291 appendix A): the low half
    /// of an automatic address.
    public static long eui64(long mac) {
        long upper = (mac >>> 24 ^ 0x02_0000L) << 40;
        return upper | 0xff_fe00_0000L | mac & 0xff_ffffL;
    }

    /// The high half of the mask of a prefix length.
    ///
    /// @param prefixLen 0..128
    public static long maskHi(int prefixLen) {
        return ones(Math.min(prefixLen, 64));
    }

    /// The low half of the mask of a prefix length.
    ///
    /// @param prefixLen 0..128
    public static long maskLo(int prefixLen) {
        return ones(Math.max(prefixLen - 64, 0));
    }

    private static long ones(int count) {
        return count == 0 ? 0 : -1L << (64 - count);
    }

    /// Whether two addresses agree in their first `prefixLen` bits (Linux's `ipv6_prefix_equal`).
    public static boolean prefixEqual(long aHi, long aLo, long bHi, long bLo, int prefixLen) {
        return ((aHi ^ bHi) & maskHi(prefixLen)) == 0 && ((aLo ^ bLo) & maskLo(prefixLen)) == 0;
    }

    /// Orders addresses as numbers.
    public static int compare(long aHi, long aLo, long bHi, long bLo) {
        int high = Long.compareUnsigned(aHi, bHi);
        return high != 0 ? high : Long.compareUnsigned(aLo, bLo);
    }

    /// Reads the address at `off`.
    public static In6Addr read(byte[] b, int off) {
        return new In6Addr(Bytes.u64(b, off), Bytes.u64(b, off + 8));
    }

    /// Reads every form of RFC 4291 section 2.2, as `inet_pton` does: groups of one to four
    /// hexadecimal digits, at most one `::`, the last two groups perhaps as `a.b.c.d`. No zone.
    ///
    /// @throws IllegalArgumentException with the reason, if the text is anything else
    public static In6Addr parse(CharSequence text) {
        long[] halves = new long[2];
        Text.require("IPv6 address", text, In6Parser.parse(text, halves));
        return new In6Addr(halves[0], halves[1]);
    }

    /// Whether [#parse] would accept the text.
    public static boolean isLiteral(CharSequence text) {
        return In6Parser.parse(text, new long[2]) == null;
    }

    /// The IPv4-mapped form of an IPv4 address.
    public static In6Addr ofV4(int v4) {
        return new In6Addr(0, mapV4(v4));
    }

    /// Appends the address as RFC 5952 writes it: lower case, no leading zeros, the longest run of
    /// two or more zero groups (the first of equals) as `::`; an IPv4-mapped address as
    /// `::ffff:a.b.c.d`.
    public static StringBuilder append(StringBuilder sb, long hi, long lo) {
        if (isV4Mapped(hi, lo)) {
            return In4Addr.append(sb.append("::ffff:"), mappedV4(lo));
        }
        long run = longestZeroRun(hi, lo);
        int runStart = (int) (run >>> 32);
        int runEnd = (int) run;
        for (int i = 0; i < 8; i++) {
            if (i >= runStart && i < runEnd) {
                sb.append(i == runStart ? "::" : "");
                continue;
            }
            if (i > 0 && i != runEnd) {
                sb.append(':');
            }
            sb.append(Integer.toHexString(group(hi, lo, i)));
        }
        return sb;
    }

    /// The text of [#append].
    public static String format(long hi, long lo) {
        return append(new StringBuilder(39), hi, lo).toString();
    }

    private static int group(long hi, long lo, int i) {
        long half = i < 4 ? hi : lo;
        return (int) (half >>> (48 - 16 * (i & 3))) & 0xffff;
    }

    /// The run as its first group (upper 32 bits) and the group behind it (lower); empty if no run
    /// has two groups.
    private static long longestZeroRun(long hi, long lo) {
        int bestStart = 0;
        int bestLength = 1;
        int start = 0;
        for (int i = 0; i <= 8; i++) {
            if (i < 8 && group(hi, lo, i) == 0) {
                continue;
            }
            if (i - start > bestLength) {
                bestStart = start;
                bestLength = i - start;
            }
            start = i + 1;
        }
        int end = bestLength == 1 ? bestStart : bestStart + bestLength;
        return (long) bestStart << 32 | end;
    }

    /// The text of [#append].
    @Override
    public String toString() {
        return format(hi, lo);
    }
}
