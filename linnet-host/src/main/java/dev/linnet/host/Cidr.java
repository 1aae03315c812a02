package dev.linnet.host;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// An address with the length of its network prefix, as `10.9.0.1/24` or `fd00::1/64`.
///
/// @param address IPv4 or IPv6
/// @param prefixLength 0 to 32, or to 128 for IPv6
public record Cidr(InetAddress address, int prefixLength) {
    /// @throws IllegalArgumentException when the prefix is longer than the address
    public Cidr {
        if (prefixLength < 0 || prefixLength > bits(address)) {
            throw new IllegalArgumentException(
                    "prefix length must be 0 to " + bits(address) + ": " + prefixLength);
        }
    }

    /// Reads `ADDRESS/LENGTH`, or `ADDRESS` alone for a single host. Looks up no names.
    ///
    /// @throws IllegalArgumentException when the text is neither
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new Cidr(address, bits(address));
        }
        try {
            return new Cidr(address, Integer.parseInt(text, slash + 1, text.length(), 10));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("bad prefix length in '" + text + "'", e);
        }
    }

    public boolean isIpv4() {
        return address instanceof Inet4Address;
    }

    /// The first address of this network: the address with all bits after the prefix cleared.
    public InetAddress network() {
        return fromBytes(and(address.getAddress(), mask()));
    }

    /// The prefix as a bit mask, 255.255.255.0 for 24.
    public InetAddress netmask() {
        return fromBytes(mask());
    }

    private byte[] mask() {
        byte[] mask = new byte[bits(address) / 8];
        for (int bit = 0; bit < prefixLength; bit++) {
            mask[bit / 8] |= (byte) (0x80 >> (bit % 8));
        }
        return mask;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }

    private static byte[] and(byte[] a, byte[] b) {
        byte[] result = new byte[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (byte) (a[i] & b[i]);
        }
        return result;
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * 8;
    }

    private static InetAddress fromBytes(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
