package dev.linnet.uapi;

import static dev.linnet.uapi.Af.AF_INET;
import static dev.linnet.uapi.Af.AF_INET6;
import static dev.linnet.uapi.Af.AF_UNIX;

import org.jspecify.annotations.Nullable;

/// A socket address: what `bind` and `connect` take and `getsockname` gives, as a value.
///
/// [#encode] and [#decode] have the memory layout of Linux's `struct sockaddr_…`: the family in host
/// order, ports and addresses in network order. The lengths that programs pass are checked by the
/// families themselves (too short is EINVAL), so decoding never fails: what does not fit a known
/// family is a [SockAddrUnspec].
public sealed interface SockAddr permits SockAddrIn, SockAddrIn6, SockAddrUn, SockAddrUnspec {
    /// Size of `struct sockaddr_storage`, enough for every address.
    int STORAGE_SIZE = 128;

    /// The address family, one of [Af].
    int family();

    /// Bytes that [#encode] writes: what `getsockname` reports as the length.
    int length();

    /// Writes the C structure at `off` and returns its length.
    int encode(byte[] buf, int off);

    /// Reads the C structure of `len` bytes at `off`.
    static SockAddr decode(byte[] buf, int off, int len) {
        if (len < 2) {
            return new SockAddrUnspec(Af.AF_UNSPEC, len);
        }
        int family = Abi.getShort(buf, off);
        if (family == AF_INET && len >= SockAddrIn.SIZE) {
            return SockAddrIn.read(buf, off);
        }
        if (family == AF_INET6 && len >= SockAddrIn6.SIZE_RFC2133) {
            return SockAddrIn6.read(buf, off, len);
        }
        if (family == AF_UNIX && len <= SockAddrUn.SIZE) {
            return SockAddrUn.read(buf, off, len);
        }
        return SockAddrUnspec.read(buf, off, family, len);
    }

    /// Reads `1.2.3.4:80`, `[::1]:80` or `[fe80::1%2]:80` (the number is the device's index).
    ///
    /// @throws IllegalArgumentException if the text is none of these
    static SockAddr parse(String text) {
        int colon = text.lastIndexOf(':');
        int port = colon < 0 ? -1 : number(text.substring(colon + 1), 0xffff);
        SockAddr addr = port < 0 ? null : parseHost(text.substring(0, colon), port);
        if (addr == null) {
            throw new IllegalArgumentException(
                    "not an address and port such as 1.2.3.4:80 or [::1]:80: " + text);
        }
        return addr;
    }

    private static @Nullable SockAddr parseHost(String host, int port) {
        if (!host.startsWith("[") || !host.endsWith("]")) {
            long v4 = InAddr.parse(host);
            return v4 == InAddr.INVALID ? null : new SockAddrIn(port, (int) v4);
        }
        String inside = host.substring(1, host.length() - 1);
        int percent = inside.indexOf('%');
        int scope = percent < 0 ? 0 : number(inside.substring(percent + 1), Integer.MAX_VALUE);
        In6Addr v6 = In6Addr.parse(percent < 0 ? inside : inside.substring(0, percent));
        return v6 == null || scope < 0 ? null : new SockAddrIn6(port, 0, v6.hi(), v6.lo(), scope);
    }

    private static int number(String digits, int max) {
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
            if (value > max) {
                return -1;
            }
        }
        return digits.isEmpty() ? -1 : (int) value;
    }
}
