package dev.linnet.uapi;

/// IPv4 addresses as ints in reading order: `127.0.0.1` is `0x7f000001`.
///
/// Mirrors `struct in_addr` and the constants of `include/uapi/linux/in.h`.
public final class InAddr {
    /// `0.0.0.0`.
    public static final int INADDR_ANY = 0;

    /// `127.0.0.1`.
    public static final int INADDR_LOOPBACK = 0x7f000001;

    /// `255.255.255.255`.
    public static final int INADDR_BROADCAST = 0xffffffff;

    /// What [#parse] returns for a text that is no address.
    public static final long INVALID = -1;

    private InAddr() {}

    /// Reads four decimal numbers with dots, each at most 255 and of at most three digits without a
    /// leading zero, as `inet_pton` does. Returns the address in the low 32 bits, or [#INVALID].
    public static long parse(String text) {
        long addr = 0;
        int at = 0;
        for (int octet = 0; octet < 4; octet++) {
            if (octet > 0) {
                if (at >= text.length() || text.charAt(at) != '.') {
                    return INVALID;
                }
                at++;
            }
            int start = at;
            int value = 0;
            while (at < text.length() && at - start < 3 && isDigit(text.charAt(at))) {
                value = value * 10 + text.charAt(at++) - '0';
            }
            if (at == start || value > 255 || (text.charAt(start) == '0' && at - start > 1)) {
                return INVALID;
            }
            addr = addr << 8 | value;
        }
        return at == text.length() ? addr : INVALID;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /// The address in dotted decimal.
    public static String format(int addr) {
        return (addr >>> 24)
                + "."
                + (addr >>> 16 & 0xff)
                + "."
                + (addr >>> 8 & 0xff)
                + "."
                + (addr & 0xff);
    }

    /// Whether the address is in 127.0.0.0/8.
    public static boolean isLoopback(int addr) {
        return addr >>> 24 == 127;
    }

    /// Whether the address is a group, 224.0.0.0/4.
    public static boolean isMulticast(int addr) {
        return addr >>> 28 == 0xe;
    }
}
