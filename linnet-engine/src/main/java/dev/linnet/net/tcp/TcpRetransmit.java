package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpCaState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;

/// Sending again. Every function is called with the sock's lock owned.
@HotPath
final class TcpRetransmit {
    /// A packet of more bytes could have more segments than its count holds.
    private static final int MAX_SEGS = 0xFFFF;

    private static final int MIN_GSO_SIZE = 8;

    /// Flags of a SYN that asks for ECN (RFC 3168 section 6.1.1).
    private static final int SYN_ECN = Tcp.SYN | Tcp.ECE | Tcp.CWR;

    private TcpRetransmit() {}

    /// Sends a segment again and counts it as retransmitted and in flight.
    ///
    /// @param segs most segments to send of it
    /// @return 0, `-errno`, or a positive number if a queue below refused it
    @Kernel("tcp_retransmit_skb")
    static int retransmitSkb(TcpSock tp, SkBuff skb, int segs) {
        int err = retransmitOnly(tp, skb, segs);
        if (err == 0) {
            skb.cb.sacked |= TcpSkbCb.RETRANS;
            tp.retransOut += skb.cb.gsoSegs;
        }
        if (tp.retransStamp == 0) {
            tp.retransStamp = TcpClock.skbTsVal(skb);
        }
        tp.undoRetrans = Math.max(tp.undoRetrans, 0) + skb.cb.gsoSegs;
        return err;
    }

    /// Sends a segment again without counting it in flight: also a loss probe does so.
    @Kernel("__tcp_retransmit_skb")
    static int retransmitOnly(TcpSock tp, SkBuff skb, int segs) {
        tp.mtupProbeSize = 0; // what is lost now says nothing about the probe
        if (stillInHostQueue(tp, skb)) {
            return -Errno.EBUSY;
        }
        int err = dropAcked(tp, skb);
        if (err != 0) {
            return err;
        }
        if (!hasRoute(tp)) {
            return -Errno.EHOSTUNREACH;
        }
        int mss = TcpMss.currentMss(tp);
        int window = tp.wndEnd() - skb.cb.seq;
        if (window <= 0) {
            if (skb.cb.seq != tp.sndUna) {
                return -Errno.EAGAIN; // the peer took the window back: this would be dropped
            }
            window = mss; // serves as a window probe
        }
        err = fit(tp, skb, mss, segs, window);
        if (err != 0) {
            return err;
        }
        int seq = skb.cb.seq;
        err = again(tp, skb);
        TcpCallBpf.retransmit(tp, seq, skb.cb.gsoSegs, err);
        return err;
    }

    /// The copy that was sent last has not even left this host: sending another is useless.
    @Kernel("skb_still_in_host_queue")
    static boolean stillInHostQueue(TcpSock tp, SkBuff skb) {
        if (inHostQueue(tp, skb)) {
            TcpSmallQueue.throttle(tp);
            if (inHostQueue(tp, skb)) {
                tp.net.mib.inc(TcpExt.TCPSPURIOUS_RTX_HOSTQUEUES);
                return true;
            }
        }
        return false;
    }

    /// A hint: the packet that was sent belongs to others now, so it is known by its marks only.
    @Kernel("skb_fclone_busy")
    private static boolean inHostQueue(TcpSock tp, SkBuff skb) {
        SkBuff clone = skb.xmitClone;
        return clone != null
                && clone.sk == tp
                && clone.cb.seq == skb.cb.seq
                && clone.tstampNs == skb.tstampNs;
    }

    /// Cuts off what was acknowledged: the SYN of a segment with data, bytes of a packet.
    private static int dropAcked(TcpSock tp, SkBuff skb) {
        TcpSkbCb cb = skb.cb;
        if (Seq.before(cb.seq, tp.sndUna) && (cb.tcpFlags & Tcp.SYN) != 0) {
            cb.tcpFlags &= ~Tcp.SYN;
            cb.seq++;
        }
        if (!Seq.before(cb.seq, tp.sndUna)) {
            return 0;
        }
        if (Seq.before(cb.endSeq, tp.sndUna)) {
            return -Errno.EINVAL;
        }
        return TcpFragment.trimHead(tp, skb, tp.sndUna - cb.seq);
    }

    @Kernel({"inet_sk_rebuild_header", "inet6_sk_rebuild_header"})
    static boolean hasRoute(TcpSock tp) {
        return tp.dstCheck() != null || TcpConnectOut.findRoute(tp);
    }

    /// Brings the segment to the size that may be sent: cuts it, or adds small ones behind it.
    private static int fit(TcpSock tp, SkBuff skb, int mss, int segs, int window) {
        int len = mss * segs;
        if (len > window) {
            len = window - window % mss;
            len = len == 0 ? window : len;
        }
        if (skb.len > len) {
            return TcpFragment.fragment(tp, true, skb, len, mss);
        }
        int decr = skb.cb.gsoSegs;
        decr -= TcpTso.setSkbTsoSegs(skb, mss);
        if (decr != 0) {
            TcpFragment.adjustPcount(tp, skb, decr);
        }
        int space = Math.min(window, mss);
        if (skb.len < space) {
            tryCollapse(tp, skb, space);
        }
        return 0;
    }

    private static int again(TcpSock tp, SkBuff skb) {
        TcpSkbCb cb = skb.cb;
        if ((cb.tcpFlags & SYN_ECN) == SYN_ECN) {
            TcpEcn.clearSyn(tp, skb);
        }
        int segs = cb.gsoSegs;
        tp.net.mib.add(TcpMib.RETRANSSEGS, segs);
        if ((cb.tcpFlags & Tcp.SYN) != 0) {
            tp.net.mib.inc(TcpExt.TCPSYNRETRANS);
        }
        tp.totalRetrans += segs;
        tp.bytesRetrans += skb.len;
        int err = TcpTransmit.transmitSkb(tp, skb, true);
        if (err != 0 && err != -Errno.EBUSY) {
            tp.net.mib.add(TcpExt.TCPRETRANSFAIL, segs);
        }
        cb.sacked |= TcpSkbCb.EVER_RETRANS; // its round trip is ambiguous even if it did not leave
        return err;
    }

    /// Sends again what is marked as lost, as far as the congestion window lets it, from where the
    /// last call stopped.
    @Kernel("tcp_xmit_retransmit_queue")
    static void xmitRetransmitQueue(TcpSock tp) {
        assert tp.lock.ownedByMe();
        if (tp.packetsOut == 0) {
            return;
        }
        SkBuff head = tp.rtxQueue.first();
        SkBuff skb = tp.retransmitSkbHint != null ? tp.retransmitSkbHint : head;
        int maxSegs = TcpTso.tsoSegs(tp, TcpMss.currentMss(tp));
        boolean hole = false;
        boolean rearm = false;
        for (; skb != null; skb = SkbRbTree.next(skb)) {
            if (TcpPacing.check(tp)) {
                break;
            }
            if (!hole) {
                tp.retransmitSkbHint = skb;
            }
            int segs = Math.min(tp.sndCwnd - tp.packetsInFlight(), maxSegs);
            if (segs <= 0 || tp.retransOut >= tp.lostOut) {
                break;
            }
            int sacked = skb.cb.sacked;
            int sent = TcpSkbCb.SACKED_RETRANS | TcpSkbCb.SACKED_ACKED;
            if ((sacked & TcpSkbCb.LOST) == 0) {
                hole |= (sacked & sent) == 0;
                continue;
            }
            if ((sacked & sent) != 0) {
                continue;
            }
            if (TcpSmallQueue.check(tp, skb, 1) || retransmitSkb(tp, skb, segs) != 0) {
                break;
            }
            count(tp, skb);
            rearm |= skb == head && tp.pending != InetConnectionSock.ICSK_TIME_REO_TIMEOUT;
        }
        if (rearm) {
            TcpTimer.resetXmitTimer(tp, InetConnectionSock.ICSK_TIME_RETRANS, tp.rto, true);
        }
    }

    private static void count(TcpSock tp, SkBuff skb) {
        TcpExt counter =
                tp.caState == TcpCaState.LOSS.value()
                        ? TcpExt.TCPSLOWSTARTRETRANS
                        : TcpExt.TCPFASTRETRANS;
        tp.net.mib.add(counter, skb.cb.gsoSegs);
        if (TcpCong.inCwndReduction(tp)) {
            tp.prrOut += skb.cb.gsoSegs;
        }
    }

    // ---- merging small segments
    // ---------------------------------------------------------------------

    /// Adds the segments behind `to` to it, as long as they are small, unsacked and together no larger
    /// than `space`.
    @Kernel("tcp_retrans_try_collapse")
    private static void tryCollapse(TcpSock tp, SkBuff to, int space) {
        if (!tp.net.sysctl.get(TcpSysctls.RETRANS_COLLAPSE)
                || (to.cb.tcpFlags & Tcp.SYN) != 0
                || !mayCollapse(to)) {
            return;
        }
        int left = space - to.len;
        SkBuff next;
        while ((next = SkbRbTree.next(to)) != null) {
            left -= next.len;
            if (left < 0
                    || !mayCollapse(next)
                    || !canCollapse(to, next)
                    || Seq.after(next.cb.endSeq, tp.wndEnd())
                    || !collapse(tp, to, next)) {
                return;
            }
        }
    }

    @Kernel("tcp_can_collapse")
    private static boolean mayCollapse(SkBuff skb) {
        return skb.cb.gsoSegs <= 1 && (skb.cb.sacked & TcpSkbCb.SACKED_ACKED) == 0;
    }

    /// True if bytes of `from` may join `to`: not over the end of a record, nor of a zero-copy send.
    @Kernel("tcp_skb_can_collapse")
    static boolean canCollapse(SkBuff to, SkBuff from) {
        return !to.cb.eor && to.ubuf == from.ubuf;
    }

    @Kernel("tcp_collapse_retrans")
    private static boolean collapse(TcpSock tp, SkBuff to, SkBuff next) {
        if (next.len > 0 && !skbShift(to, next, 1, next.len)) {
            return false;
        }
        TcpRtxQueue.highestSackReplace(tp, next, to);
        to.cb.endSeq = next.cb.endSeq;
        to.cb.tcpFlags |= next.cb.tcpFlags;
        to.cb.sacked |= next.cb.sacked & TcpSkbCb.EVER_RETRANS;
        to.cb.eor = next.cb.eor;
        if (tp.retransmitSkbHint == next) {
            tp.retransmitSkbHint = to;
        }
        TcpFragment.adjustPcount(tp, next, next.cb.gsoSegs);
        collapseTstamp(to, next);
        TcpRtxQueue.unlinkAndFree(tp, next);
        return true;
    }

    /// Moves the first `bytes`, `pcount` segments, of `from` to the end of `to`; false if `to` would
    /// become too large.
    @Kernel("tcp_skb_shift")
    static boolean skbShift(SkBuff to, SkBuff from, int pcount, int bytes) {
        if (to.len + bytes >= MAX_SEGS * MIN_GSO_SIZE || to.cb.gsoSegs + pcount > MAX_SEGS) {
            return false;
        }
        return SkbOps.shift(to, from, bytes) == bytes;
    }

    /// A wish for a timestamp of a segment that goes is the other's now.
    @Kernel("tcp_skb_collapse_tstamp")
    static void collapseTstamp(SkBuff to, SkBuff next) {
        if (next.txFlags != 0 || next.cb.txstampAck) {
            to.txFlags |= next.txFlags;
            to.tskey = next.tskey;
            to.cb.txstampAck |= next.cb.txstampAck;
        }
    }
}
