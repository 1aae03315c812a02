package dev.linnet.proc;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.PrefixTrie;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.ipv4.FibInfo;
import dev.linnet.net.ipv4.FibTable;
import dev.linnet.net.ipv6.Fib6Info;
import dev.linnet.net.ipv6.Ip6Fib;
import java.util.Locale;

/// `/proc/net/route` and `/proc/net/ipv6_route`.
final class ProcNetRoute {
    private static final int WIDTH = 127;
    private static final int RTF_UP = 1;
    private static final int RTF_GATEWAY = 2;
    private static final int RTF_HOST = 4;
    private static final int RTF_REJECT = 0x200;
    private static final int RTF_NONEXTHOP = 0x0020_0000;
    private static final int RTF_LOCAL = 0x8000_0000;
    private static final int HEADERS = 40;

    private ProcNetRoute() {}

    /// The routes of the main table that are for single destinations or none.
    @Kernel("fib_route_seq_show")
    static String v4(NetNamespace net) {
        StringBuilder out = new StringBuilder();
        String head =
                "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
        SockLine.padded(out, head, WIDTH);
        FibTable.OF
                .of(net)
                .forEach(
                        (prefix, info) -> {
                            if (info.type != Rtn.BROADCAST && info.type != Rtn.MULTICAST) {
                                SockLine.padded(out, line(prefix, info), WIDTH);
                            }
                        });
        return out.toString();
    }

    private static String line(PrefixTrie.Prefix prefix, FibInfo info) {
        int bits = prefix.plen() - 96;
        int mask = bits == 0 ? 0 : -1 << 32 - bits;
        boolean reject = info.type == Rtn.UNREACHABLE || info.type == Rtn.PROHIBIT;
        int flags =
                RTF_UP
                        | (info.gateway != 0 ? RTF_GATEWAY : 0)
                        | (mask == -1 ? RTF_HOST : 0)
                        | (reject ? RTF_REJECT : 0);
        int advmss = info.metrics.get(RouteMetrics.RTAX_ADVMSS);
        return String.format(
                Locale.ROOT,
                "%s\t%08X\t%08X\t%04X\t%d\t%d\t%d\t%08X\t%d\t%d\t%d",
                reject ? "*" : info.dev.name,
                Integer.reverseBytes((int) prefix.lo()),
                Integer.reverseBytes(info.gateway),
                flags,
                0,
                0,
                info.priority,
                Integer.reverseBytes(mask),
                advmss == 0 ? 0 : advmss + HEADERS,
                info.metrics.get(RouteMetrics.RTAX_WINDOW),
                info.metrics.get(RouteMetrics.RTAX_RTT) >> 3);
    }

    /// Both tables, each with the entry that ends it.
    @Kernel("ipv6_route_native_seq_show")
    static String v6(NetNamespace net) {
        StringBuilder out = new StringBuilder();
        for (boolean local : new boolean[] {false, true}) {
            Ip6Fib.forEachRoute(net, local, (prefix, info) -> out.append(line(prefix, info)));
            out.append(v6(0, 0, 0, 0, 0, -1, RTF_REJECT | RTF_NONEXTHOP, "lo"));
        }
        return out.toString();
    }

    private static String line(PrefixTrie.Prefix prefix, Fib6Info info) {
        int flags = RTF_UP | info.flags();
        flags |= info.hasGateway() ? RTF_GATEWAY : 0;
        flags |= info.type == Rtn.LOCAL ? RTF_LOCAL | RTF_NONEXTHOP : 0;
        return v6(
                prefix.hi(),
                prefix.lo(),
                prefix.plen(),
                info.gwHi,
                info.gwLo,
                info.metric,
                flags,
                info.dev.name);
    }

    private static String v6(
            long hi, long lo, int plen, long gwHi, long gwLo, int metric, int flags, String dev) {
        return String.format(
                Locale.ROOT,
                "%016x%016x %02x %032x %02x %016x%016x %08x %08x %08x %08x %8s\n",
                hi,
                lo,
                plen,
                0,
                0,
                gwHi,
                gwLo,
                metric,
                1,
                0,
                flags,
                dev);
    }
}
