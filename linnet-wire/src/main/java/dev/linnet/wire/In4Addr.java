package dev.linnet.wire;

import org.jspecify.annotations.Nullable;

/// IPv4 addresses as `int` values, the first byte the most significant (Linux's `struct in_addr` in
/// host order). No name is ever resolved.
public final class In4Addr {

    /// 0.0.0.0, Linux's `INADDR_ANY`.
    public static final int ANY = 0;

    /// 127.0.0.1.
    public static final int LOOPBACK = 0x7f00_0001;

    /// 255.255.255.255.
    public static final int BROADCAST = 0xffff_ffff;

    /// 224.0.0.1.
    public static final int ALL_HOSTS = 0xe000_0001;

    private static final String FOUR_NUMBERS_WANTED = "four numbers with dots between them wanted";

    private In4Addr() {}

    /// The address `a.b.c.d`; of each number the low 8 bits count.
    public static int of(int a, int b, int c, int d) {
        return a << 24 | (b & 0xff) << 16 | (c & 0xff) << 8 | d & 0xff;
    }

    /// Whether this is 0.0.0.0.
    public static boolean isUnspecified(int v4) {
        return v4 == ANY;
    }

    /// Whether in 127.0.0.0/8.
    public static boolean isLoopback(int v4) {
        return v4 >>> 24 == 127;
    }

    /// Whether in 224.0.0.0/4.
    public static boolean isMulticast(int v4) {
        return v4 >>> 28 == 0xe;
    }

    /// Whether in 224.0.0.0/24, which routers do not forward.
    public static boolean isLocalMulticast(int v4) {
        return v4 >>> 8 == 0xe0_0000;
    }

    /// Whether in 169.254.0.0/16 (RFC 3927).
    public static boolean isLinkLocal(int v4) {
        return v4 >>> 16 == 0xa9fe;
    }

    /// Whether this is the limited broadcast 255.255.255.255.
    public static boolean isLimitedBroadcast(int v4) {
        return v4 == BROADCAST;
    }

    /// Whether in 0.0.0.0/8, "this network".
    public static boolean isZeronet(int v4) {
        return v4 >>> 24 == 0;
    }

    /// The network mask of a prefix length (Linux's `inet_make_mask`).
    ///
    /// @param prefixLen 0..32
    public static int mask(int prefixLen) {
        return prefixLen == 0 ? 0 : -1 << (32 - prefixLen);
    }

    /// The length of the run of ones that a network mask begins with (Linux's `inet_mask_len`).
    public static int prefixLen(int mask) {
        return Integer.numberOfLeadingZeros(~mask);
    }

    /// Reads `a.b.c.d`: exactly four decimal numbers 0..255 without leading zeros, as `inet_pton`
    /// does.
    ///
    /// @throws IllegalArgumentException with the reason, if the text is anything else
    public static int parse(CharSequence text) {
        int[] v4 = new int[1];
        Text.require("IPv4 address", text, read(text, 0, v4));
        return v4[0];
    }

    /// Whether [#parse] would accept the text.
    public static boolean isLiteral(CharSequence text) {
        return read(text, 0, new int[1]) == null;
    }

    /// Reads the text from `from` to its end into `out[0]`; returns null, or why it is not an
    /// address.
    static @Nullable String read(CharSequence text, int from, int[] out) {
        int pos = from;
        int addr = 0;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && (pos == text.length() || text.charAt(pos++) != '.')) {
                return FOUR_NUMBERS_WANTED;
            }
            int start = pos;
            int value = 0;
            while (pos < text.length() && Text.isDecimal(text.charAt(pos))) {
                value = Math.min(value * 10 + text.charAt(pos++) - '0', 256);
            }
            if (pos == start) {
                return FOUR_NUMBERS_WANTED;
            }
            if (pos - start > 1 && text.charAt(start) == '0') {
                return "number with a leading zero";
            }
            if (value > 255) {
                return "number above 255";
            }
            addr = addr << 8 | value;
        }
        out[0] = addr;
        return pos == text.length() ? null : "unexpected '" + text.charAt(pos) + "'";
    }

    /// Appends `a.b.c.d`.
    public static StringBuilder append(StringBuilder sb, int v4) {
        return sb.append(v4 >>> 24)
                .append('.')
                .append(v4 >>> 16 & 0xff)
                .append('.')
                .append(v4 >>> 8 & 0xff)
                .append('.')
                .append(v4 & 0xff);
    }

    /// The text of [#append].
    public static String format(int v4) {
        return append(new StringBuilder(15), v4).toString();
    }
}
