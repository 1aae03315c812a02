package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.ipv6.Inet6IfAddr.State;
import dev.linnet.wire.In6Addr;

/// Duplicate address detection (RFC 4862 section 5.4): before an address is used, its owner asks
/// whether somebody else has it.
final class AddrconfDad {
    /// Drives an address from probe to probe.
    static final KTimer.Function WORK = owner -> work((Inet6IfAddr) owner);

    /// Least time between probes, jiffies.
    private static final long MIN_INTERVAL = 10;

    private AddrconfDad() {}

    /// Begins: where there can be no duplicate the address is good at once, else it is tentative
    /// until the probes have gone unanswered.
    @Kernel({"addrconf_dad_start", "addrconf_dad_begin"})
    static void start(Inet6IfAddr ifp) {
        Inet6Dev idev = ifp.idev;
        boolean good;
        synchronized (idev) {
            if (ifp.state == State.DEAD) {
                return;
            }
            good = !needed(ifp);
            if (!good && !idev.ready) {
                return; // begins when the interface comes up
            }
            ifp.state = State.DAD;
            if (!good) {
                kick(ifp);
            }
        }
        idev.mld.joinSolicitedNode(ifp.lo);
        if (good) {
            succeed(ifp);
        }
    }

    private static boolean needed(Inet6IfAddr ifp) {
        Inet6Dev idev = ifp.idev;
        int alone = NetDevice.IFF_NOARP | NetDevice.IFF_LOOPBACK;
        return (idev.dev.flags & alone) == 0
                && idev.cnf.effective(Conf6Sysctls.ACCEPT_DAD) >= 1
                && ifp.hasFlag(Inet6IfAddr.TENTATIVE)
                && !ifp.hasFlag(Inet6IfAddr.NODAD);
    }

    /// The first probe waits a random time, so that hosts switched on together do not speak at once.
    @Kernel("addrconf_dad_kick")
    private static void kick(Inet6IfAddr ifp) {
        Inet6Dev idev = ifp.idev;
        int delay = idev.cnf.get(Conf6Sysctls.ROUTER_SOLICITATION_DELAY);
        ifp.dadProbes = idev.cnf.get(Conf6Sysctls.DAD_TRANSMITS);
        ifp.dadNonce = 0;
        if (idev.cnf.on(Conf6Sysctls.ENHANCED_DAD)) {
            while (ifp.dadNonce == 0) {
                ifp.dadNonce = idev.net.random.nextLong() >>> 16;
            }
        }
        again(ifp, delay > 0 ? idev.net.random.below(delay) : 0);
    }

    private static void again(Inet6IfAddr ifp, long delay) {
        ifp.dadTimer.mod(ifp.idev.net.clock.jiffies() + delay);
    }

    @Kernel("addrconf_dad_work")
    private static void work(Inet6IfAddr ifp) {
        Inet6Dev idev = ifp.idev;
        boolean done;
        synchronized (idev) {
            if (ifp.state != State.DAD || !idev.ready) {
                return;
            }
            done = ifp.dadProbes == 0;
            if (!done) {
                ifp.dadProbes--;
                int interval = idev.neighParms.get(Ndisc6.PARMS.retransTime);
                again(ifp, Math.max(interval, MIN_INTERVAL));
            }
        }
        if (done) {
            succeed(ifp);
        } else {
            NdiscSend.dadProbe(ifp);
        }
    }

    /// The address is ours alone: it may be used, and on its account routers are looked for.
    @Kernel("addrconf_dad_completed")
    private static void succeed(Inet6IfAddr ifp) {
        Inet6Dev idev = ifp.idev;
        boolean wasTentative;
        synchronized (idev) {
            if (ifp.state != State.DAD) {
                return;
            }
            wasTentative = ifp.isTentative();
            int tried = Inet6IfAddr.TENTATIVE | Inet6IfAddr.OPTIMISTIC | Inet6IfAddr.DADFAILED;
            ifp.flags &= ~tried;
            ifp.state = State.POSTDAD;
            ifp.dadTimer.del();
        }
        Addrconf.addHostRoute(ifp);
        if (In6Addr.isLinkLocal(ifp.hi) && isOnlyLinkLocal(ifp)) {
            idev.mld.reportAgain();
            AddrconfRs.start(idev);
        }
        if (wasTentative && idev.cnf.on(Conf6Sysctls.NDISC_NOTIFY)) {
            AddrconfRs.announce(ifp);
        }
        idev.net.bumpRouteGenid();
    }

    @Kernel("ipv6_lonely_lladdr")
    private static boolean isOnlyLinkLocal(Inet6IfAddr ifp) {
        for (Inet6IfAddr other : ifp.idev.addrs) {
            if (other != ifp
                    && In6Addr.isLinkLocal(other.hi)
                    && !other.hasFlag(Inet6IfAddr.TENTATIVE)) {
                return false;
            }
        }
        return true;
    }

    /// Somebody else has the address.
    @Kernel({"addrconf_dad_failure", "addrconf_dad_stop"})
    static void fail(Inet6IfAddr ifp) {
        Inet6Dev idev = ifp.idev;
        synchronized (idev) {
            if (ifp.state != State.DAD) {
                return;
            }
            ifp.state = State.ERRDAD;
            ifp.dadTimer.del();
            ifp.flags |= Inet6IfAddr.DADFAILED | Inet6IfAddr.TENTATIVE;
            ifp.flags &= ~Inet6IfAddr.OPTIMISTIC;
        }
        if (ifp.hasFlag(Inet6IfAddr.STABLE_PRIVACY) && tryAnother(ifp)) {
            return;
        }
        if (!ifp.hasFlag(Inet6IfAddr.PERMANENT)) {
            AddrconfDown.delete(ifp);
        }
        disableIfWanted(ifp);
    }

    /// An address made from a secret is made anew with another count (RFC 7217 section 6).
    private static boolean tryAnother(Inet6IfAddr ifp) {
        Inet6Dev idev = ifp.idev;
        int count = ifp.dadCount + 1;
        if (count > idev.net.sysctl.get(Ipv6Sysctls.IDGEN_RETRIES)) {
            return false;
        }
        long lo = AddrconfGen.identifier(idev, ifp.hi, count);
        if (lo == AddrconfGen.NONE || idev.find(ifp.hi, lo) != null) {
            return false;
        }
        int flags = ifp.flags & ~Inet6IfAddr.DADFAILED;
        Inet6IfAddr next = new Inet6IfAddr(idev, ifp.hi, lo, ifp.prefixLen, flags);
        next.dadCount = count;
        next.validLft = ifp.validLft;
        next.preferedLft = ifp.preferedLft;
        Addrconf.link(next);
        AddrconfDown.delete(ifp);
        if (next.hasFlag(Inet6IfAddr.PERMANENT)) {
            Addrconf.addPrefixRoute(idev.dev, next.hi, next.lo, next.prefixLen, 0, Fib6Info.NEVER);
        }
        synchronized (idev) {
            next.state = State.DAD;
            kick(next);
            again(next, idev.net.sysctl.get(Ipv6Sysctls.IDGEN_DELAY));
        }
        idev.mld.joinSolicitedNode(next.lo);
        return true;
    }

    /// With `accept_dad` 2 a host whose own hardware address is taken stays off the link.
    private static void disableIfWanted(Inet6IfAddr ifp) {
        Inet6Dev idev = ifp.idev;
        boolean ofHardware =
                ifp.is(In6Addr.LINK_LOCAL_HI, In6Addr.eui64(idev.dev.mac()))
                        && idev.dev.type == NetDevice.ARPHRD_ETHER;
        if (idev.cnf.effective(Conf6Sysctls.ACCEPT_DAD) > 1 && ofHardware) {
            idev.cnf.set(Conf6Sysctls.DISABLE_IPV6, 1);
        }
    }
}
