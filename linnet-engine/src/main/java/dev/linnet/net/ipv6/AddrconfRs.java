package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.NetRandom;
import dev.linnet.wire.In6Addr;

/// Router solicitations of an interface that has come up (RFC 4861 section 6.3.7, RFC 7559).
final class AddrconfRs {
    static final KTimer.Function EXPIRE = owner -> expire((Inet6Dev) owner);

    /// Spreads are tenths either way: the factor is drawn from 900,000 to 1,100,000 millionths.
    private static final int SPREAD = 200_001;

    private static final KTimer.Function ANNOUNCE =
            owner -> {
                Inet6IfAddr ifp = (Inet6IfAddr) owner;
                NdiscSend.na(
                        ifp.idev.dev,
                        In6Addr.LINK_LOCAL_MULTICAST_HI,
                        In6Addr.ALL_NODES_LO,
                        ifp.hi,
                        ifp.lo,
                        NdiscSend.OVERRIDE,
                        true);
            };

    private AddrconfRs() {}

    /// Begins to ask, if answers would be heeded. The question goes out on the timer's thread, as
    /// locks may be held here.
    @Kernel("addrconf_dad_completed")
    static void start(Inet6Dev idev) {
        boolean ask =
                idev.acceptRa()
                        && !idev.dev.isLoopback()
                        && idev.cnf.get(Conf6Sysctls.ROUTER_SOLICITATIONS) != 0;
        if (ask) {
            synchronized (idev) {
                idev.rsProbes = 0;
                idev.rsInterval = 0;
                idev.rsTimer.mod(idev.net.clock.jiffies());
            }
        }
    }

    @Kernel("addrconf_rs_timer")
    private static void expire(Inet6Dev idev) {
        int most = idev.cnf.get(Conf6Sysctls.ROUTER_SOLICITATIONS);
        synchronized (idev) {
            boolean stop =
                    idev.dead
                            || !idev.ready
                            || !idev.acceptRa()
                            || idev.raRcvd
                            || (most >= 0 && idev.rsProbes >= most)
                            || idev.linkLocal(Inet6IfAddr.TENTATIVE) == null;
            if (stop) {
                return;
            }
            idev.rsProbes++;
            idev.rsSent = true;
            idev.rsInterval = nextInterval(idev);
            boolean last = idev.rsProbes == most;
            long delay =
                    last ? idev.cnf.get(Conf6Sysctls.ROUTER_SOLICITATION_DELAY) : idev.rsInterval;
            idev.rsTimer.mod(idev.net.clock.jiffies() + delay);
        }
        NdiscSend.rs(idev);
    }

    /// Twice as long each time, up to a bound, with some randomness (RFC 3315 section 14).
    @Kernel({"rfc3315_s14_backoff_init", "rfc3315_s14_backoff_update"})
    private static long nextInterval(Inet6Dev idev) {
        NetRandom random = idev.net.random;
        long max = idev.cnf.get(Conf6Sysctls.ROUTER_SOLICITATION_MAX_INTERVAL);
        long first = idev.cnf.get(Conf6Sysctls.ROUTER_SOLICITATION_INTERVAL);
        if (idev.rsInterval == 0) {
            return first * (900_000 + random.below(SPREAD)) / 1_000_000;
        }
        long next = idev.rsInterval * (1_900_000 + random.below(SPREAD)) / 1_000_000;
        return next > max ? max * (900_000 + random.below(SPREAD)) / 1_000_000 : next;
    }

    /// Tells the neighbours of a new address (`ndisc_notify`), on the timer's thread.
    static void announce(Inet6IfAddr ifp) {
        ifp.idev.net.timers.timer(ANNOUNCE, ifp).mod(ifp.idev.net.clock.jiffies());
    }
}
