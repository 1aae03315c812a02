package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.dev.Qdisc;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;

/// One segment on its way down: header, options, checksum, and what the sock remembers of it.
/// Every function is called with the sock's lock owned.
@HotPath
final class TcpTransmit {
    /// Bytes in front of a segment that all headers below fit into (`MAX_TCP_HEADER`). Sizes of
    /// buffers and of packets are computed with it, so it is that of a Linux without tunnels.
    static final int MAX_TCP_HEADER = 192;

    private TcpTransmit() {}

    /// Sends a segment that acknowledges everything received in order.
    ///
    /// @see #transmitSkb(TcpSock, SkBuff, boolean, int)
    @Kernel("tcp_transmit_skb")
    static int transmitSkb(TcpSock tp, SkBuff skb, boolean cloneIt) {
        return transmitSkb(tp, skb, cloneIt, tp.rcvNxt);
    }

    /// Sends a segment.
    ///
    /// @param cloneIt the segment stays in its queue and a copy is sent, which shares its data; else
    ///     this takes ownership, and the segment has room for headers in front of its data
    /// @param rcvNxt the acknowledgement number to send
    /// @return 0, or `-errno`, or a positive number if a queue below refused it
    @Kernel("__tcp_transmit_skb")
    static int transmitSkb(TcpSock tp, SkBuff skb, boolean cloneIt, int rcvNxt) {
        assert tp.lock.ownedByMe();
        long priorWstampNs = tp.tcpWstampNs;
        tp.tcpWstampNs = Math.max(priorWstampNs, tp.tcpClockCacheNs);
        skb.tstampNs = tp.tcpWstampNs;
        SkBuff out = skb;
        if (cloneIt) {
            out = SkbOps.cloneForXmit(skb, SoftIrq.current().stripe, MAX_TCP_HEADER);
            skb.xmitClone = out;
        }
        if (tp.txDelayUs != 0) {
            TcpTxDelay.add(tp, out);
        }
        boolean syn = (skb.cb.tcpFlags & Tcp.SYN) != 0;
        int err = syn ? sendSyn(tp, out, rcvNxt) : sendSegment(tp, out, rcvNxt);
        if (err > 0) {
            TcpRecovery.enterCwr(tp);
            err = err == Qdisc.NET_XMIT_CN ? 0 : err;
        }
        if (err == 0 && cloneIt) {
            TcpPacing.afterSend(tp, skb, priorWstampNs);
            TcpRate.skbSent(tp, skb);
        }
        return err;
    }

    /// A segment of an established connection, or a FIN or reset of any.
    private static int sendSegment(TcpSock tp, SkBuff out, int rcvNxt) {
        int layout = TcpOptionsOut.established(tp);
        int headerLen = Tcp.HEADER_BYTES + TcpOptionsOut.bytes(layout);
        if (out.cb.gsoSegs > 1) {
            out.cb.tcpFlags |= Tcp.PSH; // lets the receiver pass on merged segments at once
        }
        int payload = out.len;
        int th = push(tp, out, headerLen, payload);
        Tcp.put(
                out.buf,
                th,
                tp.sport,
                tp.dport,
                out.cb.seq,
                rcvNxt,
                headerLen,
                out.cb.tcpFlags,
                TcpWindowSelect.selectWindow(tp));
        urgent(tp, out, th);
        TcpEcn.send(tp, out, th, headerLen);
        TcpOptionsOut.write(tp, layout, out, th);
        return hand(tp, out, rcvNxt, payload);
    }

    /// A SYN, or the SYN-ACK of crossing SYNs. Its window is never scaled.
    private static int sendSyn(TcpSock tp, SkBuff out, int rcvNxt) {
        TcpSynOptions options = TcpSynOptions.forSyn(tp, out);
        int headerLen = Tcp.HEADER_BYTES + options.bytes();
        int payload = out.len;
        int th = push(tp, out, headerLen, payload);
        Tcp.put(
                out.buf,
                th,
                tp.sport,
                tp.dport,
                out.cb.seq,
                rcvNxt,
                headerLen,
                out.cb.tcpFlags,
                Math.min(tp.rcvWnd, 0xFFFF));
        urgent(tp, out, th);
        options.write(out.buf, th + Tcp.HEADER_BYTES);
        if (options.hasMd5()) {
            TcpOptionsOut.sign(tp, out, th);
        }
        return hand(tp, out, rcvNxt, payload);
    }

    /// Makes room for the header, and the sock answer for the packet. A pure ACK does not count:
    /// it shall not keep data back.
    private static int push(TcpSock tp, SkBuff out, int headerLen, int payload) {
        int th = out.push(headerLen);
        out.transportHeader = th;
        if (payload == 0 && (out.cb.tcpFlags & (Tcp.SYN | Tcp.FIN)) == 0) {
            out.sk = tp;
            out.destructor = SkBuff.Destructor.EDEMUX;
        } else {
            tp.setOwnerW(out);
        }
        out.hash = tp.txhash;
        out.priority = tp.priority;
        out.mark = tp.mark;
        out.gsoSegs = out.cb.gsoSegs;
        out.gsoSize = out.cb.gsoSize;
        out.gsoType = tp.ipv4() ? SkBuff.GSO_TCPV4 : SkBuff.GSO_TCPV6;
        return th;
    }

    /// The urgent pointer, as far as it reaches (RFC 6093).
    private static void urgent(TcpSock tp, SkBuff out, int th) {
        int seq = out.cb.seq;
        if (!urgMode(tp) || !Seq.before(seq, tp.sndUp)) {
            return;
        }
        int pointer;
        if (Seq.before(tp.sndUp, seq + 0x10000)) {
            pointer = tp.sndUp - seq;
        } else if (Seq.after(seq + 0xFFFF, tp.sndNxt)) {
            pointer = 0xFFFF;
        } else {
            return;
        }
        Tcp.urgPtr(out.buf, th, pointer);
        Tcp.flags(out.buf, th, Tcp.flags(out.buf, th) | Tcp.URG);
    }

    /// Completes the checksum, counts, and gives the packet to IP.
    private static int hand(TcpSock tp, SkBuff out, int rcvNxt, int payload) {
        int segs = out.cb.gsoSegs;
        tp.afOps.sendCheck(tp, out);
        if ((out.cb.tcpFlags & Tcp.ACK) != 0) {
            eventAckSent(tp, rcvNxt);
        }
        if (payload != 0) {
            eventDataSent(tp);
            tp.dataSegsOut += segs;
            tp.bytesSent += payload;
        }
        if (Seq.after(out.cb.endSeq, tp.sndNxt) || out.cb.seq == out.cb.endSeq) {
            tp.net.mib.add(TcpMib.OUTSEGS, segs);
        }
        tp.segsOut += segs;
        return tp.afOps.queueXmit(tp, out);
    }

    /// An ACK is on its way with whatever was sent, so no other is due.
    @Kernel("tcp_event_ack_sent")
    private static void eventAckSent(TcpSock tp, int rcvNxt) {
        if (tp.compressedAck != 0) {
            tp.net.mib.add(TcpExt.TCPACKCOMPRESSED, tp.compressedAck);
            tp.compressedAck = 0;
            TcpAckOut.cancelCompression(tp);
        }
        if (rcvNxt == tp.rcvNxt) {
            TcpAckOut.decQuickackMode(tp);
            tp.ackPending = 0;
            tp.ackRetry = 0;
        }
    }

    /// Data was sent: the congestion control hears of the first after a pause, and an answer within
    /// the delayed ACK's time makes the connection an interactive one.
    @Kernel("tcp_event_data_sent")
    private static void eventDataSent(TcpSock tp) {
        int now = TcpClock.jiffies32(tp);
        if (tp.packetsInFlight() == 0) {
            TcpCong.caEvent(tp, CaEvent.TX_START);
        }
        tp.lsndtime = now;
        if (Integer.compareUnsigned(now - tp.ackLrcvtime, tp.ackAto) < 0) {
            TcpAckOut.incPingpongCnt(tp);
        }
    }

    /// Makes a packet one that carries no data but perhaps a SYN or FIN.
    @Kernel("tcp_init_nondata_skb")
    static void initNondataSkb(SkBuff skb, int seq, int flags) {
        skb.ipSummed = SkBuff.CHECKSUM_PARTIAL;
        skb.cb.tcpFlags = flags;
        skb.cb.gsoSegs = 1;
        skb.cb.seq = seq;
        skb.cb.endSeq = (flags & (Tcp.SYN | Tcp.FIN)) != 0 ? seq + 1 : seq;
    }

    /// A packet with room for headers, for a segment without data.
    static SkBuff allocNondata(TcpSock tp, int seq, int flags) {
        SkBuff skb = SkBuff.alloc(tp.net.pool, SoftIrq.current().stripe, MAX_TCP_HEADER);
        skb.reserve(MAX_TCP_HEADER);
        initNondataSkb(skb, seq, flags);
        return skb;
    }

    /// The sequence number of a segment without data: the next to send, unless the peer took back
    /// so much of its window that it would not accept it.
    @Kernel("tcp_acceptable_seq")
    static int acceptableSeq(TcpSock tp) {
        int end = tp.wndEnd();
        boolean withinRounding = tp.rxOpt.wscaleOk && tp.sndNxt - end < 1 << tp.rxOpt.rcvWscale;
        return !Seq.before(end, tp.sndNxt) || withinRounding ? tp.sndNxt : end;
    }

    /// True while urgent data is not acknowledged.
    @Kernel("tcp_urg_mode")
    static boolean urgMode(TcpSock tp) {
        return tp.sndUna != tp.sndUp;
    }
}
