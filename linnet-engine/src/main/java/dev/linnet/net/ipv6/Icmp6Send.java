package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Ethernet;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ipv6Ext;

/// ICMPv6 messages that the stack sends by itself: errors and echo replies.
final class Icmp6Send {
    private static final int HEADROOM = 128;

    /// An error quotes as much as fits the smallest MTU (RFC 4443 section 2.4 c).
    private static final int MAX_QUOTED = Ipv6.MIN_MTU - Ipv6.HEADER_BYTES - Icmpv6.HEADER_BYTES;

    /// Bit of `flowlabel_reflect`: echo replies.
    private static final int REFLECT_ECHO_REPLIES = 4;

    private Icmp6Send() {}

    // ---- errors
    // ----------------------------------------------------------------------------------

    @Kernel("icmp6_send")
    static void error(SkBuff skb, int type, int code, int info) {
        NetDevice dev = skb.dev;
        if (dev == null || !mayReport(skb, type, code, info)) {
            return;
        }
        SoftIrq irq = SoftIrq.current();
        irq.disable();
        try {
            Icmp6Limit limit = Icmp6Limit.OF.of(dev.net);
            boolean limited = limit.holdsFor(type);
            if (!dev.isLoopback() && limited && !limit.globalAllow()) {
                return;
            }
            Flow fl = errorFlow(skb, dev);
            DstEntry dst = Ip6Route.output(dev.net, fl, new int[1]);
            boolean held = limited && !dev.isLoopback();
            if (dst instanceof Rt6Info rt && (!held || limit.hostAllow(rt, fl))) {
                sendError(skb, type, code, info, fl, rt);
            }
        } finally {
            irq.enable();
        }
    }

    /// RFC 4443 section 2.4 e: no error about an error, nor about a packet to or from many, with the
    /// exceptions that path MTU discovery and unknown options of multicast packets are.
    private static boolean mayReport(SkBuff skb, int type, int code, int info) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        if (n < 0 || n + Ipv6.HEADER_BYTES > skb.tail) {
            return false;
        }
        boolean toMany = In6Addr.isMulticast(Ipv6.daddrHi(b, n));
        if (toMany || skb.pktType != SkBuff.PACKET_HOST) {
            boolean unknownOption =
                    type == Icmpv6.PARAM_PROB
                            && code == Icmpv6.UNK_OPTION
                            && asksForReport(skb, info);
            if (type != Icmpv6.PKT_TOOBIG && !unknownOption) {
                return false;
            }
        }
        long hi = Ipv6.saddrHi(b, n);
        boolean fromOne =
                !In6Addr.isMulticast(hi) && !In6Addr.isUnspecified(hi, Ipv6.saddrLo(b, n));
        return fromOne && !isIneligible(skb);
    }

    /// Whether the option at an offset is of those that want a report even for a multicast packet.
    @Kernel("opt_unrec")
    private static boolean asksForReport(SkBuff skb, int offset) {
        int at = skb.networkHeader + offset;
        return at < skb.tail
                && Ipv6Ext.actionIfUnknown(Ipv6Ext.optionType(skb.buf, at))
                        == Ipv6Ext.ACTION_DISCARD_ICMP;
    }

    /// Whether a packet is an ICMPv6 error itself, or too broken to tell.
    @Kernel("is_ineligible")
    private static boolean isIneligible(SkBuff skb) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        int next = Ipv6.nexthdr(b, n);
        long reached = Ipv6Ext.skip(b, n + Ipv6.HEADER_BYTES, skb.tail, next);
        if (reached < 0 || Ipv6Ext.reachedType(reached) != IpProto.ICMPV6) {
            return false;
        }
        int pos = Ipv6Ext.reachedOffset(reached) - skb.data;
        if (pos >= skb.len) {
            return !isFragment(skb);
        }
        byte[] inner = new byte[1];
        SkbOps.copyBits(skb, pos, inner, 0, 1);
        return Icmpv6.isError(inner[0] & 0xFF);
    }

    /// Whether a packet that can be walked through is a fragment of another.
    private static boolean isFragment(SkBuff skb) {
        byte[] b = skb.buf;
        int at = skb.networkHeader + Ipv6.HEADER_BYTES;
        int next = Ipv6.nexthdr(b, skb.networkHeader);
        while (Ipv6Ext.isExtension(next) && next != Ipv6Ext.FRAGMENT) {
            int bytes = Ipv6Ext.bytes(b, at, next);
            next = Ipv6Ext.nexthdr(b, at);
            at += bytes;
        }
        return next == Ipv6Ext.FRAGMENT
                && (Ipv6Ext.moreFragments(b, at) || Ipv6Ext.fragmentOffsetBytes(b, at) != 0);
    }

    /// The error goes to the packet's source, from its destination if that is ours, else from the
    /// address that suits best.
    private static Flow errorFlow(SkBuff skb, NetDevice dev) {
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        NetNamespace net = dev.net;
        Flow fl = new Flow();
        fl.proto = IpProto.ICMPV6;
        fl.daddrHi = Ipv6.saddrHi(b, n);
        fl.daddrLo = Ipv6.saddrLo(b, n);
        fl.mark = replyMark(net, skb);
        if (Ipv6Scope.needsScopeId(fl.daddrHi)) {
            fl.oif = icmpIif(skb, dev);
        }
        long daddrHi = Ipv6.daddrHi(b, n);
        long daddrLo = Ipv6.daddrLo(b, n);
        boolean toMany = In6Addr.isMulticast(daddrHi) || skb.pktType != SkBuff.PACKET_HOST;
        if (!toMany && Ipv6AddrType.isLocal(net, daddrHi, daddrLo, dev)) {
            fl.saddrHi = daddrHi;
            fl.saddrLo = daddrLo;
            return fl;
        }
        NetDevice in = net.devices.byIndex(skb.skbIif);
        Inet6IfAddr best =
                in == null ? null : SourceAddress.select(net, in, fl.daddrHi, fl.daddrLo);
        if (best != null) {
            fl.saddrHi = best.hi;
            fl.saddrLo = best.lo;
        }
        return fl;
    }

    /// The interface that a packet came in on; for one of this host that of its address.
    @Kernel("icmp6_iif")
    private static int icmpIif(SkBuff skb, NetDevice dev) {
        return skb.dst instanceof Rt6Info rt && dev.isLoopback() ? rt.owner.ifindex : dev.ifindex;
    }

    @Kernel("IP6_REPLY_MARK")
    private static int replyMark(NetNamespace net, SkBuff skb) {
        return net.sysctl.get(Ipv6Sysctls.FWMARK_REFLECT) ? skb.mark : 0;
    }

    private static void sendError(SkBuff skb, int type, int code, int info, Flow fl, Rt6Info rt) {
        NetNamespace net = rt.dev.net;
        int before = skb.data - skb.networkHeader;
        int quoted = Math.min(skb.len + before, MAX_QUOTED);
        int stripe = SoftIrq.current().stripe;
        SkBuff out = SkBuff.alloc(net.pool, stripe, HEADROOM + Icmpv6.HEADER_BYTES + quoted);
        out.reserve(HEADROOM);
        int at = out.put(Icmpv6.HEADER_BYTES + quoted);
        Icmpv6.put(out.buf, at, type, code, info);
        SkbOps.copyBits(skb, -before, out.buf, at + Icmpv6.HEADER_BYTES, quoted);
        xmit(net, out, fl, rt, 0, rt.hopLimit());
    }

    // ---- answers
    // ---------------------------------------------------------------------------------

    /// Answers an echo request whose ICMP header is at `data`; the packet stays the caller's.
    @Kernel("icmpv6_echo_reply")
    static void echoReply(SkBuff skb, NetDevice dev, int type) {
        NetNamespace net = dev.net;
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        boolean toMany = In6Addr.isMulticast(Ipv6.daddrHi(b, n));
        if (net.sysctl.get(Ipv6Sysctls.ICMP_ECHO_IGNORE_ALL)
                || (toMany && net.sysctl.get(Ipv6Sysctls.ICMP_ECHO_IGNORE_MULTICAST))) {
            return;
        }
        Flow fl = new Flow();
        fl.proto = IpProto.ICMPV6;
        fl.daddrHi = Ipv6.saddrHi(b, n);
        fl.daddrLo = Ipv6.saddrLo(b, n);
        fl.mark = replyMark(net, skb);
        fl.oif = icmpIif(skb, dev);
        fl.oifWish = true;
        if (skb.dst instanceof Rt6Info rt && rt.isLocal()) {
            fl.saddrHi = Ipv6.daddrHi(b, n);
            fl.saddrLo = Ipv6.daddrLo(b, n);
        }
        if ((net.sysctl.get(Ipv6Sysctls.FLOWLABEL_REFLECT) & REFLECT_ECHO_REPLIES) != 0) {
            fl.flowLabel = Ipv6.flowLabel(b, n);
        }
        Rt6Info rt = (Rt6Info) Ip6Route.output(net, fl, new int[1]);
        Icmp6Limit limit = Icmp6Limit.OF.of(net);
        boolean limited = limit.holdsFor(type) && !dev.isLoopback();
        if (rt == null || (limited && !(limit.globalAllow() && limit.hostAllow(rt, fl)))) {
            return;
        }
        SkBuff out =
                SkBuff.alloc(net.pool, SoftIrq.current().stripe, HEADROOM + Icmpv6.HEADER_BYTES);
        out.reserve(HEADROOM);
        int at = out.put(Icmpv6.HEADER_BYTES);
        Icmpv6.put(out.buf, at, type, 0, Icmpv6.dataun(b, skb.data));
        SkbOps.shareRange(skb, Icmpv6.HEADER_BYTES, skb.len - Icmpv6.HEADER_BYTES, out);
        xmit(net, out, fl, rt, Ipv6.trafficClass(b, n), echoHops(fl, rt));
    }

    private static int echoHops(Flow fl, Rt6Info rt) {
        return In6Addr.isMulticast(fl.daddrHi) ? 1 : rt.hopLimit();
    }

    // ---- both
    // ------------------------------------------------------------------------------------

    /// Sends a message whose header is at `data`, checksummed here; it may be fragmented.
    @Kernel("icmpv6_push_pending_frames")
    private static void xmit(
            NetNamespace net, SkBuff out, Flow fl, Rt6Info rt, int tclass, int hops) {
        checksum(out, fl);
        Icmp6.outCount(net, Icmpv6.type(out.buf, out.data));
        out.mark = fl.mark;
        out.ipFlags |= Ip6Cb.IGNORE_DF;
        int label = FlowLabel.make(net, null, out, fl.flowLabel, fl);
        pushHeader(out, fl, tclass, label, hops);
        out.dst = rt;
        Ip6Output.localOut(net, out, rt);
    }

    private static void checksum(SkBuff out, Flow fl) {
        int seed =
                Checksum.pseudoV6(
                        fl.saddrHi, fl.saddrLo, fl.daddrHi, fl.daddrLo, out.len, IpProto.ICMPV6, 0);
        int check = Checksum.fold(SkbOps.checksum(out, 0, out.len, seed));
        Icmpv6.cksum(out.buf, out.data, check);
    }

    private static void pushHeader(SkBuff out, Flow fl, int tclass, int label, int hops) {
        out.transportHeader = out.data;
        int at = out.push(Ipv6.HEADER_BYTES);
        out.networkHeader = at;
        out.protocol = Ethernet.P_IPV6;
        Ipv6.put(
                out.buf,
                at,
                tclass,
                label,
                out.len - Ipv6.HEADER_BYTES,
                IpProto.ICMPV6,
                hops,
                fl.saddrHi,
                fl.saddrLo,
                fl.daddrHi,
                fl.daddrLo);
    }

    /// Sends a message of neighbour discovery or of multicast listeners straight to a device: `data`
    /// at its header, no flow label, never back to this host.
    ///
    /// @param hopByHop an options header to stand in front of it, or nothing
    @Kernel({"ndisc_send_skb", "mld_sendpack"})
    static void direct(NetDevice dev, SkBuff out, Flow fl, int tclass, int hops, byte[] hopByHop) {
        NetNamespace net = dev.net;
        checksum(out, fl);
        Icmp6.outCount(net, Icmpv6.type(out.buf, out.data));
        out.ipFlags |= Ip6Cb.NO_MC_LOOP;
        if (hopByHop.length > 0) {
            int at = out.push(hopByHop.length);
            System.arraycopy(hopByHop, 0, out.buf, at, hopByHop.length);
        }
        pushHeader(out, fl, tclass, 0, hops);
        if (hopByHop.length > 0) {
            Ipv6.nexthdr(out.buf, out.data, Ipv6Ext.HOP_BY_HOP);
        }
        int type = In6Addr.isMulticast(fl.daddrHi) ? Rtn.MULTICAST : Rtn.UNICAST;
        Rt6Info rt = new Rt6Info(dev, type);
        out.dst = rt;
        Ip6Output.localOut(net, out, rt);
    }
}
