package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.wire.In6Addr;
import org.jspecify.annotations.Nullable;

/// What an IPv6 address means to a namespace.
public final class Ipv6AddrType {
    private Ipv6AddrType() {}

    /// One of [Rtn]'s kinds: `MULTICAST`, `LOCAL` for an address of this host that may be used,
    /// else `UNICAST`.
    ///
    /// @param ifindex interface that a link-local address must belong to, or 0
    public static int of(NetNamespace net, long hi, long lo, int ifindex) {
        if (In6Addr.isMulticast(hi)) {
            return Rtn.MULTICAST;
        }
        NetDevice dev = ifindex == 0 ? null : net.devices.byIndex(ifindex);
        boolean ours = find(net, hi, lo, dev, Inet6IfAddr.TENTATIVE) != null;
        return ours ? Rtn.LOCAL : Rtn.UNICAST;
    }

    /// Whether an address is this host's and may be used.
    ///
    /// @param dev where a link-local address must be, or null
    @Kernel("ipv6_chk_addr")
    static boolean isLocal(NetNamespace net, long hi, long lo, @Nullable NetDevice dev) {
        return find(net, hi, lo, dev, Inet6IfAddr.TENTATIVE) != null;
    }

    /// The address of this host without any of the flags, or null.
    ///
    /// @param dev where an address of small scope must be, or null
    @Kernel("ipv6_chk_addr_and_flags")
    static @Nullable Inet6IfAddr find(
            NetNamespace net, long hi, long lo, @Nullable NetDevice dev, int bannedFlags) {
        for (Inet6Dev idev : Inet6Dev.all(net)) {
            Inet6IfAddr ifp = idev.find(hi, lo);
            if (ifp != null
                    && !banned(ifp, bannedFlags)
                    && (dev == null || idev.dev == dev || !ifp.isScoped())) {
                return ifp;
            }
        }
        return null;
    }

    /// An optimistic address is not tentative for those who may use it.
    private static boolean banned(Inet6IfAddr ifp, int bannedFlags) {
        int flags = ifp.flags;
        if ((flags & Inet6IfAddr.OPTIMISTIC) != 0) {
            flags &= ~Inet6IfAddr.TENTATIVE;
        }
        return (flags & bannedFlags) != 0;
    }
}
