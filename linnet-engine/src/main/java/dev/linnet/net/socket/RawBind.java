package dev.linnet.net.socket;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.inet.AddrType;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.In6Addr;

/// `bind` of raw sockets: an address without a port, as often as one likes.
final class RawBind {
    private RawBind() {}

    static int bind(InetSock sk, SockAddr addr) {
        sk.lock.lock();
        try {
            return sk.family == Af.AF_INET ? bind4(sk, addr) : bind6(sk, addr);
        } finally {
            sk.lock.unlock();
        }
    }

    /// @return `EINVAL` for a short address or a connected socket, `EADDRNOTAVAIL` for an address that is not ours
    @Kernel("raw_bind")
    private static int bind4(InetSock sk, SockAddr addr) {
        if (sk.state != TcpState.TCP_CLOSE || addr.length() < SockAddrIn.SIZE) {
            return -Errno.EINVAL;
        }
        int v4 = addr instanceof SockAddrIn in ? in.addr() : 0;
        int kind = AddrType.of(sk.net, 0, In6Addr.mapV4(v4), sk.boundDevIf);
        if (!InetBind.validOrNonlocal(sk, v4 == 0, kind)) {
            return -Errno.EADDRNOTAVAIL;
        }
        boolean source = kind != Rtn.MULTICAST && kind != Rtn.BROADCAST;
        return set(sk, 0, v4 == 0 ? 0 : In6Addr.mapV4(v4), source);
    }

    /// @return the same; also `EINVAL` for another family or a link-local address without a device, `ENODEV`
    @Kernel("rawv6_bind")
    private static int bind6(InetSock sk, SockAddr addr) {
        if (addr.length() < SockAddrIn6.SIZE_RFC2133 || !(addr instanceof SockAddrIn6 in6)) {
            return -Errno.EINVAL;
        }
        if (In6Addr.isV4Mapped(in6.hi(), in6.lo())) {
            return -Errno.EADDRNOTAVAIL;
        }
        if (sk.state != TcpState.TCP_CLOSE) {
            return -Errno.EINVAL;
        }
        if (In6Addr.isUnspecified(in6.hi(), in6.lo())) {
            return set(sk, 0, 0, true);
        }
        int refused = InetBind.checkNative(sk, in6);
        if (refused != 0) {
            return refused;
        }
        int dev = InetBind.deviceOf(sk, in6);
        if (dev != 0) {
            sk.boundDevIf = dev;
        }
        return set(sk, in6.hi(), in6.lo(), !In6Addr.isMulticast(in6.hi()));
    }

    private static int set(InetSock sk, long hi, long lo, boolean source) {
        InetBind.setAddress(sk, hi, lo);
        if (!source) {
            sk.saddrHi = 0;
            sk.saddrLo = 0;
        }
        sk.dst = null;
        return 0;
    }
}
