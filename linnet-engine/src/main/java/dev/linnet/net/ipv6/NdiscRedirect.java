package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.Neighbour;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Nud;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.ipv4.InetPeers;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ndisc;
import org.jspecify.annotations.Nullable;

/// Redirects: a router names a better first hop (RFC 4861 section 8).
final class NdiscRedirect {
    /// Between two redirects to the same host, jiffies.
    private static final int INTERVAL = 1000;

    private static final int LL_OPTION_BYTES = 8;

    private NdiscRedirect() {}

    /// A redirect that was received; the packet is linear, its message at `data`, and stays the
    /// caller's. Why it was not heeded, or null.
    @Kernel({"ndisc_redirect_rcv", "rt6_do_redirect"})
    static @Nullable DropReason rcv(SkBuff skb, Inet6Dev idev) {
        byte[] b = skb.buf;
        long fromHi = Ipv6.saddrHi(b, skb.networkHeader);
        long fromLo = Ipv6.saddrLo(b, skb.networkHeader);
        long destHi = Ndisc.redirectDestHi(b, skb.data);
        long destLo = Ndisc.redirectDestLo(b, skb.data);
        long hopHi = Ndisc.targetHi(b, skb.data);
        long hopLo = Ndisc.targetLo(b, skb.data);
        boolean onLink = destHi == hopHi && destLo == hopLo;
        if (!In6Addr.isLinkLocal(fromHi)) {
            return DropReason.IP_INVALID_SOURCE;
        }
        if (In6Addr.isMulticast(destHi) || (!onLink && !In6Addr.isLinkLocal(hopHi))) {
            return DropReason.IP_INVALID_DEST;
        }
        NdiscOpts opts = new NdiscOpts(skb, Ndisc.fixedBytes(Ndisc.REDIRECT));
        if (!opts.ok || !opts.lladdrOk(opts.tgtLladdr)) {
            return DropReason.IPV6_NDISC_BAD_OPTIONS;
        }
        if (idev.forwarding() || idev.cnf.get(Conf6Sysctls.ACCEPT_REDIRECTS) == 0) {
            return null;
        }
        if (!isFirstHop(idev.dev, destHi, destLo, fromHi, fromLo)) {
            return DropReason.IP_INVALID_SOURCE;
        }
        int router = onLink ? 0 : Neighbour.UPDATE_OVERRIDE_ISROUTER | Neighbour.UPDATE_ISROUTER;
        Neighbour neigh = Ndisc6.neighbour(idev.dev, hopHi, hopLo);
        if (neigh != null) {
            neigh.update(
                    opts.lladdr(opts.tgtLladdr, idev.dev),
                    Nud.STALE,
                    Neighbour.UPDATE_WEAK_OVERRIDE | Neighbour.UPDATE_OVERRIDE | router);
        }
        Ip6Pmtu.redirect(idev.dev, destHi, destLo, hopHi, hopLo);
        return null;
    }

    /// Only the router that packets to the destination go to at present may say so (RFC 4861 section
    /// 8.1).
    @Kernel("__ip6_route_redirect")
    private static boolean isFirstHop(
            NetDevice dev, long destHi, long destLo, long fromHi, long fromLo) {
        Flow fl = new Flow();
        fl.daddrHi = destHi;
        fl.daddrLo = destLo;
        fl.oif = dev.ifindex;
        Rt6Info rt = Ip6Route.lookup(dev.net, fl, true, new int[1]);
        return rt != null && rt.gwHi == fromHi && rt.gwLo == fromLo;
    }

    /// A packet is passed on over the interface that it came from: its sender could do better.
    @Kernel("ndisc_send_redirect")
    static void send(SkBuff skb, Rt6Info rt) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        NetDevice dev = rt.dev;
        Inet6Dev idev = Inet6Dev.of(dev);
        Inet6IfAddr self = idev == null ? null : idev.linkLocal(Inet6IfAddr.TENTATIVE);
        long toHi = Ipv6.saddrHi(b, n);
        long toLo = Ipv6.saddrLo(b, n);
        long destHi = Ipv6.daddrHi(b, n);
        long destLo = Ipv6.daddrLo(b, n);
        long hopHi = rt.hasGateway() ? rt.gwHi : destHi;
        long hopLo = rt.hasGateway() ? rt.gwLo : destLo;
        boolean sensible =
                !In6Addr.isMulticast(destHi)
                        && !In6Addr.isMulticast(toHi)
                        && !In6Addr.isUnspecified(toHi, toLo)
                        && (In6Addr.isLinkLocal(hopHi) || !rt.hasGateway());
        InetPeers.Peer peer = InetPeers.OF.of(dev.net).get(toHi, toLo);
        if (self == null || !sensible || !peer.xrlimAllow(dev.net.clock.jiffies(), INTERVAL)) {
            return;
        }
        SkBuff out = message(skb, dev, hopHi, hopLo);
        Ndisc.target(out.buf, out.data, hopHi, hopLo);
        Ndisc.redirectDest(out.buf, out.data, destHi, destLo);
        Flow fl = NdiscSend.flow(toHi, toLo);
        fl.saddrHi = self.hi;
        fl.saddrLo = self.lo;
        NdiscSend.send(dev, out, fl);
    }

    /// A redirect with the options: the better hop's link-layer address if it is known, and the packet.
    private static SkBuff message(SkBuff skb, NetDevice dev, long hopHi, long hopLo) {
        Neighbour neigh =
                dev.hardHeaderLen == 0 ? null : Ndisc6.table(dev.net).lookup(dev, hopHi, hopLo);
        boolean known = neigh != null && (neigh.nudState() & Nud.VALID) != 0;
        int address = known ? LL_OPTION_BYTES : 0;
        int room = Ipv6.MIN_MTU - Ipv6.HEADER_BYTES - Ndisc.fixedBytes(Ndisc.REDIRECT) - address;
        int quoted = Math.min(skb.len, room - 8) & ~7;
        SkBuff out = NdiscSend.message(dev, Ndisc.REDIRECT, address + 8 + quoted);
        int at = out.tail - address - 8 - quoted;
        if (neigh != null && known) {
            Ndisc.putLinkAddr(out.buf, at, Ndisc.OPT_TARGET_LL_ADDR, neigh.lladdr());
            at += LL_OPTION_BYTES;
        }
        Bytes.u8(out.buf, at, Ndisc.OPT_REDIRECT_HDR);
        Bytes.u8(out.buf, at + 1, (quoted + 8) >> 3);
        SkbOps.copyBits(skb, 0, out.buf, at + 8, quoted);
        return out;
    }
}
