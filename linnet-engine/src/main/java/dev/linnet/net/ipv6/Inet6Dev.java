package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.sysctl.DevConf;
import dev.linnet.kernel.sysctl.DeviceSysctls;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.wire.In6Addr;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// IPv6's state of an interface (`struct inet6_dev`): its addresses, groups and knobs.
///
/// Lists are read without a lock and changed under this object's monitor. No packet is sent and no
/// other interface's monitor is taken while it is held.
public final class Inet6Dev {
    /// The interfaces of a namespace that speak IPv6, in the order of their registration.
    private static final Pernet<List<Inet6Dev>> ALL =
            new Pernet<>(net -> new CopyOnWriteArrayList<>());

    public final NetDevice dev;
    final NetNamespace net;

    /// The knobs `net.ipv6.conf.NAME` and `net.ipv6.neigh.NAME`.
    final DevConf cnf;

    final DevConf neighParms;

    /// Wide scopes first, as [SourceAddress] expects them.
    final List<Inet6IfAddr> addrs = new CopyOnWriteArrayList<>();

    final MldDev mld;
    final Ip6Anycast anycast = new Ip6Anycast(this);

    /// The interface is up (`IF_READY`), has asked for routers (`IF_RS_SENT`), has heard one since
    /// (`IF_RA_RCVD`).
    volatile boolean ready;

    boolean rsSent;
    boolean raRcvd;

    /// Router solicitations: how many were sent, the time to the next one in jiffies.
    final KTimer rsTimer;

    int rsProbes;
    long rsInterval;

    /// Secret of `addr_gen_mode` 3, drawn once (RFC 7217).
    long secretHi;

    long secretLo;

    /// The interface has gone.
    volatile boolean dead;

    Inet6Dev(NetDevice dev) {
        this.dev = dev;
        this.net = dev.net;
        boolean noArp = (dev.flags & (NetDevice.IFF_NOARP | NetDevice.IFF_LOOPBACK)) != 0;
        boolean noTemporary = dev.isLoopback() || dev.type == NetDevice.ARPHRD_NONE;
        DeviceSysctls sysctls = net.sysctl.addIpv6(dev.name, dev.mtu, noArp, noTemporary);
        this.cnf = sysctls.conf();
        this.neighParms = sysctls.neigh();
        this.rsTimer = net.timers.timer(AddrconfRs.EXPIRE, this);
        this.mld = new MldDev(this);
        ALL.of(net).add(this);
    }

    /// Leaves the namespace for good.
    void destroy() {
        dead = true;
        rsTimer.shutdown();
        mld.destroy();
        ALL.of(net).remove(this);
        net.sysctl.removeIpv6(dev.name);
    }

    /// IPv6's state of a device, or null if it has none (its MTU is too small).
    @Kernel("__in6_dev_get")
    @HotPath
    public static @Nullable Inet6Dev of(@Nullable NetDevice dev) {
        return dev == null ? null : (Inet6Dev) dev.ip6Ptr;
    }

    /// All interfaces of a namespace that speak IPv6.
    static List<Inet6Dev> all(NetNamespace net) {
        return ALL.of(net);
    }

    /// The addresses of the interface.
    public List<Inet6IfAddr> addresses() {
        return addrs;
    }

    /// True if an address is under a prefix of the interface.
    @Kernel("ipv6_chk_prefix")
    boolean onLink(long hi, long lo) {
        for (Inet6IfAddr ifp : addrs) {
            if (ifp.matches(hi, lo)) {
                return true;
            }
        }
        return false;
    }

    boolean disabled() {
        return cnf.get(Conf6Sysctls.DISABLE_IPV6) != 0;
    }

    /// True if this host is a router on the interface.
    boolean forwarding() {
        return cnf.get(Conf6Sysctls.FORWARDING) != 0;
    }

    /// True if router advertisements are believed here; a router believes none unless told so.
    @Kernel("ipv6_accept_ra")
    boolean acceptRa() {
        int accept = cnf.get(Conf6Sysctls.ACCEPT_RA);
        return forwarding() ? accept == 2 : accept != 0;
    }

    @HotPath
    int mtu() {
        return cnf.get(Conf6Sysctls.MTU);
    }

    /// The address on this interface, tentative or not, or null.
    @Nullable Inet6IfAddr find(long hi, long lo) {
        for (Inet6IfAddr ifp : addrs) {
            if (ifp.is(hi, lo)) {
                return ifp;
            }
        }
        return null;
    }

    /// A link-local address without any of the flags, or null (`ipv6_get_lladdr`).
    @Kernel({"ipv6_get_lladdr", "__ipv6_get_lladdr"})
    @Nullable Inet6IfAddr linkLocal(int bannedFlags) {
        for (Inet6IfAddr ifp : addrs) {
            if (In6Addr.isLinkLocal(ifp.hi) && !ifp.hasFlag(bannedFlags)) {
                return ifp;
            }
        }
        return null;
    }
}
