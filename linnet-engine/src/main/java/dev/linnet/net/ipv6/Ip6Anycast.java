package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In6Addr;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Anycast addresses (RFC 4291 section 2.6) that sockets make this host take (`IPV6_JOIN_ANYCAST`,
/// `net/ipv6/anycast.c`). An address belongs to an interface and lasts as long as a socket holds it.
final class Ip6Anycast {
    /// One address of an interface (`struct ifacaddr6`).
    static final class Address {
        final long hi;
        final long lo;
        private int users = 1;

        Address(long hi, long lo) {
            this.hi = hi;
            this.lo = lo;
        }
    }

    /// One membership of a socket (`struct ipv6_ac_socklist`).
    record Membership(long hi, long lo, int ifindex) {}

    private final Inet6Dev idev;
    private final List<Address> addresses = new CopyOnWriteArrayList<>();

    Ip6Anycast(Inet6Dev idev) {
        this.idev = idev;
    }

    /// True if the interface has taken an anycast address.
    @Kernel("ipv6_chk_acast_dev")
    boolean has(long hi, long lo) {
        return find(hi, lo) != null;
    }

    private @Nullable Address find(long hi, long lo) {
        for (Address a : addresses) {
            if (a.hi == hi && a.lo == lo) {
                return a;
            }
        }
        return null;
    }

    @Kernel("__ipv6_dev_ac_inc")
    private synchronized void inc(long hi, long lo) {
        Address known = find(hi, lo);
        if (known != null) {
            known.users++;
            return;
        }
        addresses.add(new Address(hi, lo));
        Fib6Info route = new Fib6Info(Rtn.LOCAL, idev.dev, 128, 0, 0, 0, 0, RouteMetrics.NONE);
        Ip6Fib.of(idev.net).add(true, hi, lo, route);
        idev.mld.joinSolicitedNode(lo);
    }

    @Kernel("__ipv6_dev_ac_dec")
    private synchronized void dec(long hi, long lo) {
        Address a = find(hi, lo);
        if (a == null || --a.users > 0) {
            return;
        }
        addresses.remove(a);
        idev.mld.leaveSolicitedNode(lo);
        Ip6Fib.of(idev.net).remove(true, hi, lo, 128, i -> i.dev == idev.dev);
    }

    // ---- what sockets hold
    // ---------------------------------------------------------------------------

    /// 0, `-EPERM`, `-EINVAL` for a group or an address of this host's own, `-ENODEV`,
    /// `-EADDRNOTAVAIL` for a host outside of the address's prefix.
    @Kernel("ipv6_sock_ac_join")
    static int join(InetSock sk, int ifindex, long hi, long lo) {
        if (sk.uid != 0) {
            return -Errno.EPERM;
        }
        NetDevice named = ifindex == 0 ? null : sk.net.devices.byIndex(ifindex);
        boolean own = Ipv6AddrType.isLocal(sk.net, hi, lo, named);
        if (In6Addr.isMulticast(hi) || own) {
            return -Errno.EINVAL;
        }
        NetDevice dev = ifindex != 0 ? named : choose(sk.net, hi, lo);
        if (dev == null) {
            return ifindex == 0 && isHost(sk.net) ? -Errno.EADDRNOTAVAIL : -Errno.ENODEV;
        }
        Inet6Dev idev = Inet6Dev.of(dev);
        if (idev == null) {
            return ifindex != 0 ? -Errno.ENODEV : -Errno.EADDRNOTAVAIL;
        }
        if (!idev.forwarding() && !idev.onLink(hi, lo)) {
            return -Errno.EADDRNOTAVAIL;
        }
        idev.anycast.inc(hi, lo);
        Ipv6Pinfo.make(sk).acList.add(new Membership(hi, lo, dev.ifindex));
        return 0;
    }

    private static boolean isHost(NetNamespace net) {
        return !Ip6Forward.enabled(net);
    }

    /// Where the routes lead; a router without one takes any interface that is up.
    private static @Nullable NetDevice choose(NetNamespace net, long hi, long lo) {
        Fib6Info rt = Ip6Fib.of(net).lookup(hi, lo, 0, false);
        if (rt != null || isHost(net)) {
            return rt == null ? null : rt.dev;
        }
        for (Inet6Dev idev : Inet6Dev.all(net)) {
            if (idev.dev.isUp() && !idev.dev.isLoopback()) {
                return idev.dev;
            }
        }
        return null;
    }

    /// 0, or `-ENOENT` for what was not joined.
    ///
    /// @param ifindex 0 for any interface
    @Kernel("ipv6_sock_ac_drop")
    static int drop(InetSock sk, int ifindex, long hi, long lo) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        if (pinfo != null) {
            for (int i = pinfo.acList.size() - 1; i >= 0; i--) {
                Membership m = pinfo.acList.get(i);
                if (m.hi == hi && m.lo == lo && (ifindex == 0 || m.ifindex == ifindex)) {
                    pinfo.acList.remove(i);
                    release(sk, m);
                    return 0;
                }
            }
        }
        return -Errno.ENOENT;
    }

    private static void release(InetSock sk, Membership m) {
        Inet6Dev idev = Inet6Dev.of(sk.net.devices.byIndex(m.ifindex));
        if (idev != null) {
            idev.anycast.dec(m.hi, m.lo);
        }
    }

    /// The socket is closed.
    @Kernel("ipv6_sock_ac_close")
    static void dropSocket(InetSock sk) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        if (pinfo != null) {
            pinfo.acList.forEach(m -> release(sk, m));
            pinfo.acList.clear();
        }
    }
}
