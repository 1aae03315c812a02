package dev.linnet.uapi;

import java.util.Arrays;

/// An address of no family that is known here, or one too short for its family. With AF_UNSPEC it
/// dissolves an association in `connect`; the other cases exist so that the families can refuse them
/// with Linux's errno.
///
/// @param family the family as it was given
/// @param length the bytes that were given
/// @param inetPort what stands where an AF_INET address has its port
/// @param inetAddr what stands where an AF_INET address has its address: Linux's `bind` of an AF_INET
///     socket accepts AF_UNSPEC when that is the unspecified address
public record SockAddrUnspec(int family, int length, int inetPort, int inetAddr)
        implements SockAddr {
    public SockAddrUnspec(int family, int length) {
        this(family, length, 0, 0);
    }

    static SockAddrUnspec read(byte[] buf, int off, int family, int len) {
        return len >= SockAddrIn.SIZE
                ? new SockAddrUnspec(
                        family, len, Abi.getShortBe(buf, off + 2), Abi.getIntBe(buf, off + 4))
                : new SockAddrUnspec(family, len);
    }

    /// True for AF_UNSPEC over the unspecified IPv4 address.
    public boolean isInetAny() {
        return family == Af.AF_UNSPEC && length >= SockAddrIn.SIZE && inetAddr == 0;
    }

    /// AF_UNSPEC with the length of a `struct sockaddr`.
    public static final SockAddrUnspec UNSPEC = new SockAddrUnspec(Af.AF_UNSPEC, 16);

    @Override
    public int encode(byte[] buf, int off) {
        Arrays.fill(buf, off, off + length, (byte) 0);
        if (length >= 2) {
            Abi.putShort(buf, off, family);
        }
        return length;
    }

    @Override
    public String toString() {
        return "family " + family + " (" + length + " bytes)";
    }
}
