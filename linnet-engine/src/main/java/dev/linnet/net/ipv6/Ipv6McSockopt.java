package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In6Addr;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The options of level `SOL_IPV6` that are about groups. The sock is locked.
final class Ipv6McSockopt {
    private static final int MREQ_BYTES = 20;

    /// `struct group_req`, `group_source_req`, `group_filter` and the addresses in them
    /// (`struct sockaddr_storage`).
    private static final int STORAGE_BYTES = 128;

    private static final int GROUP = 8;
    private static final int GROUP_REQ_BYTES = GROUP + STORAGE_BYTES;
    private static final int SOURCE_REQ_BYTES = GROUP + 2 * STORAGE_BYTES;
    private static final int FILTER_MODE = GROUP + STORAGE_BYTES;
    private static final int FILTER_BYTES = FILTER_MODE + 8;

    /// Where in a `struct sockaddr_in6` the address is.
    private static final int ADDR = 8;

    /// Modes of a filter (`MCAST_EXCLUDE`, `MCAST_INCLUDE`).
    private static final int EXCLUDE = 0;

    private static final int INCLUDE = 1;
    private static final int NUMSRC_LIMIT = 0x1ffffff;

    /// `MRT6_INIT` … `MRT6_FLUSH`.
    private static final int MRT6_BASE = 200;

    private static final int MRT6_MAX = 212;

    private Ipv6McSockopt() {}

    static int set(InetSock sk, int name, byte[] value) {
        return switch (name) {
            case Ipv6Opt.IPV6_JOIN_GROUP, Ipv6Opt.IPV6_LEAVE_GROUP -> mreq(sk, name, value);
            case Ipv6Opt.MCAST_JOIN_GROUP, Ipv6Opt.MCAST_LEAVE_GROUP -> groupReq(sk, name, value);
            case Ipv6Opt.MCAST_JOIN_SOURCE_GROUP,
                    Ipv6Opt.MCAST_LEAVE_SOURCE_GROUP,
                    Ipv6Opt.MCAST_BLOCK_SOURCE,
                    Ipv6Opt.MCAST_UNBLOCK_SOURCE ->
                    sourceReq(sk, name, value);
            case Ipv6Opt.MCAST_MSFILTER -> setFilter(sk, value);
            default -> unknown(sk, name);
        };
    }

    /// Multicast routing is for routers' daemons, on raw sockets of ICMPv6 only.
    private static int unknown(InetSock sk, int name) {
        boolean daemon = sk.type == SocketType.SOCK_RAW && sk.num == IpProto.IPPROTO_ICMPV6;
        boolean routing = name >= MRT6_BASE && name <= MRT6_MAX;
        return routing && !daemon ? -Errno.EOPNOTSUPP : -Errno.ENOPROTOOPT; // D-023
    }

    private static int mreq(InetSock sk, int name, byte[] value) {
        if (value.length < MREQ_BYTES) {
            return -Errno.EINVAL;
        }
        if (sk instanceof InetConnectionSock) {
            return -Errno.EPROTO;
        }
        long hi = Bytes.u64(value, 0);
        long lo = Bytes.u64(value, 8);
        int ifindex = Abi.getInt(value, 16);
        return name == Ipv6Opt.IPV6_JOIN_GROUP
                ? Ip6Multicast.join(sk, ifindex, hi, lo, McFilter.ALL)
                : Ip6Multicast.drop(sk, ifindex, hi, lo);
    }

    @Kernel("ipv6_mcast_join_leave")
    private static int groupReq(InetSock sk, int name, byte[] value) {
        if (value.length < GROUP_REQ_BYTES) {
            return -Errno.EINVAL;
        }
        if (family(value, GROUP) != Af.AF_INET6) {
            return -Errno.EADDRNOTAVAIL;
        }
        int ifindex = Abi.getInt(value, 0);
        In6Addr group = address(value, GROUP);
        return name == Ipv6Opt.MCAST_JOIN_GROUP
                ? Ip6Multicast.join(sk, ifindex, group.hi(), group.lo(), McFilter.ALL)
                : Ip6Multicast.drop(sk, ifindex, group.hi(), group.lo());
    }

    private static int family(byte[] value, int at) {
        return Abi.getShort(value, at) & 0xFFFF;
    }

    private static In6Addr address(byte[] value, int at) {
        return In6Addr.read(value, at + ADDR);
    }

    @Kernel("do_ipv6_mcast_group_source")
    private static int sourceReq(InetSock sk, int name, byte[] value) {
        if (value.length < SOURCE_REQ_BYTES) {
            return -Errno.EINVAL;
        }
        if (family(value, GROUP) != Af.AF_INET6
                || family(value, GROUP + STORAGE_BYTES) != Af.AF_INET6) {
            return -Errno.EADDRNOTAVAIL;
        }
        int ifindex = Abi.getInt(value, 0);
        In6Addr group = address(value, GROUP);
        In6Addr source = address(value, GROUP + STORAGE_BYTES);
        boolean exclude =
                name == Ipv6Opt.MCAST_BLOCK_SOURCE || name == Ipv6Opt.MCAST_UNBLOCK_SOURCE;
        if (name == Ipv6Opt.MCAST_JOIN_SOURCE_GROUP) {
            int err = Ip6Multicast.join(sk, ifindex, group.hi(), group.lo(), McFilter.NONE);
            if (err != 0 && err != -Errno.EADDRINUSE) {
                return err;
            }
        }
        boolean add = name == Ipv6Opt.MCAST_JOIN_SOURCE_GROUP || name == Ipv6Opt.MCAST_BLOCK_SOURCE;
        return Ip6Multicast.source(sk, ifindex, group.hi(), group.lo(), source, add, exclude);
    }

    @Kernel("ipv6_set_mcast_msfilter")
    private static int setFilter(InetSock sk, byte[] value) {
        if (value.length < FILTER_BYTES) {
            return -Errno.EINVAL;
        }
        int mode = Abi.getInt(value, FILTER_MODE);
        int count = Abi.getInt(value, FILTER_MODE + 4);
        if (Integer.compareUnsigned(count, NUMSRC_LIMIT) >= 0
                || count > sk.net.sysctl.get(Ipv6Sysctls.MLD_MAX_MSF)) {
            return -Errno.ENOBUFS;
        }
        if (FILTER_BYTES + count * STORAGE_BYTES > value.length
                || (mode != EXCLUDE && mode != INCLUDE)) {
            return -Errno.EINVAL;
        }
        Set<In6Addr> sources = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            sources.add(address(value, FILTER_BYTES + i * STORAGE_BYTES));
        }
        In6Addr group = address(value, GROUP);
        McFilter plain = mode == EXCLUDE ? McFilter.ALL : McFilter.NONE;
        McFilter filter = count == 0 ? plain : new McFilter(mode == EXCLUDE, sources);
        return Ip6Multicast.filter(sk, Abi.getInt(value, 0), group.hi(), group.lo(), filter);
    }

    static int get(InetSock sk, int name, byte[] value) {
        return name == Ipv6Opt.MCAST_MSFILTER ? getFilter(sk, value) : unknown(sk, name);
    }

    /// The user names group and interface in the buffer that the answer goes to.
    @Kernel("ipv6_get_msfilter")
    private static int getFilter(InetSock sk, byte[] value) {
        if (value.length < FILTER_BYTES) {
            return -Errno.EINVAL;
        }
        if (family(value, GROUP) != Af.AF_INET6) {
            return -Errno.EADDRNOTAVAIL;
        }
        In6Addr group = address(value, GROUP);
        if (!In6Addr.isMulticast(group.hi())) {
            return -Errno.EINVAL;
        }
        McFilter filter = Ip6Multicast.filterOf(sk, Abi.getInt(value, 0), group.hi(), group.lo());
        if (filter == null) {
            return -Errno.EADDRNOTAVAIL;
        }
        int room = Abi.getInt(value, FILTER_MODE + 4);
        int fits = (value.length - FILTER_BYTES) / STORAGE_BYTES;
        List<In6Addr> sources = new ArrayList<>(filter.sources());
        int count = Math.min(Math.max(0, Math.min(room, fits)), sources.size());
        Abi.putInt(value, FILTER_MODE, filter.exclude() ? EXCLUDE : INCLUDE);
        Abi.putInt(value, FILTER_MODE + 4, sources.size());
        for (int i = 0; i < count; i++) {
            int at = FILTER_BYTES + i * STORAGE_BYTES;
            In6Addr source = sources.get(i);
            new SockAddrIn6(0, 0, source.hi(), source.lo(), 0).encode(value, at);
        }
        return FILTER_BYTES + count * STORAGE_BYTES;
    }
}
