package dev.linnet.uapi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An IPv6 address as two longs in reading order: of `::1` the high half is 0 and the low half 1.
/// On the way of a packet the two longs travel apart; the record is for tables and texts.
///
/// Mirrors `struct in6_addr`.
///
/// @param hi the first eight bytes
/// @param lo the last eight bytes
public record In6Addr(long hi, long lo) {
    /// `::`.
    public static final In6Addr ANY = new In6Addr(0, 0);

    /// `::1`.
    public static final In6Addr LOOPBACK = new In6Addr(0, 1);

    /// Low half of `::ffff:0.0.0.0`: the prefix of IPv4-mapped addresses, whose high half is 0.
    public static final long V4MAPPED_PREFIX = 0xffff_0000_0000L;

    private static final int GROUPS = 8;

    /// The IPv4-mapped form of an address.
    public static In6Addr v4Mapped(int addr) {
        return new In6Addr(0, V4MAPPED_PREFIX | (addr & 0xffff_ffffL));
    }

    /// Whether the address is `::ffff:a.b.c.d`.
    public static boolean isV4Mapped(long hi, long lo) {
        return hi == 0 && lo >>> 32 == 0xffff;
    }

    /// Whether the address is a group, `ff00::/8`.
    public static boolean isMulticast(long hi) {
        return hi >>> 56 == 0xff;
    }

    /// Whether the address is of one link only, `fe80::/10`.
    public static boolean isLinkLocal(long hi) {
        return hi >>> 54 == 0xfe80 >>> 6;
    }

    /// Reads an address as `inet_pton` does: eight groups of up to four hexadecimal digits, one run
    /// of zero groups as `::`, the last two groups perhaps as an IPv4 address. Returns null if the
    /// text is no address.
    public static @Nullable In6Addr parse(String text) {
        int gap = text.indexOf("::");
        int[] head = new int[GROUPS];
        if (gap < 0) {
            return groups(text, head) == GROUPS ? of(head) : null;
        }
        int[] tail = new int[GROUPS];
        int before = gap == 0 ? 0 : groups(text.substring(0, gap), head);
        String rest = text.substring(gap + 2);
        int after = rest.isEmpty() ? 0 : groups(rest, tail);
        boolean dotsBeforeGap = text.lastIndexOf('.', gap) >= 0;
        if (before < 0 || after < 0 || before + after >= GROUPS || dotsBeforeGap) {
            return null;
        }
        System.arraycopy(tail, 0, head, GROUPS - after, after);
        Arrays.fill(head, before, GROUPS - after, 0);
        return of(head);
    }

    /// Reads groups divided by single colons. Returns how many, or -1 if the text is malformed.
    private static int groups(String text, int[] out) {
        int n = 0;
        int at = 0;
        while (true) {
            int end = text.indexOf(':', at);
            String group = text.substring(at, end < 0 ? text.length() : end);
            if (group.indexOf('.') >= 0) {
                long v4 = InAddr.parse(group);
                if (end >= 0 || v4 == InAddr.INVALID || n > GROUPS - 2) {
                    return -1;
                }
                out[n++] = (int) (v4 >>> 16);
                out[n++] = (int) v4 & 0xffff;
                return n;
            }
            int value = hex(group);
            if (value < 0 || n == GROUPS) {
                return -1;
            }
            out[n++] = value;
            if (end < 0) {
                return n;
            }
            at = end + 1;
        }
    }

    private static int hex(String group) {
        if (group.isEmpty() || group.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < group.length(); i++) {
            int digit = group.charAt(i) < 0x80 ? Character.digit(group.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static In6Addr of(int[] groups) {
        long hi = 0;
        long lo = 0;
        for (int i = 0; i < 4; i++) {
            hi = hi << 16 | groups[i];
            lo = lo << 16 | groups[i + 4];
        }
        return new In6Addr(hi, lo);
    }

    /// The recommended text of an address (RFC 5952): lower case, no leading zeros, the longest run
    /// of at least two zero groups (the first of equals) as `::`, and IPv4-mapped addresses as
    /// `::ffff:1.2.3.4`.
    public static String format(long hi, long lo) {
        if (isV4Mapped(hi, lo)) {
            return "::ffff:" + InAddr.format((int) lo);
        }
        int gapAt = -1;
        int gapLen = 1;
        for (int i = 0; i < GROUPS; i++) {
            int run = 0;
            while (i + run < GROUPS && group(hi, lo, i + run) == 0) {
                run++;
            }
            if (run > gapLen) {
                gapAt = i;
                gapLen = run;
            }
            i += run;
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gapAt) {
                text.append("::");
                i += gapLen - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(hi, lo, i)));
        }
        return text.toString();
    }

    private static int group(long hi, long lo, int i) {
        long half = i < 4 ? hi : lo;
        return (int) (half >>> (48 - 16 * (i & 3))) & 0xffff;
    }

    @Override
    public String toString() {
        return format(hi, lo);
    }
}
