package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.ipv6.Inet6IfAddr.State;

/// The end of addresses, and of IPv6 on an interface.
final class AddrconfDown {
    private AddrconfDown() {}

    /// The interface goes down, or IPv6 is switched off on it: addresses, routes and what was learnt
    /// go.
    ///
    /// @param unregister the interface itself goes
    @Kernel("addrconf_ifdown")
    static void down(Inet6Dev idev, boolean unregister) {
        Ip6Fib.of(idev.net).clean(info -> info.dev == idev.dev);
        Ip6Pmtu.flush(idev.dev);
        idev.rsTimer.del();
        boolean keep = !unregister && !idev.disabled() && keepAddresses(idev);
        synchronized (idev) {
            idev.ready = false;
            idev.rsSent = false;
            idev.raRcvd = false;
            for (Inet6IfAddr ifp : idev.addrs) {
                ifp.dadTimer.del();
                if (keep && ifp.hasFlag(Inet6IfAddr.PERMANENT) && !ifp.isScoped()) {
                    keep(ifp);
                } else {
                    ifp.state = State.DEAD;
                    idev.addrs.remove(ifp);
                }
            }
        }
        idev.mld.down();
        idev.net.bumpRouteGenid();
    }

    private static boolean keepAddresses(Inet6Dev idev) {
        int all = idev.net.sysctl.ipv6All().get(Conf6Sysctls.KEEP_ADDR_ON_DOWN);
        return (all != 0 ? all : idev.cnf.get(Conf6Sysctls.KEEP_ADDR_ON_DOWN)) > 0;
    }

    /// The address waits for the interface to come back, and is then checked again.
    private static void keep(Inet6IfAddr ifp) {
        ifp.state = State.PREDAD;
        if (!ifp.hasFlag(Inet6IfAddr.NODAD)) {
            ifp.flags |= Inet6IfAddr.TENTATIVE;
        }
    }

    /// Takes an address from its interface, with the routes that came with it.
    @Kernel("ipv6_del_addr")
    static void delete(Inet6IfAddr ifp) {
        Inet6Dev idev = ifp.idev;
        boolean joined;
        synchronized (idev) {
            if (!idev.addrs.remove(ifp)) {
                return;
            }
            joined = ifp.state != State.PREDAD;
            ifp.state = State.DEAD;
            ifp.dadTimer.del();
        }
        Ip6Fib fib = Ip6Fib.of(idev.net);
        fib.remove(true, ifp.hi, ifp.lo, 128, i -> i.dev == idev.dev && i.type == Rtn.LOCAL);
        if (ifp.hasFlag(Inet6IfAddr.PERMANENT) && !prefixNeeded(ifp)) {
            fib.remove(
                    false,
                    ifp.hi,
                    ifp.lo,
                    ifp.prefixLen,
                    i -> i.dev == idev.dev && !i.hasGateway() && i.metric == Ip6Fib.PRIO_ADDRCONF);
        }
        if (joined) {
            idev.mld.leaveSolicitedNode(ifp.lo);
        }
        idev.net.bumpRouteGenid();
    }

    /// Whether another address of the interface has the same prefix, whose route must then stay.
    @Kernel("check_cleanup_prefix_route")
    private static boolean prefixNeeded(Inet6IfAddr gone) {
        for (Inet6IfAddr ifp : gone.idev.addrs) {
            if (ifp.prefixLen == gone.prefixLen
                    && ifp.matches(gone.hi, gone.lo)
                    && ifp.hasFlag(Inet6IfAddr.PERMANENT)) {
                return true;
            }
        }
        return false;
    }
}
