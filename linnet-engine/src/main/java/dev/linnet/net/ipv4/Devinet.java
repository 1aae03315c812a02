package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceTable.Event;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.In4Addr;

/// IPv4 addresses of interfaces (`net/ipv4/devinet.c`).
public final class Devinet {
    /// `RT_SCOPE_*`.
    static final int SCOPE_UNIVERSE = 0;

    static final int SCOPE_LINK = 253;
    static final int SCOPE_HOST = 254;

    private Devinet() {}

    /// Follows the interfaces of a namespace: the loopback device gets 127.0.0.1/8 when it comes up.
    @Kernel("devinet_init")
    public static void init(NetNamespace net) {
        net.devices.addNotifier(Devinet::event);
    }

    @Kernel("inetdev_event")
    private static void event(NetDevice dev, Event event) {
        switch (event) {
            case REGISTER -> dev.ipPtr = new InDevice(dev);
            case UP -> {
                if (dev.isLoopback() && inDevice(dev).addrs.isEmpty()) {
                    addAddress(dev, In4Addr.LOOPBACK, 8);
                } else {
                    inDevice(dev).addrs.forEach(ifa -> FibFrontend.addIfAddr(dev, ifa));
                }
            }
            case DOWN -> FibFrontend.flushDevice(dev);
            case UNREGISTER -> {
                FibFrontend.flushDevice(dev);
                dev.ipPtr = null;
                dev.net.sysctl.removeIpv4(dev.name);
            }
            case CHANGE_MTU -> {}
        }
    }

    private static InDevice inDevice(NetDevice dev) {
        InDevice in = InDevice.of(dev);
        if (in == null) {
            throw new IllegalStateException(dev + " has no IPv4");
        }
        return in;
    }

    /// Adds an address: 0, `-EEXIST`, `-EINVAL` for a prefix length beyond 32 or an address that no
    /// host can have (`inet_insert_ifa`).
    @Kernel("inet_insert_ifa")
    public static int addAddress(NetDevice dev, int local, int prefixLen) {
        if (prefixLen < 0 || prefixLen > 32 || In4Addr.isMulticast(local) || local == 0) {
            return -Errno.EINVAL;
        }
        synchronized (dev.net.devices) {
            InDevice in = inDevice(dev);
            boolean secondary = false;
            for (InDevice.IfAddr ifa : in.addrs) {
                if (ifa.local() == local && ifa.prefixLen() == prefixLen) {
                    return -Errno.EEXIST;
                }
                secondary |= ifa.prefixLen() == prefixLen && ifa.matches(local);
            }
            int mask = In4Addr.mask(prefixLen);
            int broadcast = prefixLen < 31 ? local | ~mask : 0;
            InDevice.IfAddr ifa =
                    new InDevice.IfAddr(local, local, prefixLen, broadcast, secondary);
            in.addrs.add(ifa);
            if (dev.isUp()) {
                FibFrontend.addIfAddr(dev, ifa);
            }
            dev.net.bumpRouteGenid();
            return 0;
        }
    }

    /// Removes an address: 0 or `-EADDRNOTAVAIL` (`inet_del_ifa`).
    @Kernel("inet_del_ifa")
    public static int removeAddress(NetDevice dev, int local, int prefixLen) {
        synchronized (dev.net.devices) {
            InDevice in = inDevice(dev);
            for (InDevice.IfAddr ifa : in.addrs) {
                if (ifa.local() == local && ifa.prefixLen() == prefixLen) {
                    in.addrs.remove(ifa);
                    FibFrontend.delIfAddr(dev, ifa);
                    dev.net.bumpRouteGenid();
                    return 0;
                }
            }
            return -Errno.EADDRNOTAVAIL;
        }
    }

    /// The source address for `dst` over a device: its first address in the same network, else its
    /// first primary one; then any other device's; 0 if there is none (`inet_select_addr`).
    @Kernel("inet_select_addr")
    public static int selectAddr(NetDevice dev, int dst, int scope) {
        InDevice in = InDevice.of(dev);
        int first = 0;
        if (in != null) {
            for (InDevice.IfAddr ifa : in.addrs) {
                if (ifa.secondary() || scopeOf(ifa.local()) > scope) {
                    continue;
                }
                if (dst == 0 || ifa.matches(dst)) {
                    return ifa.local();
                }
                if (first == 0) {
                    first = ifa.local();
                }
            }
        }
        return first != 0 ? first : selectOther(dev, scope);
    }

    private static int selectOther(NetDevice not, int scope) {
        for (NetDevice dev : not.net.devices.all()) {
            InDevice in = dev == not ? null : InDevice.of(dev);
            if (in == null) {
                continue;
            }
            for (InDevice.IfAddr ifa : in.addrs) {
                int s = scopeOf(ifa.local());
                if (!ifa.secondary() && s != SCOPE_LINK && s <= scope) {
                    return ifa.local();
                }
            }
        }
        return 0;
    }

    private static int scopeOf(int addr) {
        if (In4Addr.isLoopback(addr)) {
            return SCOPE_HOST;
        }
        return In4Addr.isLinkLocal(addr) ? SCOPE_LINK : SCOPE_UNIVERSE;
    }
}
