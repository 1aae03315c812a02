package dev.linnet.uapi;

/// An IPv6 address and port (`struct sockaddr_in6`).
///
/// @param port 0 to 65535
/// @param flowinfo traffic class and flow label, as a number in reading order
/// @param hi the first eight bytes of the address
/// @param lo the last eight bytes of the address
/// @param scopeId index of the device for a link-local address, else 0
public record SockAddrIn6(int port, int flowinfo, long hi, long lo, int scopeId)
        implements SockAddr {
    /// Bytes of the C structure.
    public static final int SIZE = 28;

    /// Bytes of the older structure without a scope, which is accepted too.
    public static final int SIZE_RFC2133 = 24;

    /// An address without flow information and scope.
    public SockAddrIn6(int port, long hi, long lo) {
        this(port, 0, hi, lo, 0);
    }

    static SockAddrIn6 read(byte[] buf, int off, int len) {
        return new SockAddrIn6(
                Abi.getShortBe(buf, off + 2),
                Abi.getIntBe(buf, off + 4),
                Abi.getLongBe(buf, off + 8),
                Abi.getLongBe(buf, off + 16),
                len >= SIZE ? Abi.getInt(buf, off + 24) : 0);
    }

    @Override
    public int family() {
        return Af.AF_INET6;
    }

    @Override
    public int length() {
        return SIZE;
    }

    @Override
    public int encode(byte[] buf, int off) {
        Abi.putShort(buf, off, Af.AF_INET6);
        Abi.putShortBe(buf, off + 2, port);
        Abi.putIntBe(buf, off + 4, flowinfo);
        Abi.putLongBe(buf, off + 8, hi);
        Abi.putLongBe(buf, off + 16, lo);
        Abi.putInt(buf, off + 24, scopeId);
        return SIZE;
    }

    /// Address and port as `[::1]:80`, with a scope as `[fe80::1%2]:80`.
    @Override
    public String toString() {
        String scope = scopeId == 0 ? "" : "%" + Integer.toUnsignedString(scopeId);
        return "[" + In6Addr.format(hi, lo) + scope + "]:" + port;
    }
}
