package dev.linnet.wire;

/// The extension headers of IPv6 (RFC 8200 section 4).
///
/// Hop-by-hop options, destination options and routing share their first two bytes:
///
/// ```text
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |    nexthdr    |    hdrlen     |  hdrlen counts 8-byte units   |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+  beyond the first             +
/// |                      options or route                         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// Routing continues with a type and the number of segments left. The fragment header is always 8
/// bytes:
///
/// ```text
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |    nexthdr    |   reserved    |         offset          | 0 |M|
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                        identification                         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// Options inside the first two kinds are a type, a length of the data and the data, except that
/// type 0 is one byte of padding. They are walked as an [OptionList] is, with [#firstOption] and
/// [#nextOption].
public final class Ipv6Ext {

    /// Hop-by-hop options (Linux's `NEXTHDR_HOP`); only directly behind the IPv6 header.
    public static final int HOP_BY_HOP = 0;

    /// Routing header (Linux's `NEXTHDR_ROUTING`).
    public static final int ROUTING = 43;

    /// Fragment header (Linux's `NEXTHDR_FRAGMENT`).
    public static final int FRAGMENT = 44;

    /// Authentication header (Linux's `NEXTHDR_AUTH`), whose length counts 4-byte units less 2.
    public static final int AUTH = IpProto.AH;

    /// Nothing follows (Linux's `NEXTHDR_NONE`).
    public static final int NONE = 59;

    /// Destination options (Linux's `NEXTHDR_DEST`).
    public static final int DEST_OPTIONS = 60;

    /// Bytes of a fragment header, and the least that any extension header has.
    public static final int FRAGMENT_BYTES = 8;

    /// Option: one byte of padding, without a length.
    public static final int OPT_PAD1 = 0;

    /// Option: padding of two bytes and more.
    public static final int OPT_PADN = 1;

    /// Option: routers on the way shall look at the packet (RFC 2711).
    public static final int OPT_ROUTER_ALERT = 5;

    /// Option: payload longer than 65535 bytes (RFC 2675).
    public static final int OPT_JUMBO = 0xc2;

    /// Option: the sender's home address (RFC 6275).
    public static final int OPT_HOME_ADDRESS = 0xc9;

    /// [#actionIfUnknown]: skip the option.
    public static final int ACTION_SKIP = 0;

    /// [#actionIfUnknown]: discard the packet silently.
    public static final int ACTION_DISCARD = 1;

    /// [#actionIfUnknown]: discard and send an ICMP parameter problem.
    public static final int ACTION_DISCARD_ICMP = 2;

    /// [#actionIfUnknown]: as [#ACTION_DISCARD_ICMP], but not for a multicast destination.
    public static final int ACTION_DISCARD_ICMP_UNLESS_MULTICAST = 3;

    private static final int FRAGMENT_OFFSET_MASK = 0xfff8;

    private Ipv6Ext() {}

    /// Whether [#skip] walks over this header: Linux's `ipv6_ext_hdr`, less [#NONE].
    public static boolean isExtension(int nexthdr) {
        return switch (nexthdr) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTH, DEST_OPTIONS -> true;
            default -> false;
        };
    }

    /// The type of the header behind the extension header at `ext`.
    public static int nexthdr(byte[] b, int ext) {
        return Bytes.u8(b, ext);
    }

    public static void nexthdr(byte[] b, int ext, int nexthdr) {
        Bytes.u8(b, ext, nexthdr);
    }

    /// Bytes of the extension header at `ext`, which is of type `type`; its first two bytes must be
    /// there.
    public static int bytes(byte[] b, int ext, int type) {
        int hdrlen = Bytes.u8(b, ext + 1);
        return switch (type) {
            case FRAGMENT -> FRAGMENT_BYTES;
            case AUTH -> (hdrlen + 2) << 2;
            default -> (hdrlen + 1) << 3;
        };
    }

    /// Walks over extension headers to what they wrap: the transport header, [#NONE], a header that
    /// [#isExtension] does not know, or the [#FRAGMENT] header of a fragment other than the first
    /// (whose data is the middle of something). Linux's `ipv6_skip_exthdr`.
    ///
    /// @param off where the first header after the fixed one starts
    /// @param end the offset behind the packet
    /// @param nexthdr the type of the header at `off`
    /// @return the place reached, to be taken apart with [#reachedType] and [#reachedOffset]; or
    ///     [Malformed#HEADER_TRUNCATED] if an extension header does not lie wholly before `end`
    public static long skip(byte[] b, int off, int end, int nexthdr) {
        while (isExtension(nexthdr)) {
            if (end - off < 2) {
                return Malformed.HEADER_TRUNCATED;
            }
            int bytes = bytes(b, off, nexthdr);
            if (bytes > end - off) {
                return Malformed.HEADER_TRUNCATED;
            }
            if (nexthdr == FRAGMENT && fragmentOffsetBytes(b, off) != 0) {
                break;
            }
            nexthdr = nexthdr(b, off);
            off += bytes;
        }
        return (long) nexthdr << 32 | off;
    }

    /// The type of the header that [#skip] stopped at.
    public static int reachedType(long reached) {
        return (int) (reached >>> 32);
    }

    /// The offset of the header that [#skip] stopped at; it may be the end of the packet.
    public static int reachedOffset(long reached) {
        return (int) reached;
    }

    /// Where this fragment's data stands in the fragmentable part, in bytes (a multiple of 8).
    public static int fragmentOffsetBytes(byte[] b, int ext) {
        return Bytes.u16(b, ext + 2) & FRAGMENT_OFFSET_MASK;
    }

    /// Whether more fragments follow.
    public static boolean moreFragments(byte[] b, int ext) {
        return (b[ext + 3] & 1) != 0;
    }

    /// What the fragments of one packet have in common, with the addresses; 32 raw bits.
    public static int fragmentId(byte[] b, int ext) {
        return Bytes.u32(b, ext + 4);
    }

    /// Writes a fragment header.
    ///
    /// @param offsetBytes a multiple of 8
    public static void putFragment(
            byte[] b, int ext, int nexthdr, int offsetBytes, boolean more, int id) {
        Bytes.u16(b, ext, nexthdr << 8);
        Bytes.u16(b, ext + 2, offsetBytes & FRAGMENT_OFFSET_MASK | (more ? 1 : 0));
        Bytes.u32(b, ext + 4, id);
    }

    /// The type of a routing header: 2 is mobility's, 3 RPL's, 4 segment routing; 0 is deprecated
    /// (RFC 5095).
    public static int routingType(byte[] b, int ext) {
        return Bytes.u8(b, ext + 2);
    }

    /// How many listed nodes of a routing header are still to be visited.
    public static int segmentsLeft(byte[] b, int ext) {
        return Bytes.u8(b, ext + 3);
    }

    /// Begins the walk over the options of the options header at `ext`.
    ///
    /// @param end the offset behind that header
    /// @return the first option, or negative as in [OptionList]
    public static int firstOption(byte[] b, int ext, int end) {
        return optionAt(b, ext + 2, end);
    }

    /// The option after the one at `p`, which this walk has yielded.
    public static int nextOption(byte[] b, int p, int end) {
        return optionAt(b, p + optionBytes(b, p), end);
    }

    private static int optionAt(byte[] b, int p, int end) {
        if (p >= end) {
            return OptionList.END;
        }
        if (optionType(b, p) == OPT_PAD1) {
            return p;
        }
        return end - p < 2 || optionBytes(b, p) > end - p ? ~p : p;
    }

    /// Which option it is, 0..255.
    public static int optionType(byte[] b, int p) {
        return Bytes.u8(b, p);
    }

    /// Bytes of the whole option: 1 for [#OPT_PAD1], else 2 and its data.
    public static int optionBytes(byte[] b, int p) {
        return optionType(b, p) == OPT_PAD1 ? 1 : 2 + Bytes.u8(b, p + 1);
    }

    /// What a host that does not know an option does with the packet: the `ACTION_…` in the top two
    /// bits of the option's type.
    public static int actionIfUnknown(int optionType) {
        return optionType >>> 6;
    }
}
