package dev.linnet.proc;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NeighTable;
import dev.linnet.net.core.dev.NeighTables;
import dev.linnet.net.core.dev.Neighbour;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Nud;
import dev.linnet.net.ipv6.Inet6Dev;
import dev.linnet.net.ipv6.Inet6IfAddr;
import dev.linnet.wire.In4Addr;
import java.util.Locale;

/// `/proc/net/arp` and `/proc/net/if_inet6`.
final class ProcNetIp {
    /// Flags of an ARP entry: complete, permanent.
    private static final int ATF_COM = 2;

    private static final int ATF_PERM = 4;

    private ProcNetIp() {}

    @Kernel({"arp_seq_show", "arp_format_neigh_entry"})
    static String arp(NetNamespace net) {
        StringBuilder out = new StringBuilder();
        out.append("IP address       HW type     Flags       HW address            Mask     ");
        out.append("Device\n");
        NeighTable table = NeighTables.OF.of(net).arp();
        if (table != null) {
            table.forEach(n -> out.append(arpLine(n)));
        }
        return out.toString();
    }

    private static String arpLine(Neighbour n) {
        int state = n.nudState();
        if ((state & ~Nud.NOARP) == 0) {
            return "";
        }
        int flags =
                (state & Nud.PERMANENT) != 0
                        ? ATF_PERM | ATF_COM
                        : (state & Nud.VALID) != 0 ? ATF_COM : 0;
        return String.format(
                Locale.ROOT,
                "%-16s 0x%-10x0x%-10x%-17s     *        %s\n",
                In4Addr.format((int) n.lo),
                n.dev.type,
                flags,
                mac(Math.max(n.lladdr(), 0)),
                n.dev.name);
    }

    private static String mac(long address) {
        StringBuilder text = new StringBuilder();
        for (int i = 5; i >= 0; i--) {
            text.append(String.format(Locale.ROOT, "%02x", address >> 8 * i & 0xFF));
            text.append(i > 0 ? ":" : "");
        }
        return text.toString();
    }

    @Kernel("if6_seq_show")
    static String ifInet6(NetNamespace net) {
        StringBuilder out = new StringBuilder();
        for (NetDevice dev : net.devices.all()) {
            Inet6Dev idev = Inet6Dev.of(dev);
            if (idev != null) {
                for (Inet6IfAddr ifa : idev.addresses()) {
                    out.append(
                            String.format(
                                    Locale.ROOT,
                                    "%016x%016x %02x %02x %02x %02x %8s\n",
                                    ifa.hi,
                                    ifa.lo,
                                    dev.ifindex,
                                    ifa.prefixLen,
                                    ifa.rtScope(),
                                    ifa.flags() & 0xFF,
                                    dev.name));
                }
            }
        }
        return out.toString();
    }
}
