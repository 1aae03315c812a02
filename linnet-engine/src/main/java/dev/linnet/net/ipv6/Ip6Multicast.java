package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In6Addr;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The groups that sockets have joined (`net/ipv6/mcast.c`, `ipv6_mc_socklist`). Changes are made
/// under the sock's lock.
public final class Ip6Multicast {
    /// One membership of a socket (`struct ipv6_mc_socklist`).
    static final class Membership {
        final long hi;
        final long lo;
        final int ifindex;
        volatile McFilter filter;

        Membership(long hi, long lo, int ifindex, McFilter filter) {
            this.hi = hi;
            this.lo = lo;
            this.ifindex = ifindex;
            this.filter = filter;
        }

        boolean is(long groupHi, long groupLo) {
            return lo == groupLo && hi == groupHi;
        }
    }

    private Ip6Multicast() {}

    /// Whether a socket shall have a packet of a source to a group that came in over an interface: one
    /// that has not joined takes what others have joined, unless `IPV6_MULTICAST_ALL` is off.
    @Kernel("inet6_mc_check")
    public static boolean allows(
            InetSock sk, long groupHi, long groupLo, long sourceHi, long sourceLo, int ifindex) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        if (pinfo != null) {
            for (Membership m : pinfo.mcList) {
                if (m.is(groupHi, groupLo)) {
                    return m.filter.wants(sourceHi, sourceLo);
                }
            }
        }
        return sk.mcAll6;
    }

    /// Leaves all groups: the socket is closed.
    @Kernel("ipv6_sock_mc_close")
    public static void dropSocket(InetSock sk) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        if (pinfo == null) {
            return;
        }
        for (Membership m : pinfo.mcList) {
            tell(sk, m, null);
        }
        pinfo.mcList.clear();
    }

    private static void tell(Sock sk, Membership m, @Nullable McFilter filter) {
        Inet6Dev idev = Inet6Dev.of(sk.net.devices.byIndex(m.ifindex));
        if (idev != null) {
            idev.mld.set(m, m.hi, m.lo, filter);
        }
    }

    /// Joins a group (`IPV6_JOIN_GROUP`): 0, `-EINVAL` if it is none, `-EADDRINUSE`, `-ENODEV`.
    ///
    /// @param ifindex interface, or 0 for the one that the routes say
    @Kernel({"ipv6_sock_mc_join", "ipv6_sock_mc_join_ssm"})
    static int join(InetSock sk, int ifindex, long hi, long lo, McFilter filter) {
        if (!In6Addr.isMulticast(hi)) {
            return -Errno.EINVAL;
        }
        Ipv6Pinfo pinfo = Ipv6Pinfo.make(sk);
        if (find(pinfo, ifindex, hi, lo) != null) {
            return -Errno.EADDRINUSE;
        }
        NetDevice dev = device(sk.net, ifindex, hi, lo);
        if (dev == null) {
            return -Errno.ENODEV;
        }
        Membership m = new Membership(hi, lo, dev.ifindex, filter);
        pinfo.mcList.add(0, m);
        tell(sk, m, filter);
        return 0;
    }

    /// The interface of an index, or with 0 the one that the routes say; null if it has no IPv6.
    @Kernel("ip6_mc_find_dev")
    private static @Nullable NetDevice device(NetNamespace net, int ifindex, long hi, long lo) {
        NetDevice dev;
        if (ifindex != 0) {
            dev = net.devices.byIndex(ifindex);
        } else {
            Fib6Info rt = Ip6Fib.of(net).lookup(hi, lo, 0, false);
            dev = rt == null ? null : rt.dev;
        }
        return Inet6Dev.of(dev) == null ? null : dev;
    }

    /// The membership of a group, with an interface of 0 on any.
    private static @Nullable Membership find(Ipv6Pinfo pinfo, int ifindex, long hi, long lo) {
        for (Membership m : pinfo.mcList) {
            if (m.is(hi, lo) && (ifindex == 0 || m.ifindex == ifindex)) {
                return m;
            }
        }
        return null;
    }

    /// Leaves a group (`IPV6_LEAVE_GROUP`): 0, `-EINVAL`, `-EADDRNOTAVAIL` if it was not joined.
    @Kernel("ipv6_sock_mc_drop")
    static int drop(InetSock sk, int ifindex, long hi, long lo) {
        if (!In6Addr.isMulticast(hi)) {
            return -Errno.EINVAL;
        }
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        Membership m = pinfo == null ? null : find(pinfo, ifindex, hi, lo);
        if (pinfo == null || m == null) {
            return -Errno.EADDRNOTAVAIL;
        }
        pinfo.mcList.remove(m);
        tell(sk, m, null);
        return 0;
    }

    /// Adds or removes a source of a group's filter (`MCAST_JOIN_SOURCE_GROUP`, `MCAST_BLOCK_SOURCE`
    /// and their opposites): 0, `-EINVAL`, `-EADDRNOTAVAIL`, `-ENOBUFS`.
    ///
    /// @param exclude the option is for filters that exclude
    @Kernel("ip6_mc_source")
    static int source(
            InetSock sk,
            int ifindex,
            long hi,
            long lo,
            In6Addr source,
            boolean add,
            boolean exclude) {
        if (!In6Addr.isMulticast(hi)) {
            return -Errno.EINVAL;
        }
        if (device(sk.net, ifindex, hi, lo) == null) {
            return -Errno.ENODEV;
        }
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        Membership m = pinfo == null ? null : find(pinfo, ifindex, hi, lo);
        if (pinfo == null || m == null) {
            return -Errno.EINVAL;
        }
        McFilter old = m.filter;
        if (old.exclude() != exclude) {
            if (!old.isPlain()) {
                return -Errno.EINVAL;
            }
            replace(
                    sk,
                    m,
                    exclude ? McFilter.ALL : McFilter.NONE); // also if what follows is refused
            old = m.filter;
        }
        Set<In6Addr> sources =
                new LinkedHashSet<>(old.exclude() == exclude ? old.sources() : Set.of());
        if (add ? sources.contains(source) : !sources.contains(source)) {
            return -Errno.EADDRNOTAVAIL;
        }
        if (add && sources.size() >= sk.net.sysctl.get(Ipv6Sysctls.MLD_MAX_MSF)) {
            return -Errno.ENOBUFS;
        }
        if (add) {
            sources.add(source);
        } else {
            sources.remove(source);
        }
        if (!add && !exclude && sources.isEmpty()) {
            return drop(sk, ifindex, hi, lo); // nothing left to listen to
        }
        replace(sk, m, new McFilter(exclude, sources));
        return 0;
    }

    /// Replaces the filter of a group that was joined (`MCAST_MSFILTER`): 0, `-EINVAL`.
    @Kernel("ip6_mc_msfilter")
    static int filter(InetSock sk, int ifindex, long hi, long lo, McFilter filter) {
        if (!In6Addr.isMulticast(hi)) {
            return -Errno.EINVAL;
        }
        if (device(sk.net, ifindex, hi, lo) == null) {
            return -Errno.ENODEV;
        }
        if (!filter.exclude() && filter.sources().isEmpty()) {
            return drop(sk, ifindex, hi, lo);
        }
        Membership m = exactly(sk, ifindex, hi, lo);
        if (m == null) {
            return -Errno.EINVAL;
        }
        replace(sk, m, filter);
        return 0;
    }

    private static void replace(InetSock sk, Membership m, McFilter filter) {
        m.filter = filter;
        tell(sk, m, filter);
    }

    /// The filter of a group that was joined, or null.
    @Kernel("ip6_mc_msfget")
    static @Nullable McFilter filterOf(InetSock sk, int ifindex, long hi, long lo) {
        Membership m = exactly(sk, ifindex, hi, lo);
        return m == null ? null : m.filter;
    }

    private static @Nullable Membership exactly(InetSock sk, int ifindex, long hi, long lo) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        return pinfo == null || ifindex == 0 ? null : find(pinfo, ifindex, hi, lo);
    }
}
