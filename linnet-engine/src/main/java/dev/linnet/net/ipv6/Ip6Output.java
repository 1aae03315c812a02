package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.Ip6Mib;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.NeighOutput;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.SoftnetData;
import dev.linnet.net.core.skb.SegmentHeader;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.wire.Ethernet;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/// IPv6 packets on their way out (`net/ipv6/ip6_output.c`). Every function that takes a packet takes
/// ownership of it.
public final class Ip6Output {
    private static final int MAXPLEN = 0xFFFF;
    private static final ThreadLocal<Flow> SCRATCH = ThreadLocal.withInitial(Flow::new);

    private Ip6Output() {}

    // ---- for connections
    // -------------------------------------------------------------------------

    /// Sends a segment of a connection, `data` at the transport header, over the connection's route
    /// (`inet6_csk_xmit`).
    ///
    /// @return 0, a positive congestion notice, or `-errno`
    @Kernel("inet6_csk_xmit")
    @HotPath
    public static int queueXmit(InetSock sk, SkBuff skb, DstEntry dst) {
        Flow fl = SCRATCH.get();
        fl.saddrHi = sk.saddrHi;
        fl.saddrLo = sk.saddrLo;
        fl.daddrHi = sk.daddrHi;
        fl.daddrLo = sk.daddrLo;
        fl.proto = sk.protocol;
        fl.sport = sk.sport;
        fl.dport = sk.dport;
        fl.flowLabel = sk.flowLabel;
        skb.mark = sk.mark;
        int tclass = Math.max(0, sk.tclass) | (skb.cb.ipDsfield & 3);
        return xmit(sk.net, sk, skb, fl, dst, tclass);
    }

    /// As the other [#xmit], for a sock.
    @HotPath
    public static int xmit(InetSock sk, SkBuff skb, Flow fl, DstEntry dst, int tclass) {
        return xmit(sk.net, sk, skb, fl, dst, tclass);
    }

    /// Sends a transport packet, `data` at its header, that must not be fragmented.
    ///
    /// @param sk whose settings count (hop limit, extension headers, flow label), or null
    /// @param fl addresses, ports, protocol and flow label
    /// @return 0, a positive congestion notice, `-EMSGSIZE` if it is larger than the path MTU
    @Kernel("ip6_xmit")
    @HotPath
    public static int xmit(
            NetNamespace net,
            @Nullable InetSock sk,
            SkBuff skb,
            Flow fl,
            DstEntry dst,
            int tclass) {
        Rt6Info rt = (Rt6Info) dst;
        skb.dst = rt;
        Ipv6TxOptions opt = sk == null ? null : Ipv6Pinfo.txOptions(sk);
        int hops = sk == null ? -1 : sk.hopLimit;
        if (sk != null) {
            skb.priority = sk.priority;
        }
        pushHeader(skb, net, sk, fl, opt, tclass, hops >= 0 ? hops : rt.hopLimit());
        if (skb.gsoSize == 0 && skb.len > rt.mtu()) {
            if (sk != null) {
                Ipv6Error.localError(sk, Errno.EMSGSIZE, fl, rt.mtu());
            }
            net.mib.inc(Ip6Mib.FRAGFAILS);
            skb.drop(DropReason.PKT_TOO_BIG);
            return -Errno.EMSGSIZE;
        }
        return localOut(net, skb, rt);
    }

    @HotPath
    private static void pushHeader(
            SkBuff skb,
            NetNamespace net,
            @Nullable InetSock sk,
            Flow fl,
            @Nullable Ipv6TxOptions opt,
            int tclass,
            int hopLimit) {
        skb.transportHeader = skb.data;
        int proto = fl.proto;
        if (opt != null) {
            proto = pushOptions(skb, opt, proto);
        }
        int label = FlowLabel.make(net, sk, skb, fl.flowLabel, fl);
        int at = skb.push(Ipv6.HEADER_BYTES);
        int payload = skb.len - Ipv6.HEADER_BYTES;
        skb.networkHeader = at;
        skb.protocol = Ethernet.P_IPV6;
        Ipv6.put(
                skb.buf,
                at,
                tclass,
                label,
                payload > MAXPLEN ? 0 : payload,
                proto,
                hopLimit,
                fl.saddrHi,
                fl.saddrLo,
                fl.daddrHi,
                fl.daddrLo);
    }

    private static int pushOptions(SkBuff skb, Ipv6TxOptions opt, int proto) {
        int room = opt.bytes() + Ipv6.HEADER_BYTES + Ethernet.HEADER_BYTES;
        skb.cowHead(SoftIrq.current().stripe, room);
        return opt.push(skb, proto);
    }

    // ---- datagrams
    // -----------------------------------------------------------------------------------

    /// Sends a datagram, `data` at its transport header. One that is larger than the path MTU is
    /// fragmented unless that is forbidden.
    ///
    /// @param ipc what the socket and the control messages ask for
    /// @return 0, `-EMSGSIZE`, `-ENOBUFS` where a queue is full and the user wants to hear of it
    @Kernel({"__ip6_append_data", "__ip6_make_skb", "ip6_send_skb"})
    @HotPath
    public static int sendDatagram(
            InetSock sk, SkBuff skb, int protocol, Flow fl, DstEntry dst, IpcmCookie ipc) {
        NetNamespace net = sk.net;
        Rt6Info rt = (Rt6Info) dst;
        Ipv6TxOptions opt = ipc.opt6 != null ? (Ipv6TxOptions) ipc.opt6 : Ipv6Pinfo.txOptions(sk);
        if (skb.gsoSize == 0) {
            int err = checkLength(sk, skb.len, fl, rt, ipc);
            if (err != 0) {
                skb.drop(DropReason.PKT_TOO_BIG);
                return err;
            }
        }
        skb.dst = rt;
        fl.proto = protocol;
        fl.flowLabel = ipc.flowLabel;
        int tclass = ipc.tos >= 0 ? ipc.tos : Math.max(0, sk.tclass);
        int hops = ipc.ttl >= 0 ? ipc.ttl : hopLimit(sk, fl, rt);
        skb.priority = ipc.priority;
        skb.mark = ipc.mark;
        if (ignoreDf(sk)) {
            skb.ipFlags |= Ip6Cb.IGNORE_DF;
        }
        pushHeader(skb, net, sk, fl, opt, tclass, hops);
        int err = localOut(net, skb, rt);
        if (err <= 0) {
            return err;
        }
        net.mib.inc(Ip6Mib.OUTDISCARDS);
        return sk.recverr6 ? -Errno.ENOBUFS : 0;
    }

    /// Sends a packet whose IPv6 header the user brought (`IPV6_HDRINCL`); takes ownership.
    @Kernel("rawv6_send_hdrinc")
    public static int sendWithOwnHeader(InetSock sk, SkBuff skb, Flow fl, DstEntry dst) {
        Rt6Info rt = (Rt6Info) dst;
        int mtu = rt.dev.mtu;
        if (skb.len > mtu) {
            Ipv6Error.localError(sk, Errno.EMSGSIZE, fl, mtu);
            skb.drop(DropReason.PKT_TOO_BIG);
            return -Errno.EMSGSIZE;
        }
        if (!skb.mayPull(Ipv6.HEADER_BYTES)) {
            skb.drop(DropReason.PKT_TOO_SMALL);
            return -Errno.EINVAL;
        }
        skb.networkHeader = skb.data;
        skb.transportHeader = skb.data;
        skb.protocol = Ethernet.P_IPV6;
        skb.priority = sk.priority;
        skb.mark = sk.mark;
        skb.dst = rt;
        int err = localOut(sk.net, skb, rt);
        return err > 0 ? (sk.recverr6 ? -Errno.ENOBUFS : 0) : err;
    }

    /// Hop limit of a datagram of a socket (`ip6_sk_dst_hoplimit`).
    @Kernel("ip6_sk_dst_hoplimit")
    @HotPath
    private static int hopLimit(InetSock sk, Flow fl, Rt6Info rt) {
        int own = In6Addr.isMulticast(fl.daddrHi) ? sk.mcastHops : sk.hopLimit;
        return own >= 0 ? own : rt.hopLimit();
    }

    /// True if packets of the socket may be fragmented (`ip6_sk_ignore_df`).
    @Kernel("ip6_sk_ignore_df")
    @HotPath
    static boolean ignoreDf(InetSock sk) {
        int mode = sk.pmtudisc6;
        return mode < Ipv6Opt.IPV6_PMTUDISC_DO || mode == Ipv6Opt.IPV6_PMTUDISC_OMIT;
    }

    /// Whether a datagram of a socket can be sent, in fragments if need be: 0, or `-EMSGSIZE`, of which
    /// the socket's error queue is told.
    ///
    /// @param length with its transport header
    @Kernel("__ip6_append_data")
    @HotPath
    public static int checkLength(InetSock sk, long length, Flow fl, DstEntry dst, IpcmCookie ipc) {
        Rt6Info rt = (Rt6Info) dst;
        int mtu = sk.pmtudisc6 >= Ipv6Opt.IPV6_PMTUDISC_PROBE ? rt.dev.mtu : rt.mtu();
        if (sk.fragSize6 != 0 && sk.fragSize6 < mtu) {
            mtu = sk.fragSize6;
        }
        Ipv6TxOptions opt = ipc.opt6 != null ? (Ipv6TxOptions) ipc.opt6 : Ipv6Pinfo.txOptions(sk);
        int headers = Ipv6.HEADER_BYTES + (opt == null ? 0 : opt.bytes());
        int max = ignoreDf(sk) ? Ipv6.HEADER_BYTES + MAXPLEN : mtu;
        boolean dontfrag = ipc.dontfrag >= 0 ? ipc.dontfrag != 0 : sk.dontfrag6 != 0;
        boolean exceeds = dontfrag && length > mtu - headers;
        if (!exceeds && length <= max - headers) {
            return 0;
        }
        int told = Math.max(0, mtu - headers + Ipv6.HEADER_BYTES);
        if (exceeds) {
            Ipv6Error.localRxpmtu(sk, fl, told);
        }
        Ipv6Error.localError(sk, Errno.EMSGSIZE, fl, told);
        return -Errno.EMSGSIZE;
    }

    // ---- the common way down
    // -----------------------------------------------------------------------

    /// Hands a packet of this host, complete from its network header on, to its route.
    @Kernel("ip6_local_out")
    @HotPath
    static int localOut(NetNamespace net, SkBuff skb, Rt6Info rt) {
        net.mib.inc(Ip6Mib.OUTREQUESTS);
        SoftIrq irq = SoftIrq.current();
        irq.disable();
        try {
            return rt.output(skb);
        } finally {
            irq.enable();
        }
    }

    /// Sends over the route's device.
    @Kernel({"ip6_output", "ip6_finish_output", "__ip6_finish_output"})
    @HotPath
    static int output(SkBuff skb, Rt6Info rt) {
        NetDevice dev = rt.dev;
        skb.dev = dev;
        Inet6Dev idev = Inet6Dev.of(dev);
        if (idev == null || idev.disabled()) {
            dev.net.mib.inc(Ip6Mib.OUTDISCARDS);
            skb.drop(DropReason.IPV6DISABLED);
            return 0;
        }
        int mtu = mtu(skb, rt);
        if (skb.gsoSize != 0) {
            return gsoFits(skb, mtu)
                    ? finishOutput2(skb, rt)
                    : Ip6Fragment.segmentFirst(skb, rt, mtu);
        }
        if (skb.len > mtu || (skb.fragMaxSize != 0 && skb.len > skb.fragMaxSize)) {
            return Ip6Fragment.fragment(skb, rt, mtu);
        }
        return finishOutput2(skb, rt);
    }

    /// A packet to be segmented later fits if each segment will (`skb_gso_validate_network_len`).
    @Kernel("skb_gso_validate_network_len")
    @HotPath
    static boolean gsoFits(SkBuff skb, int mtu) {
        int headers = skb.transportHeader - skb.networkHeader;
        return headers + SegmentHeader.transportBytes(skb) + skb.gsoSize <= mtu;
    }

    @Kernel("ip6_skb_dst_mtu")
    @HotPath
    static int mtu(SkBuff skb, Rt6Info rt) {
        return skb.sk instanceof InetSock sk && sk.pmtudisc6 >= Ipv6Opt.IPV6_PMTUDISC_PROBE
                ? rt.dev.mtu
                : rt.mtu();
    }

    /// To the neighbour.
    @Kernel("ip6_finish_output2")
    @HotPath
    static int finishOutput2(SkBuff skb, Rt6Info rt) {
        NetDevice dev = rt.dev;
        NetNamespace net = dev.net;
        long hi = Ipv6.daddrHi(skb.buf, skb.networkHeader);
        if (In6Addr.isMulticast(hi)) {
            if (!multicast(skb, rt, hi)) {
                return 0;
            }
        }
        net.mib.inc(Ip6Mib.OUTPKTS);
        net.mib.add(Ip6Mib.OUTOCTETS, skb.len);
        if (rt.hasGateway()) {
            return NeighOutput.xmit6(skb, dev, rt.gwHi, rt.gwLo);
        }
        return NeighOutput.xmit6(skb, dev, hi, Ipv6.daddrLo(skb.buf, skb.networkHeader));
    }

    /// Gives this host its copy of a packet to a group that it is in. False if the packet ends here:
    /// its hop limit or the group's scope keeps it in the host.
    private static boolean multicast(SkBuff skb, Rt6Info rt, long groupHi) {
        NetDevice dev = rt.dev;
        NetNamespace net = dev.net;
        byte[] b = skb.buf;
        int n = skb.networkHeader;
        Inet6Dev idev = Inet6Dev.of(dev);
        boolean hears =
                !dev.isLoopback()
                        && mcLoop(skb)
                        && idev != null
                        && idev.mld.wants(
                                groupHi,
                                Ipv6.daddrLo(b, n),
                                Ipv6.saddrHi(b, n),
                                Ipv6.saddrLo(b, n));
        if (hears) {
            loopBack(skb);
            if (Ipv6.hopLimit(b, n) == 0) {
                net.mib.inc(Ip6Mib.OUTDISCARDS);
                skb.consume();
                return false;
            }
        }
        net.mib.inc(Ip6Mib.OUTMCASTPKTS);
        net.mib.add(Ip6Mib.OUTMCASTOCTETS, skb.len);
        boolean stays = In6Addr.multicastScope(groupHi) <= Ipv6Scope.NODE_LOCAL;
        if (stays && !dev.isLoopback()) {
            skb.consume();
            return false;
        }
        return true;
    }

    @Kernel("sk_mc_loop")
    private static boolean mcLoop(SkBuff skb) {
        if (Ip6Cb.has(skb, Ip6Cb.NO_MC_LOOP)) {
            return false;
        }
        return !(skb.sk instanceof InetSock sk) || sk.mcLoop6;
    }

    @Kernel("dev_loopback_xmit")
    private static void loopBack(SkBuff skb) {
        SkBuff copy = skb.clone(SoftIrq.current().stripe);
        copy.pktType = SkBuff.PACKET_LOOPBACK;
        if (copy.ipSummed == SkBuff.CHECKSUM_NONE) {
            copy.ipSummed = SkBuff.CHECKSUM_UNNECESSARY;
        }
        SoftnetData.netifRx(copy);
    }
}
