package dev.linnet.net.ipv4;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.IpMib;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.NeighOutput;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.core.skb.SegmentHeader;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/// IPv4 packets on their way out (`net/ipv4/ip_output.c`). Every function that takes a packet takes
/// ownership of it.
public final class IpOutput {
    private IpOutput() {}

    // ---- for connections -----------------------------------------------------------------------

    /// Sends a segment of a connection: `data` is at the transport header. The route is the one
    /// cached in the sock, looked up again when it no longer holds (`__ip_queue_xmit`).
    ///
    /// @return 0, a positive congestion notice, `-EHOSTUNREACH` without a route, …
    @Kernel({"__ip_queue_xmit", "ip_queue_xmit"})
    @HotPath
    public static int queueXmit(InetSock sk, SkBuff skb) {
        DstEntry dst = sk.dstCheck();
        if (dst == null) {
            dst = reroute(sk);
            if (dst == null) {
                sk.net.mib.inc(IpMib.OUTNOROUTES);
                skb.drop(DropReason.IP_OUTNOROUTES);
                return -Errno.EHOSTUNREACH;
            }
        }
        Rtable rt = (Rtable) dst;
        skb.dst = rt;
        byte[] options = sk.ipOptions;
        int optLen = options == null ? 0 : options.length;
        boolean df = dontFragment(sk, rt);
        int header = pushHeader(skb, optLen);
        int segs = Math.max(1, skb.gsoSegs);
        int id = nextId(sk, segs);
        Ipv4.put(
                skb.buf,
                header,
                sk.tos | (skb.cb.ipDsfield & 3),
                skb.len,
                id,
                df ? Ipv4.DF : 0,
                ttl(sk, rt),
                sk.protocol,
                (int) sk.saddrLo,
                (int) sk.daddrLo);
        if (options != null && optLen > 0) {
            putOptions(skb, header, options);
        }
        skb.priority = sk.priority;
        skb.mark = sk.mark;
        return localOut(sk.net, skb);
    }

    private static @Nullable DstEntry reroute(InetSock sk) {
        Flow fl = new Flow();
        fl.daddrHi = sk.daddrHi;
        fl.daddrLo = IpOptions.firstHop(sk.ipOptions, sk.daddrLo);
        fl.saddrHi = sk.saddrHi;
        fl.saddrLo = sk.saddrLo;
        fl.proto = sk.protocol;
        fl.oif = sk.boundDevIf;
        fl.mark = sk.mark;
        fl.tos = sk.tos;
        fl.sport = sk.sport;
        fl.dport = sk.dport;
        fl.anySrc = sk.transparent || sk.freebind;
        fl.onLink = sk.localroute;
        DstEntry dst = RouteOutput.lookup(sk.net, fl, new int[1]);
        sk.dst = dst;
        return dst;
    }

    private static int pushHeader(SkBuff skb, int optLen) {
        skb.transportHeader = skb.data;
        int header = skb.push(Ipv4.HEADER_BYTES + optLen);
        skb.networkHeader = header;
        skb.protocol = 0x0800;
        return header;
    }

    private static void putOptions(SkBuff skb, int header, byte[] options) {
        Ipv4.headerBytes(skb.buf, header, Ipv4.HEADER_BYTES + options.length);
        IpOptions.build(skb, header, options);
    }

    /// May the packet be fragmented on its way (`ip_dont_fragment`).
    @Kernel("ip_dont_fragment")
    @HotPath
    static boolean dontFragment(InetSock sk, Rtable rt) {
        int mode = sk.pmtudisc;
        return mode == IpOpt.IP_PMTUDISC_DO
                || mode == IpOpt.IP_PMTUDISC_PROBE
                || (mode == IpOpt.IP_PMTUDISC_WANT && !rt.pmtuLocked());
    }

    /// TTL of a packet to a route (`ip_select_ttl`).
    @Kernel("ip_select_ttl")
    @HotPath
    public static int ttl(InetSock sk, DstEntry dst) {
        return sk.ucTtl >= 0 ? sk.ucTtl : defaultTtl(sk.net, dst);
    }

    static int defaultTtl(NetNamespace net, DstEntry dst) {
        int hops = dst.metric(RouteMetrics.RTAX_HOPLIMIT);
        return hops != 0 ? hops : net.sysctl.get(IpSysctls.DEFAULT_TTL);
    }

    /// The identification of the next packet of a connection; one for each segment that it will
    /// become (`ip_select_ident_segs`).
    @HotPath
    private static int nextId(InetSock sk, int segs) {
        int id = sk.inetId;
        sk.inetId = id + segs;
        return id & 0xFFFF;
    }

    // ---- without a connection
    // ----------------------------------------------------------------------

    /// Sends a segment that has no connection yet or no more: `data` is at the transport header; the
    /// route is given (`ip_build_and_send_pkt`).
    ///
    /// @param ttl 0 for the default
    @Kernel("ip_build_and_send_pkt")
    public static int buildAndSendPkt(
            NetNamespace net,
            @Nullable InetSock sk,
            SkBuff skb,
            int protocol,
            int saddr,
            int daddr,
            DstEntry dst,
            int tos,
            int ttl,
            byte @Nullable [] options) {
        Rtable rt = (Rtable) dst;
        skb.dst = rt;
        int optLen = options == null ? 0 : options.length;
        boolean df = sk == null || dontFragment(sk, rt);
        int header = pushHeader(skb, optLen);
        int id = df ? 0 : net.random.nextInt() & 0xFFFF;
        Ipv4.put(
                skb.buf,
                header,
                tos,
                skb.len,
                id,
                df ? Ipv4.DF : 0,
                ttl != 0 ? ttl : defaultTtl(net, rt),
                protocol,
                saddr,
                daddr);
        if (options != null && optLen > 0) {
            putOptions(skb, header, options);
        }
        return localOut(net, skb);
    }

    /// Sends a datagram: `data` is at the transport header, the payload may exceed the path MTU and
    /// is then fragmented unless that is forbidden (`ip_make_skb`, `ip_send_skb`).
    ///
    /// @param df the packet must not be fragmented
    @Kernel({"ip_make_skb", "ip_send_skb"})
    @HotPath
    public static int sendDatagram(
            NetNamespace net,
            InetSock sk,
            SkBuff skb,
            int protocol,
            Flow fl,
            DstEntry dst,
            int tos,
            int ttl,
            boolean df,
            IpcmCookie ipc) {
        skb.dst = dst;
        byte[] options = ipc.options;
        int optLen = options == null ? 0 : options.length;
        int bad = skb.gsoSize != 0 ? 0 : checkLength(sk, skb.len, fl, dst, ipc);
        if (bad != 0) {
            skb.drop(DropReason.PKT_TOO_BIG);
            return bad;
        }
        int header = pushHeader(skb, optLen);
        int id = df && skb.len <= dst.mtu() ? connectedId(sk) : net.random.nextInt() & 0xFFFF;
        Ipv4.put(
                skb.buf,
                header,
                tos,
                skb.len,
                id,
                df ? Ipv4.DF : 0,
                ttl,
                protocol,
                (int) fl.saddrLo,
                (int) fl.daddrLo);
        if (options != null && optLen > 0) {
            putOptions(skb, header, options);
        }
        skb.priority = ipc.priority;
        skb.mark = ipc.mark;
        int err = localOut(net, skb);
        // A full queue is the network's affair unless the user asked to hear of it.
        return err > 0 ? (sk.recverr ? -Errno.ENOBUFS : 0) : err;
    }

    /// Whether a datagram of a socket can be sent, in fragments if need be: 0, or `-EMSGSIZE`, of which
    /// the socket's error queue is told.
    ///
    /// @param length with its transport header
    @Kernel({"__ip_append_data", "ip_sk_ignore_df"})
    @HotPath
    public static int checkLength(InetSock sk, long length, Flow fl, DstEntry dst, IpcmCookie ipc) {
        boolean mayFragment =
                sk.pmtudisc < IpOpt.IP_PMTUDISC_DO || sk.pmtudisc == IpOpt.IP_PMTUDISC_OMIT;
        int options = ipc.options == null ? 0 : ipc.options.length;
        int mtu = sk.pmtudisc >= IpOpt.IP_PMTUDISC_PROBE ? dst.dev.mtu : dst.mtu();
        int max = mayFragment ? Ipv4.MAX_TOT_LEN : mtu;
        if (length <= max - Ipv4.HEADER_BYTES - options) {
            return 0;
        }
        IpError.localError(sk, Errno.EMSGSIZE, (int) fl.daddrLo, sk.dport, mtu - options);
        return -Errno.EMSGSIZE;
    }

    /// The MTU that the socket believes in: that of the path or that of the device.
    @HotPath
    private static int mtu(InetSock sk, DstEntry dst) {
        return sk.pmtudisc >= IpOpt.IP_PMTUDISC_PROBE
                ? Math.min(dst.dev.mtu, Ipv4.MAX_TOT_LEN)
                : dst.mtu();
    }

    /// Sends a packet whose IP header the user wrote (`IP_HDRINCL`); length and checksum are always the
    /// kernel's, identification and source where they are zero (`raw_send_hdrinc`).
    @Kernel("raw_send_hdrinc")
    public static int sendWithOwnHeader(InetSock sk, SkBuff skb, DstEntry dst) {
        int mtu = dst.dev.mtu;
        if (skb.len > mtu) {
            IpError.localError(sk, Errno.EMSGSIZE, (int) sk.daddrLo, sk.dport, mtu);
            skb.drop(DropReason.PKT_TOO_BIG);
            return -Errno.EMSGSIZE;
        }
        if (!skb.mayPull(Ipv4.HEADER_BYTES)) {
            skb.drop(DropReason.PKT_TOO_SMALL);
            return -Errno.EINVAL;
        }
        int header = skb.data;
        int ihl = Ipv4.headerBytes(skb.buf, header);
        if (ihl < Ipv4.HEADER_BYTES || ihl > skb.len || !skb.mayPull(ihl)) {
            skb.drop(DropReason.IP_INHDR);
            return -Errno.EINVAL;
        }
        header = skb.data;
        skb.networkHeader = header;
        skb.transportHeader = header + ihl;
        skb.protocol = 0x0800;
        skb.dst = dst;
        if (Ipv4.saddr(skb.buf, header) == 0) {
            Ipv4.saddr(skb.buf, header, (int) sk.saddrLo);
        }
        if (Ipv4.id(skb.buf, header) == 0) {
            Ipv4.id(skb.buf, header, sk.net.random.nextInt() & 0xFFFF);
        }
        int err = localOut(sk.net, skb);
        return err > 0 ? (sk.recverr ? -Errno.ENOBUFS : 0) : err;
    }

    private static int connectedId(InetSock sk) {
        boolean connected = sk.daddrLo != 0 || sk.daddrHi != 0;
        return connected ? nextId(sk, 1) : 0;
    }

    // ---- the common way down
    // -------------------------------------------------------------------------

    /// Completes the header and hands the packet to its route (`ip_local_out`).
    @Kernel({"__ip_local_out", "ip_local_out"})
    @HotPath
    static int localOut(NetNamespace net, SkBuff skb) {
        net.mib.inc(IpMib.OUTREQUESTS);
        int header = skb.networkHeader;
        Ipv4.totLen(skb.buf, header, skb.len > Ipv4.MAX_TOT_LEN ? 0 : skb.len);
        Ipv4.sendCheck(skb.buf, header);
        DstEntry dst = skb.dst;
        assert dst != null;
        SoftIrq irq = SoftIrq.current();
        irq.disable();
        try {
            return dst.output(skb);
        } finally {
            irq.enable();
        }
    }

    /// Sends over the route's device (`ip_output`, `ip_mc_output`).
    @Kernel({"ip_output", "ip_mc_output"})
    @HotPath
    static int output(SkBuff skb, Rtable rt) {
        NetDevice dev = rt.dev;
        NetNamespace net = dev.net;
        net.mib.inc(IpMib.OUTPKTS);
        net.mib.add(IpMib.OUTOCTETS, skb.len);
        skb.dev = dev;
        if (rt.type == Rtn.MULTICAST || rt.type == Rtn.BROADCAST) {
            countAndLoopBack(skb, rt);
            boolean stays = rt.type == Rtn.MULTICAST && Ipv4.ttl(skb.buf, skb.networkHeader) == 0;
            if (stays && !dev.isLoopback()) {
                skb.consume();
                return 0;
            }
        }
        return finishOutput(skb, rt);
    }

    /// Multicast and broadcast packets also come back to this host (`ip_mc_loopback`).
    @Kernel("ip_mc_loopback")
    private static void countAndLoopBack(SkBuff skb, Rtable rt) {
        NetNamespace net = rt.dev.net;
        boolean multicast = rt.type == Rtn.MULTICAST;
        net.mib.inc(multicast ? IpMib.OUTMCASTPKTS : IpMib.OUTBCASTPKTS);
        net.mib.add(multicast ? IpMib.OUTMCASTOCTETS : IpMib.OUTBCASTOCTETS, skb.len);
        boolean loop = !multicast || !(skb.sk instanceof InetSock sk) || sk.mcLoop;
        if (!loop || rt.dev.isLoopback()) {
            return;
        }
        SkBuff copy = skb.clone(SoftIrq.current().stripe);
        copy.pktType = SkBuff.PACKET_LOOPBACK;
        copy.dst = null;
        copy.ipSummed = SkBuff.CHECKSUM_UNNECESSARY;
        SoftnetData.netifRx(copy);
    }

    @Kernel({"__ip_finish_output", "ip_finish_output"})
    @HotPath
    private static int finishOutput(SkBuff skb, Rtable rt) {
        int mtu = mtu(skb, rt);
        boolean fits = skb.gsoSize != 0 ? gsoFits(skb, mtu) : skb.len <= mtu;
        if (!fits) {
            return IpFragment.fragment(skb, rt, mtu);
        }
        return finishOutput2(skb, rt);
    }

    /// A packet to be segmented later fits if each segment will (`skb_gso_validate_network_len`).
    private static boolean gsoFits(SkBuff skb, int mtu) {
        int headers = skb.transportHeader - skb.networkHeader;
        return headers + SegmentHeader.transportBytes(skb) + skb.gsoSize <= mtu;
    }

    private static int mtu(SkBuff skb, Rtable rt) {
        return skb.sk instanceof InetSock sk ? mtu(sk, rt) : rt.mtu();
    }

    /// To the neighbour (`ip_finish_output2`).
    @Kernel("ip_finish_output2")
    @HotPath
    static int finishOutput2(SkBuff skb, Rtable rt) {
        int nexthop = rt.gateway != 0 ? rt.gateway : Ipv4.daddr(skb.buf, skb.networkHeader);
        return NeighOutput.xmit4(skb, rt.dev, nexthop, rt.type);
    }
}
