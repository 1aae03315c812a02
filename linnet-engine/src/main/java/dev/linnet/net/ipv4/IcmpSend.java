package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.Checksum;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.IpProto;
import dev.linnet.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/// ICMP messages that the stack sends by itself: errors and answers.
final class IcmpSend {
    /// The longest error, IP header included (RFC 1812 section 4.3.2.3).
    private static final int MAX_ERROR_BYTES = 576;

    /// Precedence "internetwork control", for errors (RFC 1812 section 4.3.2.5).
    private static final int TOS_INTERNETCONTROL = 0xC0;

    /// The part of a TOS that an error takes over (`IPTOS_TOS_MASK`).
    private static final int TOS_MASK = 0x1E;

    /// 192.0.0.8, the source of last resort (RFC 7600).
    private static final int DUMMY_ADDRESS = 0xC000_0008;

    private static final int HEADROOM = 128;

    private IcmpSend() {}

    // ---- errors
    // ----------------------------------------------------------------------------------

    @Kernel("__icmp_send")
    static void error(SkBuff skb, int type, int code, int info) {
        NetDevice in = skb.dev;
        DstEntry dst = skb.dst;
        NetDevice dev = in != null ? in : dst != null ? dst.dev : null;
        if (dev == null || !mayReport(skb, type)) {
            return;
        }
        NetNamespace net = dev.net;
        SoftIrq irq = SoftIrq.current();
        irq.disable();
        try {
            IcmpRateLimit limit = IcmpRateLimit.OF.of(net);
            boolean limited = !limit.unlimited(type, code);
            boolean fromLoopback = in != null && in.isLoopback();
            if (limited && !fromLoopback && !limit.globalAllowCounted()) {
                return;
            }
            Flow fl = errorFlow(net, skb, dev, type);
            int[] err = new int[1];
            byte[] options = IpOptions.echo(skb, err);
            if (err[0] != 0) {
                return;
            }
            long sender = fl.daddrLo;
            fl.daddrLo = IpOptions.firstHop(options, sender);
            DstEntry rt = RouteOutput.lookup(net, fl, err);
            if (rt == null) {
                return;
            }
            fl.daddrLo = sender;
            if (limited && !fromLoopback && !limit.hostAllow(rt.dev, (int) fl.daddrLo)) {
                return;
            }
            sendError(net, skb, type, code, info, fl, rt, options);
        } finally {
            irq.enable();
        }
    }

    /// RFC 1122 section 3.2.2: no error about a packet to a group or broadcast address, a fragment
    /// but the first, or another error.
    private static boolean mayReport(SkBuff skb, int type) {
        int nh = skb.networkHeader;
        if (nh < 0 || nh + Ipv4.HEADER_BYTES > skb.tail || skb.pktType != SkBuff.PACKET_HOST) {
            return false;
        }
        if (skb.dst instanceof Rtable rt
                && (rt.type == Rtn.BROADCAST || rt.type == Rtn.MULTICAST)) {
            return false;
        }
        if ((Ipv4.fragOff(skb.buf, nh) & Ipv4.OFFSET_MASK) != 0) {
            return false;
        }
        if (!Icmp.isError(type) || Ipv4.protocol(skb.buf, nh) != IpProto.ICMP) {
            return true;
        }
        int pos = nh - skb.data + Ipv4.headerBytes(skb.buf, nh);
        if (pos >= skb.len) {
            return false;
        }
        byte[] inner = new byte[1];
        SkbOps.copyBits(skb, pos, inner, 0, 1);
        int innerType = inner[0] & 0xFF;
        return innerType <= Icmp4.NR_ICMP_TYPES && !Icmp.isError(innerType);
    }

    private static Flow errorFlow(NetNamespace net, SkBuff skb, NetDevice dev, int type) {
        int nh = skb.networkHeader;
        Flow fl = new Flow();
        boolean toUs = skb.dst instanceof Rtable rt && rt.isLocal();
        if (toUs) {
            fl.saddrLo = In6Addr.mapV4(Ipv4.daddr(skb.buf, nh));
        } else if (net.sysctl.get(IpSysctls.ICMP_ERRORS_USE_INBOUND_IFADDR) && skb.skbIif != 0) {
            int inbound = Devinet.selectAddr(dev, Ipv4.saddr(skb.buf, nh), Devinet.SCOPE_LINK);
            fl.saddrLo = inbound == 0 ? 0 : In6Addr.mapV4(inbound);
        }
        fl.daddrLo = In6Addr.mapV4(Ipv4.saddr(skb.buf, nh));
        int tos = Ipv4.tos(skb.buf, nh);
        fl.tos = Icmp.isError(type) ? tos & TOS_MASK | TOS_INTERNETCONTROL : tos;
        fl.proto = IpProto.ICMP;
        fl.mark = replyMark(net, skb);
        return fl;
    }

    @Kernel("IP4_REPLY_MARK")
    private static int replyMark(NetNamespace net, SkBuff skb) {
        return net.sysctl.get(IpSysctls.FWMARK_REFLECT) ? skb.mark : 0;
    }

    private static void sendError(
            NetNamespace net,
            SkBuff skb,
            int type,
            int code,
            int info,
            Flow fl,
            DstEntry rt,
            byte @Nullable [] options) {
        if ((int) fl.saddrLo == 0) {
            fl.saddrLo = In6Addr.mapV4(DUMMY_ADDRESS);
        }
        int optLen = options == null ? 0 : options.length;
        int room = Math.min(rt.mtu(), MAX_ERROR_BYTES);
        room -= Ipv4.HEADER_BYTES + optLen + Icmp.HEADER_BYTES;
        int before = skb.data - skb.networkHeader;
        int quoted = Math.min(skb.len + before, Math.max(room, 0));
        SkBuff out =
                SkBuff.alloc(
                        net.pool, SoftIrq.current().stripe, HEADROOM + Icmp.HEADER_BYTES + quoted);
        out.reserve(HEADROOM);
        int at = out.put(Icmp.HEADER_BYTES + quoted);
        Icmp.put(out.buf, at, type, code, info);
        SkbOps.copyBits(skb, -before, out.buf, at + Icmp.HEADER_BYTES, quoted);
        xmit(net, out, type, fl, rt, options);
    }

    // ---- answers
    // ---------------------------------------------------------------------------------

    /// Answers a packet. The data is that of the packet from `data` on, shared, or `body`
    /// (`icmp_reply`). The packet stays the caller's.
    @Kernel("icmp_reply")
    static void reply(
            NetNamespace net, SkBuff skb, int type, int code, int un, byte @Nullable [] body) {
        IcmpRateLimit limit = IcmpRateLimit.OF.of(net);
        boolean limited = !limit.unlimited(type, 0);
        if (limited && !limit.globalAllowCounted()) {
            return;
        }
        int[] err = new int[1];
        byte[] options = IpOptions.echo(skb, err);
        if (err[0] != 0) {
            return;
        }
        Flow fl = new Flow();
        int nh = skb.networkHeader;
        fl.saddrLo = In6Addr.mapV4(FibFrontend.computeSpecDst(skb));
        long asker = In6Addr.mapV4(Ipv4.saddr(skb.buf, nh));
        fl.daddrLo = IpOptions.firstHop(options, asker);
        fl.tos = Ipv4.tos(skb.buf, nh);
        fl.proto = IpProto.ICMP;
        fl.mark = replyMark(net, skb);
        DstEntry rt = RouteOutput.lookup(net, fl, err);
        fl.daddrLo = asker;
        if (rt == null || (limited && !limit.hostAllow(rt.dev, (int) asker))) {
            return;
        }
        int stripe = SoftIrq.current().stripe;
        int bodyBytes = body == null ? 0 : body.length;
        SkBuff out = SkBuff.alloc(net.pool, stripe, HEADROOM + Icmp.HEADER_BYTES + bodyBytes);
        out.reserve(HEADROOM);
        int at = out.put(Icmp.HEADER_BYTES + bodyBytes);
        Icmp.put(out.buf, at, type, code, un);
        if (body != null) {
            System.arraycopy(body, 0, out.buf, at + Icmp.HEADER_BYTES, bodyBytes);
        } else {
            SkbOps.shareRange(skb, 0, skb.len, out);
        }
        xmit(net, out, type, fl, rt, options);
    }

    // ---- both
    // --------------------------------------------------------------------------------------

    /// Sends a message whose header is at `data`; it may be fragmented (`icmp_push_reply`).
    @Kernel("icmp_push_reply")
    private static void xmit(
            NetNamespace net,
            SkBuff out,
            int type,
            Flow fl,
            DstEntry rt,
            byte @Nullable [] options) {
        Icmp.checksum(out.buf, out.data, Checksum.fold(SkbOps.checksum(out, 0, out.len, 0)));
        Icmp4.outCount(net, type);
        int optLen = options == null ? 0 : options.length;
        out.transportHeader = out.data;
        int header = out.push(Ipv4.HEADER_BYTES + optLen);
        out.networkHeader = header;
        out.protocol = 0x0800;
        out.dst = rt;
        out.mark = fl.mark;
        int id = net.random.nextInt() & 0xFFFF;
        int ttl = IpOutput.defaultTtl(net, rt);
        Ipv4.put(
                out.buf,
                header,
                fl.tos,
                out.len,
                id,
                0,
                ttl,
                IpProto.ICMP,
                (int) fl.saddrLo,
                (int) fl.daddrLo);
        if (options != null && optLen > 0) {
            Ipv4.headerBytes(out.buf, header, Ipv4.HEADER_BYTES + optLen);
            IpOptions.build(out, header, options);
        }
        IpOutput.localOut(net, out);
    }
}
