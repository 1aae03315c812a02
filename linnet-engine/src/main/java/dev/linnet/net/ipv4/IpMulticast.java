package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.kernel.sysctl.NetCoreSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In4Addr;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The multicast groups of IPv4 sockets: joining, leaving, filters of sources (RFC 3678). Changes need
/// the sock's lock.
public final class IpMulticast {
    /// Sizes and places in the structures of `include/uapi/linux/in.h`.
    private static final int IP_MREQ = 8;

    private static final int IP_MREQN = 12;
    private static final int IP_MREQ_SOURCE = 12;
    private static final int IP_MSFILTER_0 = 16;
    private static final int GROUP_REQ = 136;
    private static final int GROUP_SOURCE_REQ = 264;
    private static final int GROUP_FILTER_0 = 144;
    private static final int GR_GROUP = 8;
    private static final int GSR_SOURCE = 136;
    private static final int SS_BYTES = 128;

    /// `MRT_INIT` … `MRT_FLUSH`.
    private static final int MRT_BASE = 200;

    private static final int MRT_MAX = 212;

    private static final int MCAST_EXCLUDE = 0;
    private static final int MCAST_INCLUDE = 1;

    /// Of a membership that has no filter, which may become one of either kind; an empty filter that
    /// once had sources may not.
    private static final int[] NO_SOURCES = {};

    private IpMulticast() {}

    /// Sets multicast up in a namespace, after [Devinet#init].
    @Kernel("ip_mc_init_dev")
    public static void init(NetNamespace net) {
        Igmp.init(net);
        net.devices.addNotifier(
                (dev, event) -> {
                    InDevice in = InDevice.of(dev);
                    if (in == null) {
                        return;
                    }
                    switch (event) {
                        case UP -> in.igmp.up();
                        case DOWN -> in.igmp.down();
                        case REGISTER, UNREGISTER, CHANGE_MTU -> {}
                    }
                });
    }

    // ---- what a socket hears
    // -----------------------------------------------------------------------

    /// True if a datagram to a group may be given to a socket: it has joined the group on the
    /// interface and lets the source in; without a membership `IP_MULTICAST_ALL` decides
    /// (`ip_mc_sf_allow`). Any thread.
    @Kernel("ip_mc_sf_allow")
    public static boolean allows(InetSock sk, int group, int source, int ifindex) {
        if (!In4Addr.isMulticast(group)) {
            return true;
        }
        McMembership m = McMembership.find(sk, group, ifindex);
        return m == null ? sk.mcAll : m.hears(source);
    }

    // ---- options
    // -----------------------------------------------------------------------------------

    static int setsockopt(InetSock sk, int name, byte[] value) {
        switch (name) {
            case IpOpt.IP_MULTICAST_IF -> {
                return setInterface(sk, value);
            }
            case IpOpt.IP_ADD_MEMBERSHIP, IpOpt.IP_DROP_MEMBERSHIP -> {
                return sk instanceof InetConnectionSock
                        ? -Errno.EPROTO
                        : joinOrLeave(sk, name == IpOpt.IP_ADD_MEMBERSHIP, value);
            }
            case IpOpt.IP_BLOCK_SOURCE,
                    IpOpt.IP_UNBLOCK_SOURCE,
                    IpOpt.IP_ADD_SOURCE_MEMBERSHIP,
                    IpOpt.IP_DROP_SOURCE_MEMBERSHIP,
                    IpOpt.IP_MSFILTER,
                    IpOpt.MCAST_JOIN_GROUP,
                    IpOpt.MCAST_LEAVE_GROUP,
                    IpOpt.MCAST_BLOCK_SOURCE,
                    IpOpt.MCAST_UNBLOCK_SOURCE,
                    IpOpt.MCAST_JOIN_SOURCE_GROUP,
                    IpOpt.MCAST_LEAVE_SOURCE_GROUP,
                    IpOpt.MCAST_MSFILTER -> {
                return membership(sk, name, value);
            }
            default -> {
                return unknown(sk, name);
            }
        }
    }

    /// Multicast routing is for routers' daemons, on raw sockets of IGMP only.
    private static int unknown(InetSock sk, int name) {
        boolean daemon = sk.type == SocketType.SOCK_RAW && sk.num == IpProto.IPPROTO_IGMP;
        boolean routing = name >= MRT_BASE && name <= MRT_MAX;
        return routing && !daemon ? -Errno.EOPNOTSUPP : -Errno.ENOPROTOOPT; // D-023
    }

    private static int membership(InetSock sk, int name, byte[] value) {
        return switch (name) {
            case IpOpt.MCAST_JOIN_GROUP, IpOpt.MCAST_LEAVE_GROUP -> {
                if (value.length < GROUP_REQ || family(value, GR_GROUP) != Af.AF_INET) {
                    yield -Errno.EINVAL;
                }
                int group = address(value, GR_GROUP);
                int ifindex = Abi.getInt(value, 0);
                yield name == IpOpt.MCAST_JOIN_GROUP
                        ? join(sk, group, 0, ifindex, true)
                        : leave(sk, group, 0, ifindex);
            }
            case IpOpt.IP_MSFILTER -> setFilter(sk, value);
            case IpOpt.MCAST_MSFILTER -> setGroupFilter(sk, value);
            case IpOpt.MCAST_BLOCK_SOURCE,
                    IpOpt.MCAST_UNBLOCK_SOURCE,
                    IpOpt.MCAST_JOIN_SOURCE_GROUP,
                    IpOpt.MCAST_LEAVE_SOURCE_GROUP ->
                    groupSource(sk, name, value);
            default ->
                    value.length != IP_MREQ_SOURCE
                            ? -Errno.EINVAL
                            : source(
                                    sk,
                                    name,
                                    Bytes.u32(value, 0),
                                    Bytes.u32(value, 4),
                                    0,
                                    Bytes.u32(value, 8));
        };
    }

    private static int family(byte[] value, int at) {
        return Abi.getShort(value, at);
    }

    private static int address(byte[] value, int at) {
        return Bytes.u32(value, at + 4);
    }

    static int getsockopt(InetSock sk, int name, byte[] value) {
        switch (name) {
            case IpOpt.IP_MULTICAST_IF -> {
                byte[] raw = new byte[4];
                Bytes.u32(raw, 0, sk.mcAddr);
                int len = Math.min(4, value.length);
                System.arraycopy(raw, 0, value, 0, len);
                return len;
            }
            case IpOpt.IP_MSFILTER -> {
                return getFilter(sk, value);
            }
            case IpOpt.MCAST_MSFILTER -> {
                return getGroupFilter(sk, value);
            }
            default -> {
                return unknown(sk, name);
            }
        }
    }

    /// `IP_MULTICAST_IF`: by index, by address, or neither.
    private static int setInterface(InetSock sk, byte[] value) {
        if (sk.type == SocketType.SOCK_STREAM || value.length < 4) {
            return -Errno.EINVAL;
        }
        int addr = value.length >= IP_MREQ ? Bytes.u32(value, 4) : Bytes.u32(value, 0);
        int ifindex = value.length >= IP_MREQN ? Abi.getInt(value, 8) : 0;
        if (ifindex == 0 && addr == 0) {
            sk.mcIndex = 0;
            sk.mcAddr = 0;
            return 0;
        }
        NetDevice dev = ifindex != 0 ? sk.net.devices.byIndex(ifindex) : byAddress(sk.net, addr);
        if (dev == null) {
            return -Errno.EADDRNOTAVAIL;
        }
        if (sk.boundDevIf != 0 && sk.boundDevIf != dev.ifindex) {
            return -Errno.EINVAL;
        }
        sk.mcIndex = dev.ifindex;
        sk.mcAddr = addr;
        return 0;
    }

    @Kernel("ip_dev_find")
    private static @Nullable NetDevice byAddress(NetNamespace net, int addr) {
        FibInfo info = FibTable.OF.of(net).lookupLocal(addr);
        return info != null && info.type == Rtn.LOCAL ? info.dev : null;
    }

    // ---- joining and leaving
    // -----------------------------------------------------------------------

    private static int joinOrLeave(InetSock sk, boolean join, byte[] value) {
        if (value.length < IP_MREQ) {
            return -Errno.EINVAL;
        }
        int group = Bytes.u32(value, 0);
        int addr = Bytes.u32(value, 4);
        int ifindex = value.length >= IP_MREQN ? Abi.getInt(value, 8) : 0;
        return join ? join(sk, group, addr, ifindex, true) : leave(sk, group, addr, ifindex);
    }

    /// The interface that a membership is for: named by index or address, else the one over which the
    /// group is reached.
    @Kernel("ip_mc_find_dev")
    private static @Nullable NetDevice findDev(NetNamespace net, int group, int addr, int ifindex) {
        if (ifindex != 0) {
            return net.devices.byIndex(ifindex);
        }
        if (addr != 0) {
            return byAddress(net, addr);
        }
        DstEntry dst = RouteOutput.lookupSimple(net, group);
        return dst == null ? null : dst.dev;
    }

    /// 0, `-EINVAL` for an address that is no group, `-ENODEV`, `-EADDRINUSE` for a second time,
    /// `-ENOBUFS` for too many groups (`ip_mc_join_group`).
    ///
    /// @param exclude hear all sources at first, else none
    @Kernel({"ip_mc_join_group", "ip_mc_join_group_ssm", "__ip_mc_join_group"})
    private static int join(InetSock sk, int group, int addr, int ifindex, boolean exclude) {
        if (!In4Addr.isMulticast(group)) {
            return -Errno.EINVAL;
        }
        NetDevice dev = findDev(sk.net, group, addr, ifindex);
        InDevice in = dev == null ? null : InDevice.of(dev);
        if (dev == null || in == null) {
            return -Errno.ENODEV;
        }
        if (McMembership.find(sk, group, dev.ifindex) != null) {
            return -Errno.EADDRINUSE;
        }
        if (McMembership.of(sk).length >= sk.net.sysctl.get(IpSysctls.IGMP_MAX_MEMBERSHIPS)) {
            return -Errno.ENOBUFS;
        }
        McMembership.add(sk, new McMembership(group, dev.ifindex, addr, exclude, NO_SOURCES));
        in.igmp.change(group, 1, exclude, NO_SOURCES);
        return 0;
    }

    /// 0, `-ENODEV`, `-EADDRNOTAVAIL` if it was not joined there (`ip_mc_leave_group`).
    @Kernel("ip_mc_leave_group")
    private static int leave(InetSock sk, int group, int addr, int ifindex) {
        NetDevice dev = findDev(sk.net, group, addr, ifindex);
        if (ifindex == 0 && addr == 0 && dev == null) {
            return -Errno.ENODEV;
        }
        int index = dev != null ? dev.ifindex : ifindex;
        for (McMembership m : McMembership.of(sk)) {
            boolean there = index != 0 ? m.ifindex() == index : addr == 0 || m.ifaddr() == addr;
            if (m.group() == group && there) {
                drop(sk, m);
                return 0;
            }
        }
        return -Errno.EADDRNOTAVAIL;
    }

    private static void drop(InetSock sk, McMembership m) {
        McMembership.remove(sk, m);
        InDevice in = inDevice(sk.net, m.ifindex());
        if (in != null) {
            in.igmp.change(m.group(), -1, m.exclude(), m.sources());
        }
    }

    private static @Nullable InDevice inDevice(NetNamespace net, int ifindex) {
        NetDevice dev = net.devices.byIndex(ifindex);
        return dev == null ? null : InDevice.of(dev);
    }

    /// Leaves all groups: the socket is closed (`ip_mc_drop_socket`).
    @Kernel("ip_mc_drop_socket")
    public static void dropSocket(InetSock sk) {
        for (McMembership m : McMembership.of(sk)) {
            drop(sk, m);
        }
    }

    // ---- sources
    // -----------------------------------------------------------------------------------

    private static int groupSource(InetSock sk, int name, byte[] value) {
        if (value.length < GROUP_SOURCE_REQ) {
            return -Errno.EINVAL;
        }
        if (family(value, GR_GROUP) != Af.AF_INET || family(value, GSR_SOURCE) != Af.AF_INET) {
            return -Errno.EADDRNOTAVAIL;
        }
        int ifindex = Abi.getInt(value, 0);
        int group = address(value, GR_GROUP);
        return source(sk, name, group, 0, ifindex, address(value, GSR_SOURCE));
    }

    /// Adds or removes one source of a filter, joining first where that is meant.
    private static int source(InetSock sk, int name, int group, int addr, int ifindex, int source) {
        boolean exclude;
        boolean add;
        switch (name) {
            case IpOpt.IP_BLOCK_SOURCE, IpOpt.MCAST_BLOCK_SOURCE -> {
                exclude = true;
                add = true;
            }
            case IpOpt.IP_UNBLOCK_SOURCE, IpOpt.MCAST_UNBLOCK_SOURCE -> {
                exclude = true;
                add = false;
            }
            case IpOpt.IP_ADD_SOURCE_MEMBERSHIP, IpOpt.MCAST_JOIN_SOURCE_GROUP -> {
                int err = join(sk, group, addr, ifindex, false);
                if (err != 0 && err != -Errno.EADDRINUSE) {
                    return err;
                }
                exclude = false;
                add = true;
            }
            default -> {
                exclude = false;
                add = false;
            }
        }
        return changeSource(sk, group, addr, ifindex, source, exclude, add);
    }

    /// 0, `-EINVAL` for a filter of the other kind or a group that was not joined, `-EADDRNOTAVAIL`
    /// for a source that is there already or is not, `-ENOBUFS` for too many (`ip_mc_source`).
    @Kernel("ip_mc_source")
    private static int changeSource(
            InetSock sk,
            int group,
            int addr,
            int ifindex,
            int source,
            boolean exclude,
            boolean add) {
        if (!In4Addr.isMulticast(group)) {
            return -Errno.EINVAL;
        }
        NetDevice dev = findDev(sk.net, group, addr, ifindex);
        InDevice in = dev == null ? null : InDevice.of(dev);
        if (dev == null || in == null) {
            return -Errno.ENODEV;
        }
        McMembership m = McMembership.find(sk, group, dev.ifindex);
        if (m == null || (m.exclude() != exclude && m.sources() != NO_SOURCES)) {
            return -Errno.EINVAL;
        }
        if (m.exclude() != exclude) {
            m = setSources(sk, in, m, exclude, NO_SOURCES); // also if what follows is refused
        }
        if (m.names(source) == add) {
            return -Errno.EADDRNOTAVAIL;
        }
        if (!add && !exclude && m.sources().length == 1) {
            drop(sk, m); // nobody left to hear
            return 0;
        }
        if (add && m.sources().length >= sk.net.sysctl.get(IpSysctls.IGMP_MAX_MSF)) {
            return -Errno.ENOBUFS;
        }
        McMembership unused =
                setSources(
                        sk, in, m, exclude, add ? with(m.sources(), source) : without(m, source));
        return 0;
    }

    private static int[] with(int[] sources, int source) {
        int[] more = Arrays.copyOf(sources, sources.length + 1);
        more[sources.length] = source;
        return more;
    }

    private static int[] without(McMembership m, int source) {
        return Arrays.stream(m.sources()).filter(s -> s != source).toArray();
    }

    private static McMembership setSources(
            InetSock sk, InDevice in, McMembership m, boolean exclude, int[] sources) {
        McMembership after = m.with(exclude, sources);
        McMembership.replace(sk, m, after);
        in.igmp.replace(m.group(), m.exclude(), m.sources(), exclude, sources);
        return after;
    }

    // ---- whole filters
    // -----------------------------------------------------------------------------

    private static int setFilter(InetSock sk, byte[] value) {
        if (value.length < IP_MSFILTER_0) {
            return -Errno.EINVAL;
        }
        int count = Abi.getInt(value, 12);
        int err = checkCount(sk, count, value.length, IP_MSFILTER_0, 4);
        if (err != 0) {
            return err;
        }
        int[] sources = new int[count];
        for (int i = 0; i < count; i++) {
            sources[i] = Bytes.u32(value, IP_MSFILTER_0 + 4 * i);
        }
        int mode = Abi.getInt(value, 8);
        return filter(sk, Bytes.u32(value, 0), Bytes.u32(value, 4), 0, mode, sources);
    }

    private static int setGroupFilter(InetSock sk, byte[] value) {
        if (value.length < GROUP_FILTER_0) {
            return -Errno.EINVAL;
        }
        int count = Abi.getInt(value, GROUP_FILTER_0 - 4);
        int err = checkCount(sk, count, value.length, GROUP_FILTER_0, SS_BYTES);
        if (err != 0) {
            return err;
        }
        if (family(value, GR_GROUP) != Af.AF_INET) {
            return -Errno.EINVAL;
        }
        int[] sources = new int[count];
        for (int i = 0; i < count; i++) {
            int at = GROUP_FILTER_0 + SS_BYTES * i;
            if (family(value, at) != Af.AF_INET) {
                return -Errno.EINVAL;
            }
            sources[i] = address(value, at);
        }
        int mode = Abi.getInt(value, GROUP_FILTER_0 - 8);
        return filter(sk, address(value, GR_GROUP), 0, Abi.getInt(value, 0), mode, sources);
    }

    private static int checkCount(InetSock sk, int count, int length, int fixed, int each) {
        if (length > sk.net.sysctl.get(NetCoreSysctls.OPTMEM_MAX)) {
            return -Errno.ENOBUFS;
        }
        if (count < 0 || count > sk.net.sysctl.get(IpSysctls.IGMP_MAX_MSF)) {
            return -Errno.ENOBUFS;
        }
        return fixed + each * count > length ? -Errno.EINVAL : 0;
    }

    /// Sets a membership's filter: 0, `-EINVAL` for a bad mode or a group that was not joined,
    /// `-ENODEV` (`ip_mc_msfilter`).
    @Kernel("ip_mc_msfilter")
    private static int filter(
            InetSock sk, int group, int addr, int ifindex, int mode, int[] sources) {
        boolean knownMode = mode == MCAST_INCLUDE || mode == MCAST_EXCLUDE;
        if (!In4Addr.isMulticast(group) || !knownMode) {
            return -Errno.EINVAL;
        }
        NetDevice dev = findDev(sk.net, group, addr, ifindex);
        InDevice in = dev == null ? null : InDevice.of(dev);
        if (dev == null || in == null) {
            return -Errno.ENODEV;
        }
        if (mode == MCAST_INCLUDE && sources.length == 0) {
            return leave(sk, group, addr, dev.ifindex);
        }
        McMembership m = McMembership.find(sk, group, dev.ifindex);
        if (m == null) {
            return -Errno.EINVAL;
        }
        int[] kept = sources.length == 0 ? NO_SOURCES : sources;
        McMembership unused = setSources(sk, in, m, mode == MCAST_EXCLUDE, kept);
        return 0;
    }

    /// Reads a filter into the structure whose first fields name it: `-EINVAL` for one that is too
    /// short or no group, `-EADDRNOTAVAIL` for one that was not joined (`ip_mc_msfget`).
    @Kernel("ip_mc_msfget")
    private static int getFilter(InetSock sk, byte[] value) {
        if (value.length < IP_MSFILTER_0) {
            return -Errno.EINVAL;
        }
        int group = Bytes.u32(value, 0);
        if (!In4Addr.isMulticast(group)) {
            return -Errno.EINVAL;
        }
        NetDevice dev = findDev(sk.net, group, Bytes.u32(value, 4), 0);
        if (dev == null) {
            return -Errno.ENODEV;
        }
        McMembership m = McMembership.find(sk, group, dev.ifindex);
        if (m == null) {
            return -Errno.EADDRNOTAVAIL;
        }
        int[] sources = m.sources();
        int copied = room(sources, value, IP_MSFILTER_0, 4, Abi.getInt(value, 12));
        putFilter(m, value, 8);
        for (int i = 0; i < copied; i++) {
            Bytes.u32(value, IP_MSFILTER_0 + 4 * i, sources[i]);
        }
        return IP_MSFILTER_0 + 4 * copied;
    }

    /// As [#getFilter], for a `struct group_filter`.
    @Kernel({"ip_get_mcast_msfilter", "ip_mc_gsfget"})
    private static int getGroupFilter(InetSock sk, byte[] value) {
        if (value.length < GROUP_FILTER_0) {
            return -Errno.EINVAL;
        }
        int group = address(value, GR_GROUP);
        if (family(value, GR_GROUP) != Af.AF_INET || !In4Addr.isMulticast(group)) {
            return -Errno.EINVAL;
        }
        McMembership m = McMembership.find(sk, group, Abi.getInt(value, 0));
        if (m == null) {
            return -Errno.EADDRNOTAVAIL;
        }
        int[] sources = m.sources();
        int named = Abi.getInt(value, GROUP_FILTER_0 - 4);
        int copied = room(sources, value, GROUP_FILTER_0, SS_BYTES, named);
        putFilter(m, value, GROUP_FILTER_0 - 8);
        for (int i = 0; i < copied; i++) {
            int at = GROUP_FILTER_0 + SS_BYTES * i;
            Arrays.fill(value, at, at + SS_BYTES, (byte) 0);
            new SockAddrIn(0, sources[i]).encode(value, at);
        }
        return GROUP_FILTER_0 + SS_BYTES * copied;
    }

    /// How many sources fit what the user offers and how many he names.
    private static int room(int[] sources, byte[] value, int fixed, int each, int named) {
        int fits = (value.length - fixed) / each;
        int most = Integer.compareUnsigned(named, sources.length) < 0 ? named : sources.length;
        return Math.min(most, fits);
    }

    /// The kind of the filter, and how many sources it has.
    private static void putFilter(McMembership m, byte[] value, int at) {
        Abi.putInt(value, at, m.exclude() ? MCAST_EXCLUDE : MCAST_INCLUDE);
        Abi.putInt(value, at + 4, m.sources().length);
    }
}
