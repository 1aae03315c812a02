package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.In6Addr;

/// Whether two sockets can have the same local port. Pure rules; the port's lock is held.
public final class InetBindConflict {
    private InetBindConflict() {}

    /// True if some owner of the port stands in the way of `sk`.
    ///
    /// @param relax SO_REUSEADDR on both sides is enough
    /// @param reuseportOk SO_REUSEPORT on both sides is enough; false when the stack looks for a
    ///     free port of its own accord
    @Kernel({"inet_csk_bind_conflict", "inet_bhash2_conflict", "inet_bhash2_addr_any_conflict"})
    static boolean conflict(InetSock sk, InetBindBucket tb, boolean relax, boolean reuseportOk) {
        for (InetBind2Bucket b = tb.addresses; b != null; b = b.next) {
            SockCommon first = b.owners;
            if (first == null || !addressesMayOverlap(sk, b)) {
                continue;
            }
            for (SockCommon other = first; other != null; other = other.bindNext) {
                if (other != sk
                        && (rcvSaddrOverlap(sk, other) || meetsDualStack(sk, other))
                        && ownerConflicts(sk, other, relax, reuseportOk)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean addressesMayOverlap(InetSock sk, InetBind2Bucket b) {
        return b.any
                || AddrType.isAny(sk.rcvSaddrHi, sk.rcvSaddrLo)
                || (b.addrHi == sk.rcvSaddrHi && b.addrLo == sk.rcvSaddrLo);
    }

    /// True if some packet could be for both local addresses, were the ports equal.
    ///
    /// A mapped `0.0.0.0` stands for all of IPv4 and nothing else.
    @Kernel({"inet_rcv_saddr_equal", "ipv4_rcv_saddr_equal", "ipv6_rcv_saddr_equal"})
    public static boolean rcvSaddrOverlap(SockCommon a, SockCommon b) {
        boolean anyA = AddrType.isAny(a.rcvSaddrHi, a.rcvSaddrLo);
        boolean anyB = AddrType.isAny(b.rcvSaddrHi, b.rcvSaddrLo);
        if (!anyA && !anyB) {
            return a.rcvSaddrHi == b.rcvSaddrHi && a.rcvSaddrLo == b.rcvSaddrLo;
        }
        return (takesV4(a, anyA) && takesV4(b, anyB)) || (takesV6(a) && takesV6(b));
    }

    /// An IPv6 socket that got its address in `connect` is still a dual-stack one to who asks for all of
    /// IPv4.
    private static boolean meetsDualStack(InetSock sk, SockCommon other) {
        return sk.family == Af.AF_INET
                && AddrType.isAny(sk.rcvSaddrHi, sk.rcvSaddrLo)
                && takesV6(other)
                && !ipv6only(other);
    }

    private static boolean takesV4(SockCommon sk, boolean any) {
        if (sk.family == Af.AF_INET || In6Addr.isV4Mapped(sk.rcvSaddrHi, sk.rcvSaddrLo)) {
            return true;
        }
        return any && !ipv6only(sk);
    }

    private static boolean takesV6(SockCommon sk) {
        return sk.family == Af.AF_INET6 && !In6Addr.isV4Mapped(sk.rcvSaddrHi, sk.rcvSaddrLo);
    }

    private static boolean ipv6only(SockCommon sk) {
        return switch (sk) {
            case InetSock s -> s.ipv6only;
            case InetTimewaitSock tw -> tw.ipv6only;
            default -> false;
        };
    }

    /// True if an owner with an overlapping address stands in the way.
    @Kernel("inet_bind_conflict")
    private static boolean ownerConflicts(
            InetSock sk, SockCommon other, boolean relax, boolean reuseportOk) {
        if (sk.boundDevIf != 0 && other.boundDevIf != 0 && sk.boundDevIf != other.boundDevIf) {
            return false;
        }
        boolean bothReuseport = sk.reuseport && reuseport(other) && sameOwnerOrGone(sk, other);
        if (sk.reuse && reuse(other) && other.state != TcpState.TCP_LISTEN) {
            return !relax || (!reuseportOk && bothReuseport);
        }
        return !(reuseportOk && bothReuseport);
    }

    /// SO_REUSEPORT is for sockets of one user; what is in TIME-WAIT harms nobody.
    private static boolean sameOwnerOrGone(InetSock sk, SockCommon other) {
        return other.state == TcpState.TCP_TIME_WAIT || uid(other) == sk.uid;
    }

    private static boolean reuse(SockCommon sk) {
        return switch (sk) {
            case Sock s -> s.reuse;
            case InetTimewaitSock tw -> tw.reuse;
            default -> false;
        };
    }

    private static boolean reuseport(SockCommon sk) {
        return switch (sk) {
            case Sock s -> s.reuseport;
            case InetTimewaitSock tw -> tw.reuseport;
            default -> false;
        };
    }

    private static int uid(SockCommon sk) {
        return switch (sk) {
            case Sock s -> s.uid;
            case InetTimewaitSock tw -> tw.uid;
            default -> 0;
        };
    }
}
