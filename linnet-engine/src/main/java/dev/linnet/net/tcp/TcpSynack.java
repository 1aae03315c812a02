package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSockAfOps;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.OptionList;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.TcpOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// SYN-ACKs for requests. The listener lends its settings; its lock is not needed.
final class TcpSynack {
    /// `enum tcp_synack_type`: the first for a request, one for a Fast Open connection, one for a
    /// cookie, one that repeats.
    static final int SYNACK_NORMAL = 0;

    static final int SYNACK_FASTOPEN = 1;
    static final int SYNACK_COOKIE = 2;
    static final int SYNACK_RETRANS = 3;

    private TcpSynack() {}

    /// Makes the SYN-ACK for a request: the packet's `data` is at the TCP header, which is complete
    /// but for the checksum.
    ///
    /// @param listener the sock that listens, or with Fast Open the connection's
    /// @param foc the Fast Open cookie to hand out, or null
    /// @param type `SYNACK_*`
    /// @param synSkb the SYN that is answered, or null when it is gone
    @Kernel("tcp_make_synack")
    static SkBuff make(
            TcpSock listener,
            DstEntry dst,
            RequestSock req,
            @Nullable FastOpenCookie foc,
            int type,
            @Nullable SkBuff synSkb) {
        NetNamespace net = listener.net;
        SkBuff skb = SkBuff.alloc(net.pool, SoftIrq.current().stripe, TcpTransmit.MAX_TCP_HEADER);
        skb.reserve(TcpTransmit.MAX_TCP_HEADER);
        stamp(req, skb, type);
        TcpMd5Key key = md5Key(listener, req);
        int mss = TcpMss.mssClamp(listener, dst.advmss());
        TcpSynOptions options =
                TcpSynOptions.forSynack(req, mss, TcpClock.skbTsVal(skb), key != null, foc, type);
        int headerLen = Tcp.HEADER_BYTES + options.bytes();
        int th = skb.push(headerLen);
        skb.transportHeader = th;
        skb.cb.tcpFlags = Tcp.SYN | Tcp.ACK;
        skb.hash = req.txhash;
        skb.mark = req.irMark;
        skb.priority = listener.priority;
        Tcp.put(
                skb.buf,
                th,
                req.num,
                req.dport,
                req.sntIsn,
                req.rcvNxt,
                headerLen,
                Tcp.SYN | Tcp.ACK,
                TcpMinisocks.synackWindow(req));
        TcpEcn.makeSynack(req, skb);
        options.write(skb.buf, th + Tcp.HEADER_BYTES);
        net.mib.inc(TcpMib.OUTSEGS);
        if (key != null) {
            sign(req, skb, key);
        }
        return skb;
    }

    /// When it is sent; a cookie's timestamp carries the options that are not stored anywhere.
    private static void stamp(RequestSock req, SkBuff skb, int type) {
        long now = req.net.clock.nowNs();
        if (type == SYNACK_COOKIE && req.tstampOk) {
            skb.tstampNs = SynCookies.initTimestamp(req, now);
            return;
        }
        skb.tstampNs = now;
        if (req.sntSynackUs == 0) {
            req.sntSynackUs = TcpClock.skbUs(skb);
        }
    }

    private static @Nullable TcpMd5Key md5Key(TcpSock listener, RequestSock req) {
        return listener.md5 == null
                ? null
                : TcpMd5.lookup(listener, req.daddrHi, req.daddrLo, req.irIif);
    }

    private static void sign(RequestSock req, SkBuff skb, TcpMd5Key key) {
        int option = skb.transportHeader + Tcp.HEADER_BYTES + 2;
        assert OptionList.kind(skb.buf, option) == TcpOptions.MD5SIG;
        TcpMd5.hashSkb(
                skb.buf,
                option + 2,
                key,
                req.rcvSaddrHi,
                req.rcvSaddrLo,
                req.daddrHi,
                req.daddrLo,
                skb);
    }

    /// Makes a SYN-ACK and sends it.
    ///
    /// @param dst the route to the peer, or null to look it up
    /// @return 0 or `-errno`
    @Kernel({"tcp_v4_send_synack", "tcp_v6_send_synack"})
    static int send(
            TcpSock listener,
            @Nullable DstEntry dst,
            RequestSock req,
            @Nullable FastOpenCookie foc,
            int type,
            @Nullable SkBuff synSkb) {
        InetConnectionSockAfOps ops = Objects.requireNonNull(listener.afOps);
        DstEntry route = dst != null ? dst : ops.routeReq(listener, req);
        if (route == null) {
            return -Errno.EHOSTUNREACH;
        }
        SkBuff skb = make(listener, route, req, foc, type, synSkb);
        TcpTxDelay.add(listener, skb);
        int err = ops.buildAndSend(listener, req, skb, route);
        return Math.min(err, 0);
    }

    /// Sends the SYN-ACK of a request again.
    @Kernel("tcp_rtx_synack")
    static int rtxSynack(TcpSock listener, RequestSock req) {
        if (req.txhash != 0) {
            req.txhash = listener.net.random.nextInt() | 1;
        }
        int err = send(listener, null, req, null, SYNACK_RETRANS, null);
        if (err == 0) {
            req.numRetrans++;
            listener.net.mib.inc(TcpMib.RETRANSSEGS);
            listener.net.mib.inc(TcpExt.TCPSYNRETRANS);
            if (listener.fastopenReqsk != null) {
                listener.totalRetrans++;
            }
        }
        return err;
    }
}
