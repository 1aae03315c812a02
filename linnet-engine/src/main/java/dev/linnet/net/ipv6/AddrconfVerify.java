package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;

/// The lifetimes of a namespace's addresses: deprecates and removes those whose time is over.
final class AddrconfVerify {
    private static final Pernet<AddrconfVerify> OF = new Pernet<>(AddrconfVerify::new);
    private static final KTimer.Function RUN = owner -> ((AddrconfVerify) owner).run();

    private final NetNamespace net;
    private final KTimer timer;

    private AddrconfVerify(NetNamespace net) {
        this.net = net;
        this.timer = net.timers.timer(RUN, this);
    }

    static AddrconfVerify of(NetNamespace net) {
        return OF.of(net);
    }

    /// Looks at all addresses now, and again when the next lifetime ends.
    @Kernel("addrconf_verify_rtnl")
    void run() {
        long now = net.clock.jiffies();
        long next = Long.MAX_VALUE;
        for (Inet6Dev idev : Inet6Dev.all(net)) {
            for (Inet6IfAddr ifp : idev.addrs) {
                next = Math.min(next, verify(ifp, now));
            }
        }
        if (next != Long.MAX_VALUE) {
            timer.mod(next);
        }
    }

    /// When to look at an address again, jiffies.
    private long verify(Inet6IfAddr ifp, long now) {
        if (ifp.validLft == Inet6IfAddr.INFINITY_LIFE_TIME
                && ifp.preferedLft == Inet6IfAddr.INFINITY_LIFE_TIME) {
            return Long.MAX_VALUE;
        }
        long validUntil = until(ifp.tstamp, ifp.validLft);
        long preferedUntil = until(ifp.tstamp, ifp.preferedLft);
        if (now >= validUntil) {
            AddrconfDown.delete(ifp);
            return Long.MAX_VALUE;
        }
        if (now < preferedUntil) {
            return Math.min(validUntil, preferedUntil);
        }
        if (!ifp.isDeprecated()) {
            synchronized (ifp.idev) {
                ifp.flags |= Inet6IfAddr.DEPRECATED;
            }
            net.bumpRouteGenid();
        }
        return validUntil;
    }

    private static long until(long tstamp, long lft) {
        return lft == Inet6IfAddr.INFINITY_LIFE_TIME ? Long.MAX_VALUE : tstamp + lft * 1000;
    }
}
