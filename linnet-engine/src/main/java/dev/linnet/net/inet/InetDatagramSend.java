package dev.linnet.net.inet;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.SkbTstampTx;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.SockTimestamping;
import dev.linnet.net.inet.InetDatagramConnect.InetPeer;
import dev.linnet.net.ipv4.IpOutput;
import dev.linnet.net.ipv4.IpSockglue;
import dev.linnet.net.ipv4.Rtable;
import dev.linnet.net.ipv6.Ip6Output;
import dev.linnet.net.ipv6.Ipv6Sockglue;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/// Sending a datagram over either family: where to, by which route, in which packet. A scratch
/// object of one call; UDP, ping and raw sockets differ only in the header that they put in front.
public final class InetDatagramSend {
    private static final int HEADROOM = 128;
    private static final ThreadLocal<InetDatagramSend> SCRATCH =
            ThreadLocal.withInitial(InetDatagramSend::new);

    public final Flow fl = new Flow();
    public final InetPeer peer = new InetPeer();
    public final IpcmCookie ipc = new IpcmCookie();
    public @Nullable DstEntry dst;
    private final int[] err = new int[1];
    private final PageFrag frag = new PageFrag();

    private InetDatagramSend() {}

    /// The calling thread's own.
    public static InetDatagramSend scratch() {
        InetDatagramSend s = SCRATCH.get();
        s.dst = null;
        s.fl.reset();
        return s;
    }

    /// True if the packet will be IPv4.
    public boolean ipv4() {
        return In6Addr.isV4Mapped(fl.daddrHi, fl.daddrLo);
    }

    /// Settles the destination, the control messages and the route: 0 or `-errno`
    /// (`-EDESTADDRREQ`, `-EINVAL`, `-EACCES`, `-ENETUNREACH` …).
    @HotPath
    public int prepare(InetSock sk, MsgHdr msg) {
        SockAddr to = msg.name;
        boolean connected = to == null;
        if (to == null) {
            if (sk.state != TcpState.TCP_ESTABLISHED) {
                return -Errno.EDESTADDRREQ;
            }
            peer.hi = sk.daddrHi;
            peer.lo = sk.daddrLo;
            peer.port = sk.dport;
            peer.scope = 0;
        } else {
            int bad = peer.read(sk, to);
            if (bad != 0) {
                return bad;
            }
        }
        ipc.init(sk);
        if (sk.sndflow && !connected) {
            ipc.flowLabel = peer.flowinfo & Ipv6.FLOW_LABEL_MASK;
        }
        fl.daddrHi = peer.hi;
        fl.daddrLo = peer.lo;
        fl.dport = peer.port;
        if (msg.control != null && msg.controlLen > 0) {
            int bad =
                    ipv4()
                            ? IpSockglue.cmsgSend(sk, msg, ipc)
                            : Ipv6Sockglue.cmsgSend(sk, msg, ipc);
            if (bad != 0) {
                return bad;
            }
            connected = false;
        }
        if (ipc.flowLabel != 0 && !ipv4() && !Ipv6Sockglue.mayUseLabel(sk, ipc.flowLabel)) {
            return -Errno.EINVAL;
        }
        boolean onLink = sk.localroute || (msg.flags & Msg.MSG_DONTROUTE) != 0;
        fl.onLink = onLink || IpSockglue.isStrictRoute(ipc.options);
        return findRoute(sk, connected && !fl.onLink);
    }

    @HotPath
    private int findRoute(InetSock sk, boolean connected) {
        DstEntry cached = connected ? sk.dstCheck() : null;
        if (cached != null) {
            dst = cached;
            InetDatagramConnect.ownSource(sk, fl);
            return 0;
        }
        if (AddrType.isAny(ipc.saddrHi, ipc.saddrLo)) {
            InetDatagramConnect.ownSource(sk, fl);
        } else {
            fl.saddrHi = ipc.saddrHi;
            fl.saddrLo = ipc.saddrLo;
        }
        fl.proto = sk.protocol;
        fl.sport = sk.sport;
        fl.dport = peer.port;
        fl.mark = ipc.mark;
        fl.tos = ipc.tos < 0 ? sk.tos : ipc.tos;
        fl.flowLabel = ipc.flowLabel;
        fl.oif = peer.scope != 0 ? peer.scope : ipc.oif;
        fl.anySrc = sk.transparent || sk.hdrincl;
        if (fl.oif == 0 && multicast()) {
            fl.oif = ipv4() ? sk.mcIndex : sk.mcIndex6;
            if (sk.mcAddr != 0 && ipv4() && AddrType.isAny(fl.saddrHi, fl.saddrLo)) {
                fl.saddrHi = 0;
                fl.saddrLo = In6Addr.mapV4(sk.mcAddr);
            }
        } else if (fl.oif == 0) {
            fl.oif = ipv4() ? sk.ucIndex : sk.ucIndex6;
        }
        dst = InetDatagramConnect.route(sk, fl, err);
        if (dst == null) {
            return err[0];
        }
        if (dst instanceof Rtable rt && rt.type == Rtn.BROADCAST && !sk.broadcast) {
            return -Errno.EACCES;
        }
        if (connected) {
            sk.dst = dst;
        }
        return 0;
    }

    private boolean multicast() {
        return ipv4() ? In4Addr.isMulticast((int) fl.daddrLo) : In6Addr.isMulticast(fl.daddrHi);
    }

    /// A packet with the user's data, whose `data` is where the transport header is to end; null
    /// with `-errno` in `msg.err`. Waits while the send buffer is full.
    @Kernel({"sock_alloc_send_pskb", "ip_generic_getfrag"})
    @HotPath
    public @Nullable SkBuff packet(InetSock sk, MsgHdr msg) {
        msg.err = waitForRoom(sk, (msg.flags & Msg.MSG_DONTWAIT) != 0);
        return msg.err != 0 ? null : fill(sk, msg);
    }

    /// As [#packet], for what has no transport header of the stack's: the socket is not asked whether
    /// it was shut down, and nobody waits; `-ENOBUFS` when the send buffer is full twice over.
    @Kernel("__ip_append_data")
    public @Nullable SkBuff rawPacket(InetSock sk, MsgHdr msg) {
        msg.err = sk.wmemAlloc() > 2L * sk.sndbuf ? -Errno.ENOBUFS : 0;
        return msg.err != 0 ? null : fill(sk, msg);
    }

    @HotPath
    private @Nullable SkBuff fill(InetSock sk, MsgHdr msg) {
        int stripe = SoftIrq.current().stripe;
        SkBuff skb = SkBuff.allocFragmented(sk.net.pool, stripe);
        int left = (int) msg.iter.count();
        while (left > 0) {
            sk.net.pool.reserve(stripe, left, frag);
            int n = frag.length;
            int copied = msg.iter.copyFromUser(frag.page.data, frag.offset, n);
            skb.addFrag(frag.page, frag.offset, n);
            if (copied < n) {
                skb.drop(DropReason.SKB_UCOPY_FAULT);
                msg.err = -Errno.EFAULT;
                return null;
            }
            left -= n;
        }
        skb.addHead(stripe, HEADROOM);
        sk.setOwnerW(skb);
        skb.tstampNs = ipc.txtimeNs;
        if (ipc.tsflags != 0) {
            stamp(sk, skb);
        }
        return skb;
    }

    /// The times that the user wants to know of the packet (`SO_TIMESTAMPING`).
    @Kernel({"skb_setup_tx_timestamp", "ip_setup_cork"})
    private void stamp(InetSock sk, SkBuff skb) {
        skb.txFlags |= SkbTstampTx.txFlags(ipc.tsflags);
        boolean numbered = (ipc.tsflags & SockTimestamping.OPT_ID) != 0;
        if (numbered && (ipc.tsflags & SockTimestamping.TX_RECORD_MASK) != 0) {
            skb.tskey = ipc.hasTsOptId ? ipc.tsOptId : sk.tskey++;
        }
    }

    /// What IP says of a datagram that no packet can carry, before any of it is copied: 0 or
    /// `-EMSGSIZE`.
    ///
    /// @param length with the transport header
    @HotPath
    public int tooLong(InetSock sk, long length) {
        DstEntry to = dst;
        assert to != null;
        return ipv4()
                ? IpOutput.checkLength(sk, length, fl, to, ipc)
                : Ip6Output.checkLength(sk, length, fl, to, ipc);
    }

    private static int waitForRoom(InetSock sk, boolean nonblock) {
        if (sk.err != 0) {
            return sk.sockError();
        }
        if ((sk.shutdown & Sock.SEND_SHUTDOWN) != 0) {
            return -Errno.EPIPE;
        }
        if (sk.wmemAlloc() < sk.sndbuf) {
            return 0;
        }
        return nonblock ? -Errno.EAGAIN : sleepForRoom(sk);
    }

    @Kernel("sock_wait_for_wmem")
    private static int sleepForRoom(InetSock sk) {
        WaitQueueHead queue = sk.wq();
        if (queue == null) {
            return -Errno.EPIPE;
        }
        ThreadWait wait = ThreadWait.of(sk.net.scheduler, PollEvents.POLLOUT);
        long deadline = sk.sndDeadline(false);
        try {
            while (true) {
                queue.prepareToWait(wait);
                if (sk.wmemAlloc() < sk.sndbuf) {
                    return 0;
                }
                Wake wake = wait.sleep(deadline);
                if (wake != Wake.WOKEN) {
                    return wake == Wake.INTERRUPTED ? -Errno.EINTR : -Errno.EAGAIN;
                }
            }
        } finally {
            queue.finishWait(wait);
        }
    }

    /// Sends the packet, whose `data` is at the transport header; takes ownership.
    @HotPath
    public int send(InetSock sk, SkBuff skb, int protocol) {
        DstEntry to = dst;
        assert to != null;
        if (!ipv4()) {
            return Ip6Output.sendDatagram(sk, skb, protocol, fl, to, ipc);
        }
        int tos = ipc.tos >= 0 ? ipc.tos : sk.tos;
        boolean df =
                sk.pmtudisc == IpOpt.IP_PMTUDISC_DO
                        || sk.pmtudisc == IpOpt.IP_PMTUDISC_PROBE
                        || (sk.pmtudisc == IpOpt.IP_PMTUDISC_WANT && skb.len + 20 <= to.mtu());
        return IpOutput.sendDatagram(sk.net, sk, skb, protocol, fl, to, tos, ttl(sk, to), df, ipc);
    }

    private int ttl(InetSock sk, DstEntry to) {
        if (ipc.ttl >= 0) {
            return ipc.ttl;
        }
        return multicast() ? sk.mcTtl : IpOutput.ttl(sk, to);
    }
}
