package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ndisc;

/// What a prefix information option of a router advertisement brings: the route of the prefix, and an
/// address under it (RFC 4861 section 6.3.4, RFC 4862 section 5.5.3).
final class AddrconfPrefix {
    /// A valid lifetime is not shortened to less than two hours by an advertisement, which may be
    /// forged; seconds.
    private static final long MIN_VALID_LIFETIME = 2 * 3600;

    private static final int RTF_PREFIX = Fib6Info.RTF_ADDRCONF | Fib6Info.RTF_PREFIX_RT;

    private final Inet6Dev idev;
    private final long hi;
    private final long lo;
    private final int prefixLen;
    private final int flags;
    private final long validLft;
    private final long preferedLft;

    private AddrconfPrefix(Inet6Dev idev, byte[] b, int p) {
        this.idev = idev;
        this.hi = Ndisc.prefixHi(b, p);
        this.lo = Ndisc.prefixLo(b, p);
        this.prefixLen = Ndisc.prefixLen(b, p);
        this.flags = Ndisc.prefixFlags(b, p);
        this.validLft = Integer.toUnsignedLong(Ndisc.prefixValidSec(b, p));
        this.preferedLft = Integer.toUnsignedLong(Ndisc.prefixPreferredSec(b, p));
    }

    /// Acts on the option at `p`, all of whose 32 bytes are there.
    @Kernel("addrconf_prefix_rcv")
    static void rcv(Inet6Dev idev, byte[] b, int p) {
        AddrconfPrefix prefix = new AddrconfPrefix(idev, b, p);
        boolean odd =
                In6Addr.isMulticast(prefix.hi)
                        || In6Addr.isLinkLocal(prefix.hi)
                        || prefix.preferedLft > prefix.validLft
                        || prefix.prefixLen > 128;
        if (odd) {
            return;
        }
        if ((prefix.flags & Ndisc.PREFIX_ON_LINK) != 0) {
            prefix.route();
        }
        if ((prefix.flags & Ndisc.PREFIX_AUTONOMOUS) != 0
                && idev.cnf.get(Conf6Sysctls.AUTOCONF) != 0
                && prefix.prefixLen == 64) {
            prefix.address();
        }
    }

    private void route() {
        Ip6Fib fib = Ip6Fib.of(idev.net);
        long expires =
                validLft == Inet6IfAddr.INFINITY_LIFE_TIME
                        ? Fib6Info.NEVER
                        : idev.net.clock.jiffies() + validLft * 1000;
        synchronized (fib) {
            Fib6Info rt = fib.find(hi, lo, prefixLen, this::isOurs);
            if (rt == null) {
                if (validLft != 0) {
                    Addrconf.addPrefixRoute(idev.dev, hi, lo, prefixLen, RTF_PREFIX, expires);
                }
            } else if (validLft == 0) {
                fib.remove(false, hi, lo, prefixLen, this::isOurs);
            } else {
                fib.setExpires(rt, expires);
            }
        }
    }

    @Kernel("addrconf_get_prefix_route")
    private boolean isOurs(Fib6Info rt) {
        return rt.dev == idev.dev
                && (rt.flags & RTF_PREFIX) == RTF_PREFIX
                && (rt.flags & Fib6Info.RTF_DEFAULT) == 0
                && !rt.hasGateway();
    }

    @Kernel("addrconf_prefix_rcv_add_addr")
    private void address() {
        long id = AddrconfGen.identifier(idev, hi, 0);
        if (id == AddrconfGen.NONE) {
            return;
        }
        NetNamespace net = idev.net;
        Inet6IfAddr ifp = idev.find(hi, id);
        if (ifp != null) {
            update(ifp);
        } else if (validLft != 0 && roomForOneMore()) {
            int stable = AddrconfGen.isStable(idev) ? Inet6IfAddr.STABLE_PRIVACY : 0;
            ifp = new Inet6IfAddr(idev, hi, id, prefixLen, Inet6IfAddr.TENTATIVE | stable);
            ifp.validLft = validLft;
            ifp.preferedLft = preferedLft;
            Addrconf.link(ifp);
            AddrconfDad.start(ifp);
        }
        AddrconfVerify.of(net).run();
    }

    private boolean roomForOneMore() {
        int max = idev.cnf.get(Conf6Sysctls.MAX_ADDRESSES);
        return max == 0 || idev.addrs.size() < max;
    }

    private void update(Inet6IfAddr ifp) {
        if (ifp.hasFlag(Inet6IfAddr.PERMANENT)) {
            return;
        }
        long now = idev.net.clock.jiffies();
        synchronized (idev) {
            long stored = ifp.validLeft(now);
            if (stored == 0) {
                return;
            }
            long valid = validLft;
            if (idev.cnf.get(Conf6Sysctls.RA_HONOR_PIO_LIFE) == 0) {
                valid = Math.max(valid, Math.min(stored, MIN_VALID_LIFETIME));
            }
            ifp.validLft = valid;
            ifp.preferedLft = preferedLft;
            ifp.tstamp = now;
            ifp.flags &= ~Inet6IfAddr.DEPRECATED;
        }
    }
}
