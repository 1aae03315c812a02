package dev.linnet.uapi;

/// Requests of `ioctl` on sockets, and the flags of devices (IFF_*).
///
/// Source: `include/uapi/linux/sockios.h`, `asm-generic/ioctls.h`, `if.h`.
public final class Ioctl {
    // Any descriptor.

    /// Bytes that can be read.
    public static final int FIONREAD = 0x541b;

    /// Set or clear O_NONBLOCK.
    public static final int FIONBIO = 0x5421;

    /// Set or clear O_ASYNC.
    public static final int FIOASYNC = 0x5452;

    /// Clear FD_CLOEXEC.
    public static final int FIONCLEX = 0x5450;

    /// Set FD_CLOEXEC.
    public static final int FIOCLEX = 0x5451;

    public static final int FIOQSIZE = 0x5460;
    public static final int FIOSETOWN = 0x8901;
    public static final int FIOGETOWN = 0x8903;

    // Epoll: how it polls devices by itself.

    public static final int EPIOCSPARAMS = 0x40088a01;
    public static final int EPIOCGPARAMS = 0x80088a02;

    /// Same number as SIOCOUTQ.
    public static final int TIOCOUTQ = 0x5411;

    /// Makes a timerfd look expired; the argument is how often.
    public static final int TFD_IOC_SET_TICKS = 0x40085400;

    // Sockets.

    /// Bytes that can be read; same number as FIONREAD.
    public static final int SIOCINQ = 0x541b;

    /// Bytes sent or queued that are not acknowledged.
    public static final int SIOCOUTQ = 0x5411;

    /// Bytes that are not sent yet.
    public static final int SIOCOUTQNSD = 0x894b;

    /// 1 if the read position is at the urgent mark.
    public static final int SIOCATMARK = 0x8905;

    public static final int SIOCSPGRP = 0x8902;
    public static final int SIOCGPGRP = 0x8904;

    /// Time of the last packet, microseconds.
    public static final int SIOCGSTAMP = 0x8906;

    /// Time of the last packet, nanoseconds.
    public static final int SIOCGSTAMPNS = 0x8907;

    public static final int SIOCGSTAMP_NEW = 0x80108906;
    public static final int SIOCGSTAMPNS_NEW = 0x80108907;
    /// Opens the file that an AF_UNIX socket is bound to.
    public static final int SIOCUNIXFILE = 0x89e0;

    public static final int SIOCGSKNS = 0x894c;

    // Routes.

    public static final int SIOCADDRT = 0x890b;
    public static final int SIOCDELRT = 0x890c;
    public static final int SIOCRTMSG = 0x890d;

    // Devices.

    /// Name of an index.
    public static final int SIOCGIFNAME = 0x8910;

    public static final int SIOCSIFLINK = 0x8911;

    /// List of the IPv4 addresses.
    public static final int SIOCGIFCONF = 0x8912;

    public static final int SIOCGIFFLAGS = 0x8913;
    public static final int SIOCSIFFLAGS = 0x8914;
    public static final int SIOCGIFADDR = 0x8915;
    public static final int SIOCSIFADDR = 0x8916;
    public static final int SIOCGIFDSTADDR = 0x8917;
    public static final int SIOCSIFDSTADDR = 0x8918;
    public static final int SIOCGIFBRDADDR = 0x8919;
    public static final int SIOCSIFBRDADDR = 0x891a;
    public static final int SIOCGIFNETMASK = 0x891b;
    public static final int SIOCSIFNETMASK = 0x891c;
    public static final int SIOCGIFMETRIC = 0x891d;
    public static final int SIOCSIFMETRIC = 0x891e;
    public static final int SIOCGIFMEM = 0x891f;
    public static final int SIOCSIFMEM = 0x8920;
    public static final int SIOCGIFMTU = 0x8921;
    public static final int SIOCSIFMTU = 0x8922;
    public static final int SIOCSIFNAME = 0x8923;
    public static final int SIOCSIFHWADDR = 0x8924;
    public static final int SIOCGIFENCAP = 0x8925;
    public static final int SIOCSIFENCAP = 0x8926;
    public static final int SIOCGIFHWADDR = 0x8927;
    public static final int SIOCGIFSLAVE = 0x8929;
    public static final int SIOCSIFSLAVE = 0x8930;
    public static final int SIOCADDMULTI = 0x8931;
    public static final int SIOCDELMULTI = 0x8932;

    /// Index of a name.
    public static final int SIOCGIFINDEX = 0x8933;

    public static final int SIOCSIFPFLAGS = 0x8934;
    public static final int SIOCGIFPFLAGS = 0x8935;
    public static final int SIOCDIFADDR = 0x8936;
    public static final int SIOCSIFHWBROADCAST = 0x8937;
    public static final int SIOCGIFCOUNT = 0x8938;
    public static final int SIOCGIFTXQLEN = 0x8942;
    public static final int SIOCSIFTXQLEN = 0x8943;
    public static final int SIOCETHTOOL = 0x8946;
    public static final int SIOCGIFMAP = 0x8970;
    public static final int SIOCSIFMAP = 0x8971;

    // ARP.

    public static final int SIOCDARP = 0x8953;
    public static final int SIOCGARP = 0x8954;
    public static final int SIOCSARP = 0x8955;

    // Flags of a device.

    /// Administratively up.
    public static final int IFF_UP = 1;

    /// Has a broadcast address.
    public static final int IFF_BROADCAST = 2;

    public static final int IFF_DEBUG = 4;

    /// Is a loopback.
    public static final int IFF_LOOPBACK = 8;

    /// Has one peer.
    public static final int IFF_POINTOPOINT = 0x10;

    public static final int IFF_NOTRAILERS = 0x20;

    /// Carrier is there.
    public static final int IFF_RUNNING = 0x40;

    /// No address resolution.
    public static final int IFF_NOARP = 0x80;

    /// Takes all frames.
    public static final int IFF_PROMISC = 0x100;

    /// Takes all multicast frames.
    public static final int IFF_ALLMULTI = 0x200;

    public static final int IFF_MASTER = 0x400;
    public static final int IFF_SLAVE = 0x800;

    /// Can do multicast.
    public static final int IFF_MULTICAST = 0x1000;

    public static final int IFF_PORTSEL = 0x2000;
    public static final int IFF_AUTOMEDIA = 0x4000;
    public static final int IFF_DYNAMIC = 0x8000;

    /// The layer below is up.
    public static final int IFF_LOWER_UP = 0x10000;

    public static final int IFF_DORMANT = 0x20000;
    public static final int IFF_ECHO = 0x40000;

    private Ioctl() {}
}
