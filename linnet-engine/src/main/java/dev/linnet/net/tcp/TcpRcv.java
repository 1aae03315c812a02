package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.NetProtocol;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.SkFilter;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.net.inet.InetReqsk;
import dev.linnet.net.ipv6.Ipv6Stream;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// The way of a TCP segment into the host: check, find what it is for, hand it over
/// (`tcp_v4_rcv`, `tcp_v6_rcv`).
public final class TcpRcv extends NetProtocol {
    /// For IPv4 packets.
    public static final TcpRcv V4 = new TcpRcv();

    /// For IPv6 packets.
    public static final TcpRcv V6 = new TcpRcv();

    /// A request can be taken from under a segment once; more often only in a race that goes on.
    private static final int MAX_LOOKUPS = 8;

    private TcpRcv() {}

    // ---- entry ---------------------------------------------------------------------------------

    @Override
    @Kernel({"tcp_v4_rcv", "tcp_v6_rcv"})
    @HotPath
    public void rcv(SkBuff skb) {
        NetNamespace net = TcpSegment.net(skb);
        if (skb.pktType != SkBuff.PACKET_HOST) {
            skb.drop(DropReason.OTHERHOST);
            return;
        }
        net.mib.inc(TcpMib.INSEGS);
        DropReason bad = checkHeader(net, skb);
        if (bad != null) {
            skb.drop(bad);
            return;
        }
        fillCb(skb);
        deliver(net, skb);
    }

    @HotPath
    private static @Nullable DropReason checkHeader(NetNamespace net, SkBuff skb) {
        if (!skb.mayPull(Tcp.HEADER_BYTES)) {
            return DropReason.PKT_TOO_SMALL;
        }
        int headerBytes = TcpSegment.headerBytes(skb);
        if (headerBytes < Tcp.HEADER_BYTES) {
            net.mib.inc(TcpMib.INERRS);
            return DropReason.PKT_TOO_SMALL;
        }
        if (!skb.mayPull(headerBytes)) {
            return DropReason.PKT_TOO_SMALL;
        }
        if (!TcpChecksum.verified(skb)) {
            net.mib.inc(TcpMib.CSUMERRORS);
            net.mib.inc(TcpMib.INERRS);
            return DropReason.TCP_CSUM;
        }
        return null;
    }

    @Kernel({"tcp_v4_fill_cb", "tcp_v6_fill_cb"})
    @HotPath
    private static void fillCb(SkBuff skb) {
        byte[] b = skb.buf;
        int th = skb.transportHeader;
        int flags = Tcp.flags(b, th);
        int seq = Tcp.seq(b, th);
        skb.cb.seq = seq;
        skb.cb.endSeq =
                seq
                        + ((flags & Tcp.SYN) != 0 ? 1 : 0)
                        + ((flags & Tcp.FIN) != 0 ? 1 : 0)
                        + skb.len
                        - Tcp.headerBytes(b, th);
        skb.cb.ackSeq = Tcp.ackSeq(b, th);
        skb.cb.tcpFlags = flags;
        skb.cb.ipDsfield = TcpSegment.dsfield(skb);
        skb.cb.sacked = 0;
        skb.cb.hasRxtstamp = false;
    }

    @HotPath
    private static void deliver(NetNamespace net, SkBuff skb) {
        for (int i = 0; i < MAX_LOOKUPS; i++) {
            SockCommon found = lookup(net, skb);
            switch (found) {
                case null -> {
                    noSocket(skb);
                    return;
                }
                case TcpSock tp -> {
                    toSock(tp, skb);
                    return;
                }
                case InetTimewaitSock tw -> {
                    TcpTimewait.rcv(tw, skb);
                    return;
                }
                case RequestSock req -> {
                    if (toRequest(req, skb)) {
                        return;
                    }
                }
                default -> {
                    skb.drop(DropReason.NO_SOCKET);
                    return;
                }
            }
        }
        skb.drop(DropReason.NO_SOCKET);
    }

    @Kernel("__inet_lookup_skb")
    @HotPath
    static @Nullable SockCommon lookup(NetNamespace net, SkBuff skb) {
        return InetHashtables.OF
                .of(net)
                .lookup(
                        TcpSegment.saddrHi(skb),
                        TcpSegment.saddrLo(skb),
                        TcpSegment.source(skb),
                        TcpSegment.daddrHi(skb),
                        TcpSegment.daddrLo(skb),
                        TcpSegment.dest(skb),
                        skb.skbIif,
                        skb);
    }

    private static void noSocket(SkBuff skb) {
        TcpReply.sendReset(null, skb);
        skb.drop(DropReason.NO_SOCKET);
    }

    // ---- a connection or a listener
    // -----------------------------------------------------------------

    @HotPath
    private static void toSock(TcpSock tp, SkBuff skb) {
        DropReason refused = refused(tp, skb);
        if (refused != null) {
            tp.countDrop(skb);
            skb.drop(refused);
            return;
        }
        stamp(tp, skb);
        if (tp.state == TcpState.TCP_LISTEN) {
            doRcv(tp, skb);
            return;
        }
        if (tp.lock.tryLock()) {
            try {
                tp.lock.flushBacklog(); // what came before while somebody owned it
                received(tp, skb);
            } finally {
                tp.lock.unlock();
            }
            return;
        }
        addBacklog(tp, skb);
    }

    /// The rules that a socket makes for its segments before it sees them.
    @HotPath
    private static @Nullable DropReason refused(TcpSock tp, SkBuff skb) {
        int minTtl = TcpSegment.ipv4(skb) ? tp.minTtl : tp.minHopcount;
        if (minTtl != 0 && minTtl > TcpSegment.ttl(skb)) {
            tp.net.mib.inc(TcpExt.TCPMINTTLDROP);
            return DropReason.TCP_MINTTL;
        }
        DropReason unsigned = TcpMd5.inbound(tp, skb);
        return unsigned != null || tp.filter == null ? unsigned : filtered(tp, skb);
    }

    /// What the filter of the socket says; a segment that it cuts ends earlier.
    @Kernel("tcp_filter")
    private static @Nullable DropReason filtered(TcpSock tp, SkBuff skb) {
        if (!SkFilter.passes(tp, skb, TcpSegment.headerBytes(skb))) {
            return DropReason.SOCKET_FILTER;
        }
        fillCb(skb);
        return null;
    }

    /// The time of arrival, if the user wants to know it.
    @HotPath
    private static void stamp(TcpSock tp, SkBuff skb) {
        if (tp.rcvtstamp || tp.tsflags != 0) {
            skb.tstampNs = tp.net.clock.realNs();
            skb.cb.hasRxtstamp = true;
        }
    }

    /// Receives a segment under the sock's lock, at once or from the backlog.
    @HotPath
    static void received(TcpSock tp, SkBuff skb) {
        segsIn(tp, skb);
        if (tp.rxopt6 != 0 && !TcpSegment.ipv4(skb)) {
            watched(tp, skb);
        } else {
            doRcv(tp, skb);
        }
    }

    /// The user wants to know with which IPv6 headers segments come.
    private static void watched(TcpSock tp, SkBuff skb) {
        int endSeq = skb.cb.endSeq;
        int ifindex = skb.skbIif;
        int hopLimit = TcpSegment.ttl(skb);
        int flowinfo = Ipv6Stream.flowinfo(skb);
        doRcv(tp, skb);
        if (endSeq == tp.rcvNxt
                && tp.state != TcpState.TCP_CLOSE
                && tp.state != TcpState.TCP_LISTEN) {
            Ipv6Stream.received(tp, ifindex, hopLimit, flowinfo);
        }
    }

    /// Counts a segment (RFC 4898).
    @Kernel("tcp_segs_in")
    @HotPath
    static void segsIn(TcpSock tp, SkBuff skb) {
        int segs = Math.max(1, skb.gsoSegs);
        tp.segsIn += segs;
        if (skb.len > TcpSegment.headerBytes(skb)) {
            tp.dataSegsIn += segs;
        }
    }

    @Kernel("tcp_add_backlog")
    private static void addBacklog(TcpSock tp, SkBuff skb) {
        long limit = ((long) tp.rcvbuf << 1) + (tp.sndbuf >> 1) + 65536;
        if (!tp.lock.addBacklog(skb, (int) Math.min(limit, Integer.MAX_VALUE))) {
            tp.net.mib.inc(TcpExt.TCPBACKLOGDROP);
            skb.drop(DropReason.SOCKET_BACKLOG);
        }
        if (tp.lock.tryLock()) {
            tp.lock.unlock();
        }
    }

    /// Receives a segment under the sock's lock (without it for a listener); takes ownership.
    @Kernel({"tcp_v4_do_rcv", "tcp_v6_do_rcv"})
    @HotPath
    static void doRcv(TcpSock tp, SkBuff skb) {
        if (tp.state == TcpState.TCP_ESTABLISHED) {
            TcpInput.rcvEstablished(tp, skb);
            return;
        }
        if (tp.state == TcpState.TCP_LISTEN) {
            listenerRcv(tp, skb);
            return;
        }
        DropReason reset = TcpInput.rcvStateProcess(tp, skb);
        if (reset != null) {
            TcpReply.sendReset(tp, skb);
            skb.drop(reset);
        }
    }

    /// A segment for a listener that belongs to no request: a SYN, the ACK of a SYN cookie, or
    /// nonsense.
    private static void listenerRcv(TcpSock tp, SkBuff skb) {
        if (!TcpSegment.has(skb, Tcp.SYN)) {
            TcpSock child = SynCookieCheck.check(tp, skb);
            if (child == null) {
                skb.drop(DropReason.NO_SOCKET);
                return;
            }
            if (child != tp) {
                toChild(tp, child, skb);
                return;
            }
        }
        DropReason reset = TcpInput.rcvStateProcess(tp, skb);
        if (reset != null) {
            TcpReply.sendReset(tp, skb);
            skb.drop(reset);
        }
    }

    /// Hands the segment that made a child to it; the child is locked and is unlocked here.
    static void toChild(TcpSock listener, TcpSock child, SkBuff skb) {
        DropReason reset = TcpMinisocks.childProcess(listener, child, skb);
        if (reset != null) {
            TcpReply.sendReset(child, skb);
            skb.drop(reset);
        }
    }

    /// A SYN that follows on a connection in TIME-WAIT.
    static void synAfterTimewait(TcpSock listener, SkBuff skb, int isn) {
        DropReason refused = refused(listener, skb);
        if (refused == null && TcpSegment.has(skb, Tcp.FIN)) {
            refused = DropReason.TCP_FLAGS;
        }
        if (refused != null) {
            listener.countDrop();
            skb.drop(refused);
            return;
        }
        TcpConnRequest.connRequest(listener, skb, isn);
    }

    // ---- a request of a SYN queue
    // ---------------------------------------------------------------------

    /// A segment for a request: false if the request was gone and the segment must be looked up
    /// again.
    private static boolean toRequest(RequestSock req, SkBuff skb) {
        TcpSock listener = (TcpSock) req.listener;
        DropReason refused = TcpMd5.inboundRequest(listener, req, skb);
        if (refused == null && listener.filter != null) {
            refused = filtered(listener, skb);
        }
        if (refused != null) {
            listener.countDrop();
            skb.drop(refused);
            return true;
        }
        if (listener.state != TcpState.TCP_LISTEN) {
            listener = (TcpSock) InetReqsk.migrate(req);
            if (listener == null) {
                InetReqsk.queueDrop(req);
                return false;
            }
        }
        boolean[] stolen = new boolean[1];
        TcpSock child = TcpMinisocks.checkReq(listener, skb, req, false, stolen);
        if (child == null) {
            if (stolen[0]) {
                return false;
            }
            skb.drop(DropReason.TCP_INVALID_SEQUENCE);
            return true;
        }
        if (child == listener) {
            toSock(listener, skb);
        } else {
            toChild(listener, child, skb);
        }
        return true;
    }

    // ---- errors
    // ---------------------------------------------------------------------------------------

    @Override
    @Kernel({"tcp_v4_err", "tcp_v6_err"})
    public void err(SkBuff skb, NetDevice dev, int icmpType, int icmpCode, int info) {
        if (this == V4) {
            TcpIcmp.errV4(skb, dev, icmpType, icmpCode, info);
        } else {
            TcpIcmp.errV6(skb, dev, icmpType, icmpCode, info);
        }
    }
}
