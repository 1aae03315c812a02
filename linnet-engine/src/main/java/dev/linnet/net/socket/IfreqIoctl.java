package dev.linnet.net.socket;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.ipv4.InDevice;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.wire.In4Addr;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a socket can be asked about the interfaces (`dev_ioctl`, `devinet_ioctl`): the argument is
/// a `struct ifreq` of 40 bytes, the name in the first 16.
public final class IfreqIoctl {
    private static final int IFREQ_SIZE = 40;
    private static final int UNION = 16;

    private IfreqIoctl() {}

    /// Gives the user what the socket answers; what the socket does not know, the interfaces may.
    ///
    /// @param value what the socket answers: a number ≥ 0, `-ENOIOCTLCMD`, or the errno of the call
    @Kernel("sock_do_ioctl")
    public static int answer(NetNamespace net, int value, int cmd, byte[] arg) {
        if (value == -Errno.ENOIOCTLCMD) {
            return ioctl(net, cmd, arg);
        }
        if (value < 0) {
            return value;
        }
        if (arg.length < 4) {
            return -Errno.EFAULT;
        }
        Abi.putInt(arg, 0, value);
        return 0;
    }

    /// 0, `-ENODEV`, `-EADDRNOTAVAIL`, or `-ENOIOCTLCMD` for a request that is none of these.
    @Kernel({"dev_ioctl", "devinet_ioctl"})
    private static int ioctl(NetNamespace net, int cmd, byte[] arg) {
        boolean known =
                switch (cmd) {
                    case Ioctl.SIOCGIFNAME,
                            Ioctl.SIOCGIFINDEX,
                            Ioctl.SIOCGIFFLAGS,
                            Ioctl.SIOCGIFMTU,
                            Ioctl.SIOCGIFHWADDR,
                            Ioctl.SIOCGIFTXQLEN,
                            Ioctl.SIOCGIFADDR,
                            Ioctl.SIOCGIFBRDADDR,
                            Ioctl.SIOCGIFNETMASK,
                            Ioctl.SIOCGIFDSTADDR,
                            Ioctl.SIOCSIFMTU ->
                            true;
                    default -> false;
                };
        if (!known && !isSocketIoctl(cmd)) {
            return -Errno.ENOIOCTLCMD;
        }
        if (arg.length < IFREQ_SIZE) {
            return -Errno.EFAULT;
        }
        if (!known) {
            return -Errno.ENOTTY; // the structure was read for nothing
        }
        if (cmd == Ioctl.SIOCGIFNAME) {
            return name(net, arg);
        }
        NetDevice dev = net.devices.byName(text(arg));
        return dev == null ? -Errno.ENODEV : about(dev, cmd, arg);
    }

    @Kernel("is_socket_ioctl_cmd")
    private static boolean isSocketIoctl(int cmd) {
        return (cmd >> 8 & 0xff) == 0x89;
    }

    private static String text(byte[] arg) {
        int end = 0;
        while (end < UNION && arg[end] != 0) {
            end++;
        }
        return new String(arg, 0, end, StandardCharsets.ISO_8859_1);
    }

    private static int name(NetNamespace net, byte[] arg) {
        NetDevice dev = net.devices.byIndex(Abi.getInt(arg, UNION));
        if (dev == null) {
            return -Errno.ENODEV;
        }
        byte[] name = (dev.name + "\0").getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(name, 0, arg, 0, name.length);
        return 0;
    }

    private static int about(NetDevice dev, int cmd, byte[] arg) {
        switch (cmd) {
            case Ioctl.SIOCGIFINDEX -> Abi.putInt(arg, UNION, dev.ifindex);
            case Ioctl.SIOCGIFFLAGS -> Abi.putShort(arg, UNION, dev.flags);
            case Ioctl.SIOCGIFMTU -> Abi.putInt(arg, UNION, dev.mtu);
            case Ioctl.SIOCGIFTXQLEN -> Abi.putInt(arg, UNION, dev.txQueueLen);
            case Ioctl.SIOCGIFHWADDR -> {
                Abi.putShort(arg, UNION, dev.type);
                System.arraycopy(dev.devAddr, 0, arg, UNION + 2, dev.devAddr.length);
            }
            case Ioctl.SIOCSIFMTU -> {
                return dev.net.devices.setMtu(dev, Abi.getInt(arg, UNION));
            }
            default -> {
                return address(dev, cmd, arg);
            }
        }
        return 0;
    }

    private static int address(NetDevice dev, int cmd, byte[] arg) {
        InDevice in = InDevice.of(dev);
        List<InDevice.IfAddr> addrs = in == null ? List.of() : in.addresses();
        if (addrs.isEmpty()) {
            return -Errno.EADDRNOTAVAIL;
        }
        InDevice.IfAddr ifa = addrs.getFirst();
        int v4 =
                switch (cmd) {
                    case Ioctl.SIOCGIFBRDADDR -> ifa.broadcast();
                    case Ioctl.SIOCGIFNETMASK -> In4Addr.mask(ifa.prefixLen());
                    case Ioctl.SIOCGIFDSTADDR -> ifa.peer();
                    default -> ifa.local();
                };
        new SockAddrIn(0, v4).encode(arg, UNION);
        return 0;
    }
}
