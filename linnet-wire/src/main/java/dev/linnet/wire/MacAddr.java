package dev.linnet.wire;

/// Ethernet addresses (EUI-48) as `long` values: 48 bits, the first byte on the wire is the most
/// significant.
public final class MacAddr {

    /// ff:ff:ff:ff:ff:ff.
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final long GROUP_BIT = 1L << 40;

    private MacAddr() {}

    /// Whether the address names a group (multicast, or [#BROADCAST]).
    public static boolean isMulticast(long mac) {
        return (mac & GROUP_BIT) != 0;
    }

    /// Whether this is [#BROADCAST].
    public static boolean isBroadcast(long mac) {
        return mac == BROADCAST;
    }

    /// The group address that carries an IPv4 multicast group: 01:00:5e and the low 23 bits (RFC
    /// 1112 section 6.4).
    public static long ofMulticast(int group) {
        return 0x0100_5e00_0000L | group & 0x7f_ffff;
    }

    /// The group address that carries an IPv6 multicast group: 33:33 and the low 32 bits (RFC 2464
    /// section 7).
    ///
    /// @param groupLo the low half of the IPv6 address
    public static long ofMulticastV6(long groupLo) {
        return 0x3333_0000_0000L | groupLo & 0xffff_ffffL;
    }

    /// Reads `xx:xx:xx:xx:xx:xx`, one or two hexadecimal digits each.
    ///
    /// @throws IllegalArgumentException if the text is anything else
    public static long parse(String text) {
        String[] parts = text.split(":", -1);
        Text.require("Ethernet address", text, parts.length == 6 ? null : "six bytes wanted");
        long mac = 0;
        for (String part : parts) {
            boolean good =
                    part.length() <= 2
                            && !part.isEmpty()
                            && part.chars().allMatch(c -> Text.hexDigit((char) c) >= 0);
            Text.require("Ethernet address", text, good ? null : "bad byte \"" + part + "\"");
            mac = mac << 8 | Integer.parseInt(part, 16);
        }
        return mac;
    }

    /// Appends `xx:xx:xx:xx:xx:xx`, lower case.
    public static StringBuilder append(StringBuilder sb, long mac) {
        for (int shift = 40; shift >= 0; shift -= 8) {
            Text.hex2(sb, (int) (mac >>> shift));
            if (shift > 0) {
                sb.append(':');
            }
        }
        return sb;
    }

    /// The text of [#append].
    public static String format(long mac) {
        return append(new StringBuilder(17), mac).toString();
    }
}
