package dev.linnet.wire;

/// Neighbour discovery (RFC 4861, Linux's `struct nd_msg`, `rs_msg`, `ra_msg`, `rd_msg`): five
/// ICMPv6 messages and their options. `off` is always the start of the ICMPv6 message.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     type      |     code      |             cksum             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           reserved                            |  RS, NS, redirect
/// |R|S|O|                     reserved                            |  NA
/// |   hop limit   |M|O|H|prf| 0   |        router lifetime        |  RA
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           target, 16 bytes (NS, NA, redirect)                 |
/// |           reachable time, retrans timer (RA)                  |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           destination, 16 bytes (redirect)                    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           options: type, length in units of 8 bytes, data     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// Options are walked as an [OptionList] is, with [#firstOption] and [#nextOption]; a message with
/// a broken option list is to be dropped whole (RFC 4861 section 4.6).
public final class Ndisc {

    /// RS: routers shall send an RA.
    public static final int ROUTER_SOLICITATION = 133;

    /// RA: the sender is a router of this link; prefixes and parameters.
    public static final int ROUTER_ADVERTISEMENT = 134;

    /// NS: who has the target address?
    public static final int NEIGHBOUR_SOLICITATION = 135;

    /// NA: the target address is here.
    public static final int NEIGHBOUR_ADVERTISEMENT = 136;

    /// Redirect: there is a better next hop to the destination.
    public static final int REDIRECT = 137;

    /// Bit of [#neighbourFlags]: the sender is a router.
    public static final int NA_ROUTER = 0x80;

    /// Bit of [#neighbourFlags]: the answer to a solicitation.
    public static final int NA_SOLICITED = 0x40;

    /// Bit of [#neighbourFlags]: replaces a link-layer address that is already known.
    public static final int NA_OVERRIDE = 0x20;

    /// Bit of [#routerFlags]: addresses are managed (DHCPv6).
    public static final int RA_MANAGED = 0x80;

    /// Bit of [#routerFlags]: other configuration is available (DHCPv6).
    public static final int RA_OTHER = 0x40;

    /// Option: link-layer address of the sender.
    public static final int OPT_SOURCE_LL_ADDR = 1;

    /// Option: link-layer address of the target.
    public static final int OPT_TARGET_LL_ADDR = 2;

    /// Option: a prefix of the link, 32 bytes.
    public static final int OPT_PREFIX_INFO = 3;

    /// Option: the packet that caused a redirect.
    public static final int OPT_REDIRECT_HDR = 4;

    /// Option: the MTU of the link, 8 bytes.
    public static final int OPT_MTU = 5;

    /// Option: nonce (RFC 3971; used against looped-back solicitations, RFC 7527).
    public static final int OPT_NONCE = 14;

    /// Option: a route of the sender (RFC 4191).
    public static final int OPT_ROUTE_INFO = 24;

    /// Option: addresses of DNS servers (RFC 8106).
    public static final int OPT_RDNSS = 25;

    /// Option: DNS search list (RFC 8106).
    public static final int OPT_DNSSL = 31;

    /// Bytes of [#OPT_PREFIX_INFO].
    public static final int PREFIX_INFO_BYTES = 32;

    /// Bit of [#prefixFlags]: addresses under the prefix are on the link.
    public static final int PREFIX_ON_LINK = 0x80;

    /// Bit of [#prefixFlags]: may be used for autoconfiguration.
    public static final int PREFIX_AUTONOMOUS = 0x40;

    private static final int TARGET = 8;
    private static final int REDIRECT_DEST = 24;

    private Ndisc() {}

    /// Bytes of a message of this type before its options: 8, 16, 24 or 40; or
    /// [Malformed#BAD_TYPE].
    public static int fixedBytes(int type) {
        return switch (type) {
            case ROUTER_SOLICITATION -> 8;
            case ROUTER_ADVERTISEMENT -> 16;
            case NEIGHBOUR_SOLICITATION, NEIGHBOUR_ADVERTISEMENT -> 24;
            case REDIRECT -> 40;
            default -> Malformed.BAD_TYPE;
        };
    }

    /// Returns [#fixedBytes] of the message's type, or [Malformed#HEADER_TRUNCATED] or
    /// [Malformed#BAD_TYPE]. Says nothing about the options.
    public static int checkHeader(byte[] b, int off, int len) {
        if (len < Icmpv6.HEADER_BYTES) {
            return Malformed.HEADER_TRUNCATED;
        }
        int bytes = fixedBytes(Icmpv6.type(b, off));
        return bytes > len ? Malformed.HEADER_TRUNCATED : bytes;
    }

    /// High half of the target: the address that is asked for (NS), told (NA) or the better next
    /// hop (redirect).
    public static long targetHi(byte[] b, int off) {
        return Bytes.u64(b, off + TARGET);
    }

    /// Low half of the target.
    public static long targetLo(byte[] b, int off) {
        return Bytes.u64(b, off + TARGET + 8);
    }

    public static void target(byte[] b, int off, long hi, long lo) {
        Bytes.u64(b, off + TARGET, hi);
        Bytes.u64(b, off + TARGET + 8, lo);
    }

    /// High half of a redirect's destination.
    public static long redirectDestHi(byte[] b, int off) {
        return Bytes.u64(b, off + REDIRECT_DEST);
    }

    /// Low half of a redirect's destination.
    public static long redirectDestLo(byte[] b, int off) {
        return Bytes.u64(b, off + REDIRECT_DEST + 8);
    }

    public static void redirectDest(byte[] b, int off, long hi, long lo) {
        Bytes.u64(b, off + REDIRECT_DEST, hi);
        Bytes.u64(b, off + REDIRECT_DEST + 8, lo);
    }

    /// NA: [#NA_ROUTER], [#NA_SOLICITED], [#NA_OVERRIDE].
    public static int neighbourFlags(byte[] b, int off) {
        return Bytes.u8(b, off + 4);
    }

    public static void neighbourFlags(byte[] b, int off, int flags) {
        Bytes.u8(b, off + 4, flags);
    }

    /// RA: hop limit that hosts shall use, 0 for "not said".
    public static int routerHopLimit(byte[] b, int off) {
        return Bytes.u8(b, off + 4);
    }

    public static void routerHopLimit(byte[] b, int off, int hopLimit) {
        Bytes.u8(b, off + 4, hopLimit);
    }

    /// RA: [#RA_MANAGED], [#RA_OTHER]; bits 0x18 are the router's preference (RFC 4191), signed.
    public static int routerFlags(byte[] b, int off) {
        return Bytes.u8(b, off + 5);
    }

    public static void routerFlags(byte[] b, int off, int flags) {
        Bytes.u8(b, off + 5, flags);
    }

    /// RA: seconds for which the sender is a default router, 0 for "not one".
    public static int routerLifetimeSec(byte[] b, int off) {
        return Bytes.u16(b, off + 6);
    }

    public static void routerLifetimeSec(byte[] b, int off, int seconds) {
        Bytes.u16(b, off + 6, seconds);
    }

    /// RA: milliseconds that a neighbour counts as reachable, 0 for "not said"; unsigned.
    public static int reachableTimeMs(byte[] b, int off) {
        return Bytes.u32(b, off + 8);
    }

    public static void reachableTimeMs(byte[] b, int off, int ms) {
        Bytes.u32(b, off + 8, ms);
    }

    /// RA: milliseconds between solicitations, 0 for "not said"; unsigned.
    public static int retransTimerMs(byte[] b, int off) {
        return Bytes.u32(b, off + 12);
    }

    public static void retransTimerMs(byte[] b, int off, int ms) {
        Bytes.u32(b, off + 12, ms);
    }

    /// Begins a walk over options.
    ///
    /// @param start the message's start plus [#fixedBytes]
    /// @param end the offset behind the message
    /// @return the first option, or negative as in [OptionList]: a length of 0 or beyond `end`
    ///     breaks the list
    public static int firstOption(byte[] b, int start, int end) {
        if (start >= end) {
            return OptionList.END;
        }
        boolean whole = end - start >= 2;
        int bytes = whole ? optionBytes(b, start) : 0;
        return bytes == 0 || bytes > end - start ? ~start : start;
    }

    /// The option after the one at `p`, which this walk has yielded.
    public static int nextOption(byte[] b, int p, int end) {
        return firstOption(b, p + optionBytes(b, p), end);
    }

    /// Which option it is, 0..255.
    public static int optionType(byte[] b, int p) {
        return Bytes.u8(b, p);
    }

    /// Bytes of the whole option, a multiple of 8.
    public static int optionBytes(byte[] b, int p) {
        return Bytes.u8(b, p + 1) << 3;
    }

    /// [#OPT_SOURCE_LL_ADDR], [#OPT_TARGET_LL_ADDR]: the Ethernet address.
    public static long linkAddr(byte[] b, int p) {
        return Bytes.u48(b, p + 2);
    }

    /// Writes a link-layer address option and returns the offset behind it.
    public static int putLinkAddr(byte[] b, int p, int optionType, long mac) {
        Bytes.u16(b, p, optionType << 8 | 1);
        Bytes.u48(b, p + 2, mac);
        return p + 8;
    }

    /// [#OPT_MTU]: the link's MTU; unsigned.
    public static int mtu(byte[] b, int p) {
        return Bytes.u32(b, p + 4);
    }

    /// Writes an MTU option and returns the offset behind it.
    public static int putMtu(byte[] b, int p, int mtu) {
        Bytes.u32(b, p, OPT_MTU << 24 | 1 << 16);
        Bytes.u32(b, p + 4, mtu);
        return p + 8;
    }

    /// [#OPT_PREFIX_INFO]: bits of the prefix.
    public static int prefixLen(byte[] b, int p) {
        return Bytes.u8(b, p + 2);
    }

    /// [#OPT_PREFIX_INFO]: [#PREFIX_ON_LINK], [#PREFIX_AUTONOMOUS].
    public static int prefixFlags(byte[] b, int p) {
        return Bytes.u8(b, p + 3);
    }

    /// [#OPT_PREFIX_INFO]: seconds of validity, unsigned, -1 for ever.
    public static int prefixValidSec(byte[] b, int p) {
        return Bytes.u32(b, p + 4);
    }

    /// [#OPT_PREFIX_INFO]: seconds of preference, unsigned, -1 for ever.
    public static int prefixPreferredSec(byte[] b, int p) {
        return Bytes.u32(b, p + 8);
    }

    /// [#OPT_PREFIX_INFO]: high half of the prefix.
    public static long prefixHi(byte[] b, int p) {
        return Bytes.u64(b, p + 16);
    }

    /// [#OPT_PREFIX_INFO]: low half of the prefix.
    public static long prefixLo(byte[] b, int p) {
        return Bytes.u64(b, p + 24);
    }

    /// Writes a prefix information option and returns the offset behind it.
    public static int putPrefixInfo(
            byte[] b,
            int p,
            int prefixLen,
            int flags,
            int validSec,
            int preferredSec,
            long prefixHi,
            long prefixLo) {
        Bytes.u32(b, p, OPT_PREFIX_INFO << 24 | 4 << 16 | prefixLen << 8 | flags);
        Bytes.u32(b, p + 4, validSec);
        Bytes.u32(b, p + 8, preferredSec);
        Bytes.u32(b, p + 12, 0);
        Bytes.u64(b, p + 16, prefixHi);
        Bytes.u64(b, p + 24, prefixLo);
        return p + PREFIX_INFO_BYTES;
    }
}
