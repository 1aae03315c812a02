package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.inet.InetReply;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.TcpOptions;
import org.jspecify.annotations.Nullable;

/// Segments that answer a segment without a connection to send them: resets and bare ACKs
/// (RFC 9293 section 3.10.7.1).
final class TcpReply {
    private static final int HEADROOM = 128;

    private TcpReply() {}

    // ---- resets --------------------------------------------------------------------------------

    /// Answers `skb` with a reset, unless it is one itself or was not for this host. The segment
    /// stays the caller's.
    ///
    /// @param tp the socket that it was for, or null
    @Kernel({"tcp_v4_send_reset", "tcp_v6_send_reset"})
    static void sendReset(@Nullable TcpSock tp, SkBuff skb) {
        int flags = TcpSegment.flags(skb);
        if ((flags & Tcp.RST) != 0 || (tp == null && !TcpSegment.unicast(skb))) {
            return;
        }
        NetNamespace net = TcpSegment.net(skb);
        TcpMd5Key key = null;
        if (TcpMd5.signed(skb)) {
            key = TcpMd5.keyForReset(tp, skb);
            if (key == null && tp == null) {
                return;
            }
        }
        boolean ack = (flags & Tcp.ACK) == 0;
        int seq = ack ? 0 : skb.cb.ackSeq;
        SkBuff rst = header(net, skb, seq, ack ? skb.cb.endSeq : 0, 0, key, 0);
        Tcp.flags(rst.buf, rst.transportHeader, ack ? Tcp.RST | Tcp.ACK : Tcp.RST);
        net.mib.inc(TcpMib.OUTSEGS);
        net.mib.inc(TcpMib.OUTRSTS);
        int tos = TcpSegment.dsfield(skb) & ~3;
        send(net, skb, rst, key, tp == null ? 0 : tp.boundDevIf, tp == null ? 0 : tp.mark, tos);
    }

    // ---- ACKs ----------------------------------------------------------------------------------

    /// Repeats the last ACK of a connection in TIME-WAIT, with `tos` as traffic class.
    @Kernel({"tcp_v4_timewait_ack", "tcp_v6_timewait_ack"})
    static void timewaitAck(InetTimewaitSock tw, SkBuff skb, int tos) {
        TcpMd5Key key = TcpMd5.keyOf(tw);
        int tsOptions = tw.tsRecentStamp != 0 ? tsClock(tw.net) + tw.tsOffset : 0;
        SkBuff ack =
                header(
                        tw.net,
                        skb,
                        tw.sndNxt,
                        tw.rcvNxt,
                        tw.rcvWnd >>> tw.rcvWscale,
                        key,
                        tw.tsRecent != 0 ? 12 : 0);
        if (tw.tsRecent != 0) {
            putTimestamp(ack, tsOptions, tw.tsRecent);
        }
        tw.net.mib.inc(TcpMib.OUTSEGS);
        send(tw.net, skb, ack, key, tw.boundDevIf, tw.mark, tos);
    }

    /// An ACK on behalf of a request: the segment was not acceptable.
    @Kernel({"tcp_v4_reqsk_send_ack", "tcp_v6_reqsk_send_ack"})
    static void reqskAck(TcpSock listener, RequestSock req, SkBuff skb) {
        TcpMd5Key key = TcpMd5.lookup(listener, req.daddrHi, req.daddrLo, req.irIif);
        // A Fast Open child has a state of its own beside the request's.
        boolean fastopen = listener.state != TcpState.TCP_LISTEN;
        int seq = fastopen ? listener.sndNxt : req.sntIsn + 1;
        int window = TcpMinisocks.synackWindow(req) >>> (req.wscaleOk ? req.rcvWscale : 0);
        // A time stamp of 0 is none to echo, and then there is no option.
        boolean stamped = req.tsRecent != 0;
        SkBuff ack = header(req.net, skb, seq, req.rcvNxt, window, key, stamped ? 12 : 0);
        if (stamped) {
            putTimestamp(ack, tsClock(req.net) + req.tsOff, req.tsRecent);
        }
        int tos = TcpSegment.dsfield(skb) & ~3;
        req.net.mib.inc(TcpMib.OUTSEGS);
        send(req.net, skb, ack, key, listener.boundDevIf, req.irMark, tos);
    }

    private static int tsClock(NetNamespace net) {
        return (int) (net.clock.nowNs() / 1_000_000);
    }

    // ---- building
    // --------------------------------------------------------------------------------

    /// A segment without data, ports turned round, with room for a timestamp and a signature.
    private static SkBuff header(
            NetNamespace net,
            SkBuff in,
            int seq,
            int ackSeq,
            int window,
            @Nullable TcpMd5Key key,
            int tsBytes) {
        int bytes = Tcp.HEADER_BYTES + tsBytes + (key != null ? 20 : 0);
        SkBuff skb = SkBuff.alloc(net.pool, SoftIrq.current().stripe, HEADROOM + bytes);
        skb.reserve(HEADROOM);
        skb.transportHeader = skb.put(bytes);
        Tcp.put(
                skb.buf,
                skb.transportHeader,
                TcpSegment.dest(in),
                TcpSegment.source(in),
                seq,
                ackSeq,
                bytes,
                Tcp.ACK,
                window);
        return skb;
    }

    private static void putTimestamp(SkBuff skb, int tsVal, int tsEcr) {
        TcpOptions.putAlignedTimestamp(
                skb.buf, skb.transportHeader + Tcp.HEADER_BYTES, tsVal, tsEcr);
    }

    /// Signs, sums and sends a segment to where `in` came from.
    private static void send(
            NetNamespace net,
            SkBuff in,
            SkBuff out,
            @Nullable TcpMd5Key key,
            int oif,
            int mark,
            int tos) {
        Flow fl = new Flow();
        fl.saddrHi = TcpSegment.daddrHi(in);
        fl.saddrLo = TcpSegment.daddrLo(in);
        fl.daddrHi = TcpSegment.saddrHi(in);
        fl.daddrLo = TcpSegment.saddrLo(in);
        fl.sport = TcpSegment.dest(in);
        fl.dport = TcpSegment.source(in);
        fl.oif = oif == 0 && needStrict(fl) ? in.skbIif : oif;
        fl.mark = mark;
        if (key != null) {
            TcpMd5.signLast(key, fl, out);
        }
        TcpChecksum.partial(
                out, fl.saddrHi, fl.saddrLo, fl.daddrHi, fl.daddrLo, TcpSegment.ipv4(in));
        InetReply.send(net, out, fl, tos);
    }

    /// True for an address that means something only on the interface that the segment came by. The
    /// IPv6 loopback address is one: who asks from it for an address of a device gets no answer.
    @Kernel("rt6_need_strict")
    private static boolean needStrict(Flow fl) {
        return In6Addr.isLinkLocal(fl.daddrHi) || (fl.daddrHi == 0 && fl.daddrLo == 1);
    }
}
