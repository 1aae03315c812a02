package dev.linnet.wire;

/// An address with the length of its network prefix, `192.0.2.1/24` or `2001:db8::1/64`: what
/// interfaces and routes are configured with. Host bits are kept; [#network] clears them.
///
/// @param hi high half of the address, 0 for IPv4
/// @param lo low half of the address; an IPv4 address in its IPv4-mapped form
/// @param prefixLen 0..32 for IPv4, 0..128 for IPv6
/// @param isV4 whether this is an IPv4 address; an IPv4-mapped IPv6 address is not
public record Cidr(long hi, long lo, int prefixLen, boolean isV4) {

    /// @throws IllegalArgumentException if `prefixLen` is out of range
    public Cidr {
        if (prefixLen < 0 || prefixLen > maxPrefixLen(isV4)) {
            throw new IllegalArgumentException(
                    "prefix length "
                            + prefixLen
                            + " is not within 0.."
                            + maxPrefixLen(isV4)
                            + (isV4 ? " (IPv4)" : " (IPv6)"));
        }
    }

    private static int maxPrefixLen(boolean isV4) {
        return isV4 ? 32 : 128;
    }

    /// An IPv4 address and its prefix length.
    public static Cidr ofV4(int v4, int prefixLen) {
        return new Cidr(0, In6Addr.mapV4(v4), prefixLen, true);
    }

    /// An IPv6 address and its prefix length.
    public static Cidr ofV6(long hi, long lo, int prefixLen) {
        return new Cidr(hi, lo, prefixLen, false);
    }

    /// Reads `address/length`; without a length the prefix is the whole address.
    ///
    /// @throws IllegalArgumentException with the reason, if the text is anything else
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String addr = slash < 0 ? text : text.substring(0, slash);
        boolean isV4 = addr.indexOf(':') < 0;
        int prefixLen = slash < 0 ? maxPrefixLen(isV4) : parseLength(text, slash + 1);
        if (isV4) {
            return ofV4(In4Addr.parse(addr), prefixLen);
        }
        In6Addr v6 = In6Addr.parse(addr);
        return ofV6(v6.hi(), v6.lo(), prefixLen);
    }

    private static int parseLength(String text, int from) {
        int value = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            String reason = Text.isDecimal(c) ? null : "unexpected '" + c + "'";
            Text.require("address with a prefix length", text, reason);
            value = Math.min(value * 10 + c - '0', 1000);
        }
        String reason = from < text.length() ? null : "no length after '/'";
        Text.require("address with a prefix length", text, reason);
        return value;
    }

    /// The IPv4 address; meaningless unless [#isV4].
    public int v4() {
        return In6Addr.mappedV4(lo);
    }

    /// The IPv4 network mask; meaningless unless [#isV4].
    public int maskV4() {
        return In4Addr.mask(prefixLen);
    }

    /// The IPv4 broadcast address: all host bits set; meaningless unless [#isV4].
    public int broadcastV4() {
        return v4() | ~maskV4();
    }

    /// The same prefix with all host bits 0.
    public Cidr network() {
        return isV4
                ? ofV4(v4() & maskV4(), prefixLen)
                : ofV6(hi & In6Addr.maskHi(prefixLen), lo & In6Addr.maskLo(prefixLen), prefixLen);
    }

    /// Whether an IPv4 address is under this prefix; false for an IPv6 prefix.
    public boolean contains(int addr) {
        return isV4 && ((addr ^ v4()) & maskV4()) == 0;
    }

    /// Whether an IPv6 address is under this prefix; false for an IPv4 prefix.
    public boolean contains(long addrHi, long addrLo) {
        return !isV4 && In6Addr.prefixEqual(hi, lo, addrHi, addrLo, prefixLen);
    }

    /// `address/length`.
    @Override
    public String toString() {
        StringBuilder sb = new StringBuilder(43);
        return (isV4 ? In4Addr.append(sb, v4()) : In6Addr.append(sb, hi, lo))
                .append('/')
                .append(prefixLen)
                .toString();
    }
}
