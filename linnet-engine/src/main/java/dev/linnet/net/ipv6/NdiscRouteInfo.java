package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ndisc;
import java.util.function.Predicate;

/// Routes that a router tells of in its advertisements (RFC 4191).
final class NdiscRouteInfo {
    /// The preference that must not be used.
    private static final int PREF_INVALID = 2;

    private NdiscRouteInfo() {}

    /// Acts on the option at `p`; the router's address is `gwHi`, `gwLo`.
    @Kernel("rt6_route_rcv")
    static void rcv(Inet6Dev idev, byte[] b, int p, long gwHi, long gwLo) {
        int bytes = Ndisc.optionBytes(b, p);
        int prefixLen = Bytes.u8(b, p + 2);
        int pref = Bytes.u8(b, p + 3) >> 3 & 3;
        boolean isDefault = prefixLen == 0;
        boolean heed =
                prefixLen >= idev.cnf.get(Conf6Sysctls.ACCEPT_RA_RT_INFO_MIN_PLEN)
                        && prefixLen <= idev.cnf.get(Conf6Sysctls.ACCEPT_RA_RT_INFO_MAX_PLEN)
                        && (!isDefault || idev.cnf.get(Conf6Sysctls.ACCEPT_RA_DEFRTR) != 0)
                        && bytes <= 24
                        && bytes >= needed(prefixLen)
                        && prefixLen <= 128
                        && pref != PREF_INVALID;
        if (!heed) {
            return;
        }
        long hi = bytes >= 16 ? Bytes.u64(b, p + 8) & In6Addr.maskHi(prefixLen) : 0;
        long lo = bytes >= 24 ? Bytes.u64(b, p + 16) & In6Addr.maskLo(prefixLen) : 0;
        long lifetime = Integer.toUnsignedLong(Bytes.u32(b, p + 4));
        learn(idev, hi, lo, prefixLen, gwHi, gwLo, pref == 3 ? -1 : pref, lifetime);
    }

    private static int needed(int prefixLen) {
        if (prefixLen == 0) {
            return 8;
        }
        return prefixLen > 64 ? 24 : 16;
    }

    @Kernel("rt6_add_route_info")
    private static void learn(
            Inet6Dev idev,
            long hi,
            long lo,
            int prefixLen,
            long gwHi,
            long gwLo,
            int pref,
            long lifetime) {
        Ip6Fib fib = Ip6Fib.of(idev.net);
        Predicate<Fib6Info> same =
                rt ->
                        rt.dev == idev.dev
                                && rt.gwHi == gwHi
                                && rt.gwLo == gwLo
                                && (rt.flags & Fib6Info.RTF_ADDRCONF) != 0;
        synchronized (fib) {
            Fib6Info rt = fib.find(hi, lo, prefixLen, same);
            if (lifetime == 0) {
                fib.remove(false, hi, lo, prefixLen, same);
                return;
            }
            if (rt == null) {
                int flags = Fib6Info.RTF_ADDRCONF | (prefixLen == 0 ? Fib6Info.RTF_DEFAULT : 0);
                fib.add(
                        false,
                        hi,
                        lo,
                        new Fib6Info(
                                Rtn.UNICAST,
                                idev.dev,
                                prefixLen,
                                gwHi,
                                gwLo,
                                Ip6Fib.PRIO_USER,
                                flags,
                                RouteMetrics.NONE));
                rt = fib.find(hi, lo, prefixLen, same);
            }
            if (rt != null) {
                rt.pref = pref;
                boolean forEver = lifetime == Inet6IfAddr.INFINITY_LIFE_TIME;
                long until = idev.net.clock.jiffies() + lifetime * 1000;
                fib.setExpires(rt, forEver ? Fib6Info.NEVER : until);
            }
        }
    }
}
