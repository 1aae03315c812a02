package dev.linnet.packetdrill.packet;

import dev.linnet.wire.Bytes;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/// An IPv4 or IPv6 address.
///
/// @param v6 whether it is an IPv6 address
/// @param hi the first half of an IPv6 address, 0 for IPv4
/// @param lo the second half, or the 32 bits of an IPv4 address
public record IpAddress(boolean v6, long hi, long lo) {
    private static final long MAPPED_PREFIX = 0xffffL << 32;

    /// The JDK would also take the old forms with fewer numbers.
    private static final Pattern DOTTED_QUAD = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /// `0.0.0.0`, for an address that is not known yet.
    public static final IpAddress NONE = v4(0);

    /// The IPv4 address with these 32 bits.
    public static IpAddress v4(int bits) {
        return new IpAddress(false, 0, Integer.toUnsignedLong(bits));
    }

    /// Reads `192.0.2.1` or `2001:db8::1`.
    ///
    /// @throws IllegalArgumentException if it is neither
    public static IpAddress parse(String text) {
        if (text.indexOf(':') < 0 && !DOTTED_QUAD.matcher(text).matches()) {
            throw new IllegalArgumentException("bad IP address: " + text);
        }
        // An IPv4-mapped literal comes back from the JDK as IPv4.
        InetAddress address = InetAddress.ofLiteral(text);
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            IpAddress v4 = v4(Bytes.u32(bytes, 0));
            return text.indexOf(':') >= 0 ? v4.mapped() : v4;
        }
        return new IpAddress(true, Bytes.u64(bytes, 0), Bytes.u64(bytes, 8));
    }

    /// This IPv4 address as the IPv6 address that stands for it (`::ffff:a.b.c.d`).
    public IpAddress mapped() {
        return new IpAddress(true, 0, MAPPED_PREFIX | lo);
    }

    /// The IPv4 address that an IPv4-mapped address stands for; any other address itself.
    public IpAddress unmapped() {
        boolean isMapped = v6 && hi == 0 && lo >>> 32 == 0xffff;
        return isMapped ? v4((int) lo) : this;
    }

    /// The 32 bits of an IPv4 address.
    public int bits() {
        return (int) lo;
    }

    /// 4 or 16 bytes in network order.
    public byte[] bytes() {
        byte[] bytes = new byte[v6 ? 16 : 4];
        if (v6) {
            Bytes.u64(bytes, 0, hi);
            Bytes.u64(bytes, 8, lo);
        } else {
            Bytes.u32(bytes, 0, (int) lo);
        }
        return bytes;
    }

    @Override
    public String toString() {
        if (!v6) {
            return v4Text();
        }
        IpAddress embedded = unmapped();
        return embedded.v6 ? v6Text() : "::ffff:" + embedded;
    }

    private String v4Text() {
        return (lo >>> 24) + "." + (lo >>> 16 & 0xff) + "." + (lo >>> 8 & 0xff) + "." + (lo & 0xff);
    }

    /// The form of RFC 5952: the longest run of zero groups, if longer than one, becomes `::`.
    private String v6Text() {
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int run = zeroRun(i);
            if (run > length) {
                start = i;
                length = run;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                boolean separated = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(separated ? "" : ":").append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    private int zeroRun(int from) {
        int end = from;
        while (end < 8 && group(end) == 0) {
            end++;
        }
        return end - from;
    }

    private int group(int i) {
        return (int) ((i < 4 ? hi : lo) >>> 48 - 16 * (i & 3)) & 0xffff;
    }
}
