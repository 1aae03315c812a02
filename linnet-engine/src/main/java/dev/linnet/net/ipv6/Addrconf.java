package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.sysctl.DevConf;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceTable.Event;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/// IPv6 addresses of interfaces (`net/ipv6/addrconf.c`): what comes with an interface, and what users
/// add.
public final class Addrconf {
    private static final long MULTICAST_HI = 0xff00_0000_0000_0000L;

    private Addrconf() {}

    /// Follows the interfaces of a namespace: each gets a link-local address when it comes up, the
    /// loopback device `::1`.
    @Kernel({"addrconf_init", "inet6_net_init"})
    public static void init(NetNamespace net) {
        Ip6Defrag.init(net);
        net.devices.addNotifier(Addrconf::event);
        net.sysctl.observe(Conf6Sysctls.DISABLE_IPV6, conf -> disableChange(net, conf));
        net.sysctl.observe(Conf6Sysctls.FORWARDING, conf -> forwardChange(net, conf));
    }

    @Kernel("addrconf_notify")
    private static void event(NetDevice dev, Event event) {
        switch (event) {
            case REGISTER -> addDev(dev);
            case UP -> up(dev);
            case DOWN -> {
                Inet6Dev idev = Inet6Dev.of(dev);
                if (idev != null) {
                    AddrconfDown.down(idev, false);
                }
            }
            case CHANGE_MTU -> changeMtu(dev);
            case UNREGISTER -> {
                Inet6Dev idev = Inet6Dev.of(dev);
                if (idev != null) {
                    remove(idev);
                }
            }
        }
    }

    /// IPv6's state of a device, made if there is none; null where the MTU is too small for IPv6.
    @Kernel({"ipv6_add_dev", "ipv6_find_idev"})
    private static @Nullable Inet6Dev addDev(NetDevice dev) {
        Inet6Dev idev = Inet6Dev.of(dev);
        if (idev == null && dev.mtu >= Ipv6.MIN_MTU) {
            idev = new Inet6Dev(dev);
            dev.ip6Ptr = idev;
            idev.mld.joinAlways(idev.forwarding());
        }
        return idev;
    }

    private static void remove(Inet6Dev idev) {
        AddrconfDown.down(idev, true);
        idev.dev.ip6Ptr = null;
        idev.destroy();
    }

    private static void up(NetDevice dev) {
        Inet6Dev idev = addDev(dev);
        if (idev == null || idev.disabled()) {
            return;
        }
        if (dev.mtu < Ipv6.MIN_MTU) {
            remove(idev);
            return;
        }
        synchronized (idev) {
            idev.ready = true;
        }
        if (idev.mtu() != dev.mtu) {
            newMtu(idev);
        }
        for (Inet6IfAddr ifp : idev.addrs) {
            restore(ifp);
        }
        if (dev.isLoopback()) {
            initLoopback(idev);
        } else {
            addMroute(dev);
            AddrconfGen.addLinkLocal(idev);
        }
        idev.mld.up();
    }

    /// An address that was there before the interface came up.
    @Kernel("fixup_permanent_addr")
    private static void restore(Inet6IfAddr ifp) {
        addPrefixRoute(ifp.idev.dev, ifp.hi, ifp.lo, ifp.prefixLen, 0, Fib6Info.NEVER);
        if (ifp.state == Inet6IfAddr.State.PREDAD) {
            AddrconfDad.start(ifp);
        }
    }

    @Kernel("init_loopback")
    private static void initLoopback(Inet6Dev idev) {
        if (idev.find(0, 1) == null) {
            Inet6IfAddr ifp = new Inet6IfAddr(idev, 0, 1, 128, Inet6IfAddr.PERMANENT);
            link(ifp);
            AddrconfDad.start(ifp);
        }
    }

    /// Groups are reached over every interface (`addrconf_add_mroute`).
    @Kernel("addrconf_add_mroute")
    private static void addMroute(NetDevice dev) {
        Ip6Fib.of(dev.net)
                .add(
                        true,
                        MULTICAST_HI,
                        0,
                        new Fib6Info(
                                Rtn.MULTICAST,
                                dev,
                                8,
                                0,
                                0,
                                Ip6Fib.PRIO_ADDRCONF,
                                0,
                                RouteMetrics.NONE));
    }

    private static void changeMtu(NetDevice dev) {
        Inet6Dev idev = Inet6Dev.of(dev);
        if (dev.mtu < Ipv6.MIN_MTU) {
            if (idev != null) {
                remove(idev);
            }
        } else if (idev != null) {
            newMtu(idev);
        } else if (dev.isUp()) {
            up(dev);
        } else {
            addDev(dev);
        }
    }

    private static void newMtu(Inet6Dev idev) {
        int mtu = idev.dev.mtu;
        idev.cnf.setDeviceMtu(mtu);
        setMtu(idev, mtu);
    }

    /// The interface shall carry packets of this size for IPv6; routes and path MTUs follow.
    @Kernel("rt6_mtu_change")
    static void setMtu(Inet6Dev idev, int mtu) {
        int old = idev.mtu();
        Ip6Fib.of(idev.net).mtuChange(idev.dev, old, mtu);
        Ip6Pmtu.deviceMtu(idev.dev, old, mtu);
        idev.cnf.set(Conf6Sysctls.MTU, mtu);
        idev.net.bumpRouteGenid();
    }

    // ---- knobs
    // -----------------------------------------------------------------------------------

    @Kernel("dev_disable_change")
    private static void disableChange(NetNamespace net, DevConf conf) {
        Inet6Dev idev = byConf(net, conf);
        if (idev == null) {
            return;
        }
        synchronized (net.devices) {
            if (idev.disabled()) {
                AddrconfDown.down(idev, false);
            } else if (idev.dev.isUp()) {
                up(idev.dev);
            }
        }
    }

    @Kernel({"dev_forward_change", "addrconf_forward_change"})
    private static void forwardChange(NetNamespace net, DevConf conf) {
        if (conf == net.sysctl.ipv6All()) {
            if (conf.get(Conf6Sysctls.FORWARDING) != 0) {
                NdiscRouter.purgeDefaultRouters(net);
            }
            net.bumpRouteGenid();
            return;
        }
        Inet6Dev idev = byConf(net, conf);
        if (idev != null) {
            idev.mld.routerGroups(idev.forwarding());
        }
    }

    private static @Nullable Inet6Dev byConf(NetNamespace net, DevConf conf) {
        for (Inet6Dev idev : Inet6Dev.all(net)) {
            if (idev.cnf == conf) {
                return idev;
            }
        }
        return null;
    }

    // ---- addresses
    // ---------------------------------------------------------------------------------

    /// Adds an address; it can be used when it is known to be unique (RFC 4862 section 5.4), on
    /// interfaces without neighbours at once.
    ///
    /// @return 0, `-EINVAL` for a prefix length beyond 128, `-EADDRNOTAVAIL` for an address that no
    ///     interface can have, `-EEXIST`, `-EACCES` where IPv6 is switched off, `-ENOBUFS` where the
    ///     MTU is too small for it
    @Kernel({"inet6_rtm_newaddr", "inet6_addr_add"})
    public static int addAddress(NetDevice dev, long hi, long lo, int prefixLen) {
        return addAddress(dev, hi, lo, prefixLen, false);
    }

    /// Adds an address, with `nodad` one that can be used at once.
    @Kernel({"inet6_rtm_newaddr", "inet6_addr_add"})
    public static int addAddress(NetDevice dev, long hi, long lo, int prefixLen, boolean nodad) {
        if (prefixLen < 0 || prefixLen > 128) {
            return -Errno.EINVAL;
        }
        synchronized (dev.net.devices) {
            Inet6Dev idev = addDev(dev);
            if (idev == null) {
                return -Errno.ENOBUFS;
            }
            int bad = check(idev, hi, lo);
            if (bad != 0) {
                return bad;
            }
            int flags = Inet6IfAddr.PERMANENT | Inet6IfAddr.TENTATIVE;
            Inet6IfAddr ifp =
                    new Inet6IfAddr(
                            idev, hi, lo, prefixLen, flags | (nodad ? Inet6IfAddr.NODAD : 0));
            link(ifp);
            if (dev.isUp()) {
                addPrefixRoute(dev, hi, lo, prefixLen, 0, Fib6Info.NEVER);
            }
            AddrconfDad.start(ifp);
            return 0;
        }
    }

    @Kernel("ipv6_add_addr")
    private static int check(Inet6Dev idev, long hi, long lo) {
        boolean loopback = In6Addr.isLoopback(hi, lo) && !idev.dev.isLoopback();
        if (In6Addr.isUnspecified(hi, lo) || In6Addr.isMulticast(hi) || loopback) {
            return -Errno.EADDRNOTAVAIL;
        }
        if (idev.disabled() && !idev.dev.isLoopback()) {
            return -Errno.EACCES;
        }
        return idev.find(hi, lo) != null ? -Errno.EEXIST : 0;
    }

    /// Puts an address into the list of its interface: before those of its scope and of smaller ones.
    @Kernel("ipv6_link_dev_addr")
    static void link(Inet6IfAddr ifp) {
        Inet6Dev idev = ifp.idev;
        synchronized (idev) {
            int at = 0;
            while (at < idev.addrs.size() && idev.addrs.get(at).scope() > ifp.scope()) {
                at++;
            }
            idev.addrs.add(at, ifp);
        }
    }

    /// Removes an address: 0, `-ENXIO` where there is no IPv6, `-EADDRNOTAVAIL`.
    @Kernel("inet6_addr_del")
    public static int removeAddress(NetDevice dev, long hi, long lo, int prefixLen) {
        synchronized (dev.net.devices) {
            Inet6Dev idev = Inet6Dev.of(dev);
            if (idev == null) {
                return -Errno.ENXIO;
            }
            Inet6IfAddr ifp = idev.find(hi, lo);
            if (ifp == null || ifp.prefixLen != prefixLen) {
                return -Errno.EADDRNOTAVAIL;
            }
            AddrconfDown.delete(ifp);
            return 0;
        }
    }

    // ---- routes that come with addresses
    // -----------------------------------------------------------

    /// The route of the prefix that is on the link.
    ///
    /// @param flags a set of `RTF_*`
    /// @param expires jiffies, or [Fib6Info#NEVER]
    @Kernel("addrconf_prefix_route")
    static void addPrefixRoute(
            NetDevice dev, long hi, long lo, int prefixLen, int flags, long expires) {
        Fib6Info info =
                new Fib6Info(
                        Rtn.UNICAST,
                        dev,
                        prefixLen,
                        0,
                        0,
                        Ip6Fib.PRIO_ADDRCONF,
                        flags,
                        RouteMetrics.NONE);
        info.expires = expires;
        Ip6Fib.of(dev.net).add(false, hi, lo, info);
    }

    /// The route by which packets to an address come to this host; there from the moment on at which
    /// the address may be used.
    @Kernel({"addrconf_f6i_alloc", "ip6_ins_rt"})
    static void addHostRoute(Inet6IfAddr ifp) {
        NetDevice dev = ifp.idev.dev;
        Fib6Info info = new Fib6Info(Rtn.LOCAL, dev, 128, 0, 0, 0, 0, RouteMetrics.NONE);
        Ip6Fib.of(dev.net).add(true, ifp.hi, ifp.lo, info);
    }
}
