package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.wire.In6Addr;
import org.jspecify.annotations.Nullable;

/// The choice of the source address for a destination (RFC 6724 section 5).
final class SourceAddress {
    private final long dstHi;
    private final long dstLo;
    private final int dstScope;
    private final int dstLabel;
    private final @Nullable NetDevice oif;
    private @Nullable Inet6IfAddr best;

    private SourceAddress(long dstHi, long dstLo, @Nullable NetDevice oif) {
        this.dstHi = dstHi;
        this.dstLo = dstLo;
        this.dstScope = Ipv6Scope.of(dstHi, dstLo);
        this.dstLabel = Addrlabel.of(dstHi, dstLo);
        this.oif = oif;
    }

    /// The best address of this host for a destination, or null if it has none
    /// (`ipv6_dev_get_saddr`).
    ///
    /// @param oif the interface over which packets leave, or null
    @Kernel({"ipv6_dev_get_saddr", "__ipv6_dev_get_saddr"})
    static @Nullable Inet6IfAddr select(
            NetNamespace net, @Nullable NetDevice oif, long dstHi, long dstLo) {
        SourceAddress choice = new SourceAddress(dstHi, dstLo, oif);
        Inet6Dev idev = Inet6Dev.of(oif);
        if (oif != null && choice.sameLinkOnly(idev)) {
            if (idev != null) {
                choice.consider(idev);
            }
        } else {
            Inet6Dev.all(net).forEach(choice::consider);
        }
        return choice.best;
    }

    /// For a destination on the link only addresses of the link are candidates (RFC 6724 section 4).
    private boolean sameLinkOnly(@Nullable Inet6Dev idev) {
        return In6Addr.isMulticast(dstHi)
                || dstScope <= Ipv6Scope.LINK_LOCAL
                || (idev != null && idev.cnf.on(Conf6Sysctls.USE_OIF_ADDRS_ONLY));
    }

    private void consider(Inet6Dev idev) {
        for (Inet6IfAddr ifp : idev.addrs) {
            if (!ifp.isTentative() && (best == null || better(ifp, best))) {
                best = ifp;
            }
        }
    }

    /// The rules in their order; among equals the first stays.
    @Kernel("ipv6_get_saddr_eval")
    private boolean better(Inet6IfAddr a, Inet6IfAddr b) {
        int diff = bool(a.is(dstHi, dstLo), b.is(dstHi, dstLo)); // rule 1
        if (diff == 0) {
            diff = scopeDistance(a) - scopeDistance(b); // rule 2
        }
        if (diff == 0) {
            diff = bool(!avoid(a), !avoid(b)); // rule 3
        }
        if (diff == 0) {
            diff = bool(onOif(a), onOif(b)); // rule 5
        }
        if (diff == 0) {
            diff = bool(Addrlabel.of(a.hi, a.lo) == dstLabel, Addrlabel.of(b.hi, b.lo) == dstLabel);
        }
        if (diff == 0) {
            diff = bool(orchidMatches(a), orchidMatches(b));
        }
        if (diff == 0) {
            diff = matchLength(a) - matchLength(b); // rule 8
        }
        if (diff == 0) {
            diff = bool(!a.hasFlag(Inet6IfAddr.OPTIMISTIC), !b.hasFlag(Inet6IfAddr.OPTIMISTIC));
        }
        return diff > 0;
    }

    private static int bool(boolean a, boolean b) {
        return (a ? 1 : 0) - (b ? 1 : 0);
    }

    /// Larger is better: the smallest scope that still reaches the destination, then the largest that
    /// does not.
    private int scopeDistance(Inet6IfAddr ifp) {
        int scope = ifp.scope();
        return scope >= dstScope ? -scope : scope - 128;
    }

    /// Addresses with IPv4 ones in them, and the loopback address, are never avoided.
    @Kernel("ipv6_saddr_preferred")
    private static boolean avoid(Inet6IfAddr ifp) {
        boolean withV4 = ifp.hi == 0 && (ifp.lo >>> 32 == 0 || In6Addr.isV4Mapped(0, ifp.lo));
        boolean unused =
                ifp.isDeprecated()
                        || (ifp.hasFlag(Inet6IfAddr.OPTIMISTIC)
                                && !ifp.idev.cnf.on(Conf6Sysctls.USE_OPTIMISTIC));
        return unused && !withV4;
    }

    private boolean onOif(Inet6IfAddr ifp) {
        return oif == null || ifp.idev.dev == oif;
    }

    /// Addresses that stand for keys (RFC 4843) go with their like.
    private boolean orchidMatches(Inet6IfAddr ifp) {
        return isOrchid(ifp.hi) == isOrchid(dstHi);
    }

    private static boolean isOrchid(long hi) {
        return hi >>> 36 == 0x2001_001L;
    }

    private int matchLength(Inet6IfAddr ifp) {
        long x = ifp.hi ^ dstHi;
        int same =
                x != 0
                        ? Long.numberOfLeadingZeros(x)
                        : 64 + Long.numberOfLeadingZeros(ifp.lo ^ dstLo);
        return Math.min(same, ifp.prefixLen);
    }
}
