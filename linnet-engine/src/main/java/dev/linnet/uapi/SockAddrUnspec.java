package dev.linnet.uapi;

import java.util.Arrays;

/// An address of no family that is known here, or one too short for its family. With AF_UNSPEC it
/// dissolves an association in `connect`; the other cases exist so that the families can refuse them
/// with Linux's errno.
///
/// @param family the family as it was given
/// @param length the bytes that were given
public record SockAddrUnspec(int family, int length) implements SockAddr {
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
