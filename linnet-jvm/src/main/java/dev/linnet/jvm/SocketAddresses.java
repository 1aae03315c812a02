package dev.linnet.jvm;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.wire.Bytes;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// Addresses of the JDK and of the stack.
///
/// As in the JDK a socket whose family nobody named is an AF_INET6 one that speaks IPv4 too, unless
/// `java.net.preferIPv4Stack` is set; IPv4 addresses are then `::ffff:a.b.c.d` inside.
public final class SocketAddresses {
    private static final long MAPPED = 0xffff_0000_0000L;

    private SocketAddresses() {}

    /// The family of a socket whose family nobody named.
    public static int defaultFamily() {
        return onlyV4() ? Af.AF_INET : Af.AF_INET6;
    }

    /// Whether the program was told to do without IPv6.
    public static boolean onlyV4() {
        return Boolean.getBoolean("java.net.preferIPv4Stack");
    }

    /// For a socket of `family` (`AF_INET` or `AF_INET6`).
    public static SockAddr toStack(int family, InetSocketAddress address) {
        return toStack(family, address.getAddress(), address.getPort());
    }

    /// The same. `0.0.0.0` for an AF_INET6 socket is `::`.
    public static SockAddr toStack(int family, InetAddress address, int port) {
        byte[] raw = address.getAddress();
        if (raw.length == 4) {
            int v4 = Bytes.u32(raw, 0);
            return family == Af.AF_INET
                    ? new SockAddrIn(port, v4)
                    : new SockAddrIn6(port, 0, v4 == 0 ? 0 : MAPPED | Integer.toUnsignedLong(v4));
        }
        int scope = ((Inet6Address) address).getScopeId();
        return new SockAddrIn6(port, 0, Bytes.u64(raw, 0), Bytes.u64(raw, 8), scope);
    }

    /// Where a datagram goes: the same, but that `0.0.0.0` stays an IPv4 address.
    public static SockAddr toPeer(int family, InetSocketAddress address) {
        boolean mapped = family == Af.AF_INET6 && address.getAddress() instanceof Inet4Address;
        if (mapped && address.getAddress().isAnyLocalAddress()) {
            return new SockAddrIn6(address.getPort(), 0, MAPPED);
        }
        return toStack(family, address);
    }

    /// What the JDK says of an address of the stack; null for one that is none of the internet's.
    public static @Nullable InetSocketAddress fromStack(@Nullable SockAddr address) {
        return switch (address) {
            case SockAddrIn in -> new InetSocketAddress(ofV4(in.addr()), in.port());
            case SockAddrIn6 in6 ->
                    new InetSocketAddress(ofV6(in6.hi(), in6.lo(), in6.scopeId()), in6.port());
            case null, default -> null;
        };
    }

    /// An IPv4 address, `127.0.0.1` is `0x7f000001`.
    public static Inet4Address ofV4(int address) {
        byte[] raw = new byte[4];
        Bytes.u32(raw, 0, address);
        return (Inet4Address) ofRaw(raw);
    }

    /// An IPv6 address, or the IPv4 one that it stands for.
    public static InetAddress ofV6(long hi, long lo, int scope) {
        if (hi == 0 && lo >>> 32 == 0xffff) {
            return ofV4((int) lo);
        }
        byte[] raw = new byte[16];
        Bytes.u64(raw, 0, hi);
        Bytes.u64(raw, 8, lo);
        if (scope == 0) {
            return ofRaw(raw);
        }
        try {
            return Inet6Address.getByAddress(null, raw, scope);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // the length is right
        }
    }

    private static InetAddress ofRaw(byte[] raw) {
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // the length is right
        }
    }
}
