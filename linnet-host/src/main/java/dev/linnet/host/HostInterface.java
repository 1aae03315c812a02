package dev.linnet.host;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/// A network interface of the host: what `ip link`, `ip addr` and `ip route` do, by ioctl, so that
/// no such program is needed.
///
/// Belongs to the network namespace of the thread that opens it; afterwards any thread may use it,
/// one at a time. Reading needs no rights, changing needs CAP_NET_ADMIN. Every method throws
/// [HostException] with `ENODEV` once the interface is gone, and with `EBADF` after [#close].
///
/// Source: netdevice(7); `net/core/dev_ioctl.c`, `net/ipv4/devinet.c`, `net/ipv6/addrconf.c`.
public final class HostInterface implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

    private static final int SIOCADDRT = 0x890b;
    private static final int SIOCGIFFLAGS = 0x8913;
    private static final int SIOCSIFFLAGS = 0x8914;
    private static final int SIOCGIFADDR = 0x8915;
    private static final int SIOCSIFADDR = 0x8916;
    private static final int SIOCSIFNETMASK = 0x891c;
    private static final int SIOCGIFMTU = 0x8921;
    private static final int SIOCSIFMTU = 0x8922;
    private static final int SIOCGIFHWADDR = 0x8927;
    private static final int SIOCGIFINDEX = 0x8933;
    private static final int SIOCDIFADDR = 0x8936;
    private static final int SIOCGIFTXQLEN = 0x8942;
    private static final int SIOCSIFTXQLEN = 0x8943;

    private static final int IFF_UP = 1;

    private static final int RTF_UP = 1;
    private static final int RTF_GATEWAY = 2;

    /// `metric` of a route that a user adds over IPv6, `IP6_RT_PRIO_USER`.
    private static final int IPV6_METRIC = 1024;

    /// How many further IPv4 addresses an interface can have here, as labels `name:1` and so on.
    private static final int LABELS_MAX = 64;

    private final String name;
    private final int socket4;

    /// Negative, an `-errno`, on a host without IPv6.
    private final int socket6;

    private boolean closed;

    private HostInterface(String name, int socket4, int socket6) {
        this.name = name;
        this.socket4 = socket4;
        this.socket6 = socket6;
    }

    /// Finds an interface of the calling thread's network namespace.
    ///
    /// @throws HostException with `ENODEV` when there is none of this name
    public static HostInterface open(String name) throws HostException {
        int socket4 = HostException.check("open socket", socket(AF_INET));
        HostInterface link = new HostInterface(name, socket4, socket(AF_INET6));
        try {
            link.index();
            return link;
        } catch (HostException e) {
            link.close();
            throw e;
        }
    }

    private static int socket(int family) {
        return (int) HostSyscalls.syscall(Nr.SOCKET, family, SOCK_DGRAM_CLOEXEC, 0);
    }

    public String name() {
        return name;
    }

    /// The interface's number, as `if_nametoindex`.
    public int index() throws HostException {
        return getInt("find interface '" + name + "'", SIOCGIFINDEX);
    }

    /// Whether it was set up by the administrator (`IFF_UP`).
    public boolean isUp() throws HostException {
        return (flags() & IFF_UP) != 0;
    }

    /// `ip link set NAME up`.
    public void up() throws HostException {
        setFlags(flags() | IFF_UP);
    }

    /// `ip link set NAME down`, which also forgets its routes and IPv6 addresses.
    public void down() throws HostException {
        setFlags(flags() & ~IFF_UP);
    }

    /// The longest IP packet, in bytes.
    public int mtu() throws HostException {
        return getInt("read the MTU of " + name, SIOCGIFMTU);
    }

    /// `ip link set NAME mtu BYTES`.
    ///
    /// @param bytes 68 to 65535; IPv6 works from 1280 upwards only
    public void setMtu(int bytes) throws HostException {
        setInt("set the MTU of " + name, SIOCSIFMTU, bytes);
    }

    /// How many packets wait in the interface at most; for a TUN device, how many the host may send
    /// before one is read.
    public int txQueueLength() throws HostException {
        return getInt("read the queue length of " + name, SIOCGIFTXQLEN);
    }

    /// `ip link set NAME txqueuelen PACKETS`.
    public void setTxQueueLength(int packets) throws HostException {
        setInt("set the queue length of " + name, SIOCSIFTXQLEN, packets);
    }

    /// The Ethernet address as `02:00:5e:10:00:01`; all zeros for loopback and TUN devices.
    public String hardwareAddress() throws HostException {
        try (Ifreq ifreq = new Ifreq(name)) {
            ioctl("read the hardware address of " + name, ifreq, SIOCGIFHWADDR);
            return HexFormat.ofDelimiter(":").formatHex(ifreq.sockaddr(), 2, 8);
        }
    }

    /// `ip addr add ADDRESS/LENGTH dev NAME`. While the interface is up, this adds the route to the
    /// network as well. A second and further IPv4 address gets a label, `NAME:1` and so on.
    ///
    /// @throws HostException with `EEXIST` when the interface has this IPv6 address already
    public void addAddress(Cidr address) throws HostException {
        if (address.isIpv4()) {
            addIpv4(address);
        } else {
            changeIpv6(address, SIOCSIFADDR, "add address " + address + " to " + name);
        }
    }

    /// `ip addr del ADDRESS/LENGTH dev NAME`, for an IPv6 address.
    ///
    /// @throws HostException with `EADDRNOTAVAIL` when the interface does not have it
    public void removeIpv6Address(Cidr address) throws HostException {
        changeIpv6(address, SIOCDIFADDR, "remove address " + address + " from " + name);
    }

    /// `ip route add NETWORK dev NAME`: the network is reached directly.
    public void addRoute(Cidr network) throws HostException {
        addRoute(network, new Cidr(network.address(), 0).network());
    }

    /// `ip route add NETWORK via GATEWAY dev NAME`.
    ///
    /// @param gateway an address of the same family, itself reachable over this interface; the
    ///     unspecified address for none
    /// @throws HostException with `EEXIST` when there is such a route, `ENETUNREACH` when the
    ///     gateway cannot be reached, `ENETDOWN` while the interface is down
    public void addRoute(Cidr network, InetAddress gateway) throws HostException {
        if (network.isIpv4() != gateway instanceof Inet4Address) {
            throw new IllegalArgumentException("families differ: " + network + " via " + gateway);
        }
        try (NativeMemory memory = new NativeMemory()) {
            int socket = network.isIpv4() ? socket4 : socket6;
            long route =
                    network.isIpv4()
                            ? rtentry(memory, network, gateway)
                            : in6Rtmsg(memory, network, (Inet6Address) gateway);
            String what = "add route to " + network + " over " + name;
            HostException.check(what, ioctl(socket, SIOCADDRT, route));
        }
    }

    /// Lets go of the interface, which stays as it is. Idempotent.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            HostSyscalls.close(socket4);
            if (socket6 >= 0) {
                HostSyscalls.close(socket6);
            }
        }
    }

    private int flags() throws HostException {
        try (Ifreq ifreq = new Ifreq(name)) {
            ioctl("read the flags of " + name, ifreq, SIOCGIFFLAGS);
            return Short.toUnsignedInt(ifreq.shortValue());
        }
    }

    private void setFlags(int flags) throws HostException {
        try (Ifreq ifreq = new Ifreq(name)) {
            ioctl("set the flags of " + name, ifreq.shortValue(flags), SIOCSIFFLAGS);
        }
    }

    private int getInt(String what, int request) throws HostException {
        try (Ifreq ifreq = new Ifreq(name)) {
            ioctl(what, ifreq, request);
            return ifreq.intValue();
        }
    }

    private void setInt(String what, int request, int value) throws HostException {
        try (Ifreq ifreq = new Ifreq(name)) {
            ioctl(what, ifreq.intValue(value), request);
        }
    }

    /// SIOCSIFADDR replaces the address of a label and gives it the prefix of its historical class,
    /// which SIOCSIFNETMASK corrects.
    private void addIpv4(Cidr address) throws HostException {
        String label = freeLabel();
        String what = "add address " + address + " to " + name;
        try (Ifreq ifreq = new Ifreq(label)) {
            ioctl(what, ifreq.sockaddrIn(address.address()), SIOCSIFADDR);
        }
        try (Ifreq ifreq = new Ifreq(label)) {
            ioctl(what, ifreq.sockaddrIn(address.netmask()), SIOCSIFNETMASK);
        }
    }

    /// The interface's name, or the first `name:N`, that has no IPv4 address yet.
    private String freeLabel() throws HostException {
        for (int n = 0; n < LABELS_MAX; n++) {
            String label = n == 0 ? name : name + ":" + n;
            try (Ifreq ifreq = new Ifreq(label)) {
                long result = ioctl(ifreq, SIOCGIFADDR);
                if (result == -HostErrno.EADDRNOTAVAIL) {
                    return label;
                }
                HostException.check("read the address of " + label, result);
            }
        }
        throw new HostException(
                HostErrno.EBUSY, name + " has " + LABELS_MAX + " IPv4 addresses already");
    }

    /// `struct in6_ifreq { in6_addr addr; u32 prefixlen; int ifindex; }`.
    private void changeIpv6(Cidr address, int request, String what) throws HostException {
        try (NativeMemory memory = new NativeMemory()) {
            long in6Ifreq = memory.allocate(24);
            memory.put(in6Ifreq, address.address().getAddress());
            memory.putInt(in6Ifreq + 16, address.prefixLength());
            memory.putInt(in6Ifreq + 20, index());
            HostException.check(what, ioctl(socket6, request, in6Ifreq));
        }
    }

    /// `struct rtentry` of a 64-bit machine.
    private long rtentry(NativeMemory memory, Cidr network, InetAddress gateway) {
        long rtentry = memory.allocate(120);
        Ifreq.putSockaddrIn(memory, rtentry + 8, network.network());
        Ifreq.putSockaddrIn(memory, rtentry + 24, gateway);
        Ifreq.putSockaddrIn(memory, rtentry + 40, network.netmask());
        memory.putShort(rtentry + 56, routeFlags(gateway));
        memory.putLong(rtentry + 88, memory.allocate(name));
        return rtentry;
    }

    /// `struct in6_rtmsg`.
    private long in6Rtmsg(NativeMemory memory, Cidr network, Inet6Address gateway)
            throws HostException {
        long rtmsg = memory.allocate(80);
        memory.put(rtmsg, network.network().getAddress());
        memory.put(rtmsg + 32, gateway.getAddress());
        memory.putShort(rtmsg + 52, network.prefixLength());
        memory.putInt(rtmsg + 56, IPV6_METRIC);
        memory.putInt(rtmsg + 72, routeFlags(gateway));
        memory.putInt(rtmsg + 76, index());
        return rtmsg;
    }

    private static int routeFlags(InetAddress gateway) {
        return gateway.isAnyLocalAddress() ? RTF_UP : RTF_UP | RTF_GATEWAY;
    }

    private void ioctl(String what, Ifreq ifreq, int request) throws HostException {
        HostException.check(what, ioctl(ifreq, request));
    }

    private synchronized long ioctl(Ifreq ifreq, int request) {
        return closed ? -HostErrno.EBADF : ifreq.ioctl(socket4, request);
    }

    private synchronized long ioctl(int socket, int request, long argument) {
        return closed
                ? -HostErrno.EBADF
                : HostSyscalls.syscall(Nr.IOCTL, socket, request, argument);
    }
}
