package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.sysctl.DevConf;
import dev.linnet.kernel.sysctl.NeighSysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NeighOps;
import dev.linnet.net.core.dev.NeighTable;
import dev.linnet.net.core.dev.NeighTables;
import dev.linnet.net.core.dev.Neighbour;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ndisc;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Neighbour discovery (RFC 4861, `net/ipv6/ndisc.c`): finds the link-layer addresses of neighbours,
/// and routers.
final class Ndisc6 extends NeighOps {
    /// The knobs of `net.ipv6.neigh.NAME`.
    static final NeighSysctls PARMS = NeighSysctls.IPV6;

    private static final int MAX_HOPS = 255;

    private Ndisc6() {}

    @Kernel("ndisc_init")
    static void init(NetNamespace net) {
        NeighTables.installNd(net, new Ndisc6());
    }

    /// The neighbours of a namespace.
    static NeighTable table(NetNamespace net) {
        return Objects.requireNonNull(NeighTables.OF.of(net).nd(), "neighbour discovery is set up");
    }

    /// The entry of an address, made if need be; null where the link has no addresses or the table is
    /// full.
    static @Nullable Neighbour neighbour(NetDevice dev, long hi, long lo) {
        return dev.hardHeaderLen == 0 ? null : table(dev.net).lookupOrCreate(dev, hi, lo);
    }

    // ---- what the neighbour table asks for
    // -------------------------------------------------------

    @Override
    @Kernel("ndisc_solicit")
    public void solicit(Neighbour neigh, @Nullable SkBuff skb, int probes) {
        NetDevice dev = neigh.dev;
        if (probes < 0) {
            NdiscSend.ns(neigh, skb, neigh.hi, neigh.lo);
            return;
        }
        Inet6Dev idev = Inet6Dev.of(dev);
        if (idev != null && probes >= idev.neighParms.get(PARMS.appSolicit)) {
            long group = In6Addr.solicitedNodeLo(neigh.lo);
            NdiscSend.ns(neigh, skb, In6Addr.LINK_LOCAL_MULTICAST_HI, group);
        }
    }

    @Override
    @Kernel({"ndisc_error_report", "ip6_link_failure"})
    public void errorReport(Neighbour neigh, SkBuff skb) {
        Icmp6.send(skb, Icmpv6.DEST_UNREACH, Icmpv6.ADDR_UNREACH, 0);
        skb.drop(DropReason.NEIGH_FAILED);
    }

    @Override
    public DevConf parms(NetDevice dev) {
        return Objects.requireNonNull(Inet6Dev.of(dev), "a neighbour's device has IPv6").neighParms;
    }

    // ---- receiving
    // -----------------------------------------------------------------------------------

    /// Acts on a message whose ICMP header is at `data`; the packet stays the caller's. Why it was not
    /// heeded, or null.
    @Kernel("ndisc_rcv")
    static @Nullable DropReason rcv(SkBuff skb, NetDevice dev, int type) {
        Inet6Dev idev = Inet6Dev.of(dev);
        if (idev == null) {
            return DropReason.IPV6DISABLED;
        }
        if (Ip6Cb.has(skb, Ip6Cb.FRAGMENTED)
                && idev.cnf.get(Conf6Sysctls.SUPPRESS_FRAG_NDISC) != 0) {
            return DropReason.IPV6_NDISC_FRAG;
        }
        if (!skb.mayPull(skb.len)) {
            return DropReason.NOMEM;
        }
        if (Ipv6.hopLimit(skb.buf, skb.networkHeader) != MAX_HOPS) {
            return DropReason.IPV6_NDISC_HOP_LIMIT; // it came from beyond the link
        }
        if (Icmpv6.code(skb.buf, skb.data) != 0) {
            return DropReason.IPV6_NDISC_BAD_CODE;
        }
        if (Ndisc.checkHeader(skb.buf, skb.data, skb.len) < 0) {
            return DropReason.PKT_TOO_SMALL;
        }
        return switch (type) {
            case Ndisc.NEIGHBOUR_SOLICITATION -> NdiscNeighbour.solicitation(skb, idev);
            case Ndisc.NEIGHBOUR_ADVERTISEMENT -> NdiscNeighbour.advertisement(skb, idev);
            case Ndisc.ROUTER_SOLICITATION -> NdiscRouter.solicitation(skb, idev);
            case Ndisc.ROUTER_ADVERTISEMENT -> NdiscRouter.advertisement(skb, idev);
            default -> NdiscRedirect.rcv(skb, idev);
        };
    }
}
