package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Takes what an ACK covers off the retransmit queue, and the samples that come with it.
final class TcpCleanRtx {
    private TcpCleanRtx() {}

    /// Removes acknowledged segments, updates the round trip time, and adds to the flags of the ACK.
    @Kernel("tcp_clean_rtx_queue")
    @HotPath
    static void cleanRtxQueue(TcpSock tp, SkBuff ackSkb, AckedState st) {
        int priorSacked = tp.sackedOut;
        st.firstAckt = 0;
        st.lastAckt = 0;
        st.pktsAcked = 0;
        st.fullyAcked = true;
        st.reord = tp.sndNxt;
        SkBuff rest = takeAcked(tp, st);
        if (rest == null) {
            TcpChrono.stop(tp, TcpChrono.BUSY);
        }
        if (Seq.between(tp.sndUp, st.priorSndUna, tp.sndUna)) {
            tp.sndUp = tp.sndUna;
        }
        if (rest != null) {
            ackTstamp(tp, rest, st);
            if ((rest.cb.sacked & TcpSkbCb.SACKED_ACKED) != 0) {
                st.flag |= TcpAck.FLAG_SACK_RENEGING;
            }
        }
        st.deliveredBytes += tp.sndUna - st.priorSndUna;
        samples(tp, st, rest, priorSacked);
        if (tp.caOps.wantsAckEvents()) {
            int inFlight = tp.mssCache * (tp.delivered - st.rate.priorDelivered);
            tp.caOps.pktsAcked(tp, st.pktsAcked, (int) st.rate.rttUs, inFlight);
        }
    }

    /// Walks the queue up to SND.UNA; returns the first segment that stays, or null.
    @HotPath
    private static @Nullable SkBuff takeAcked(TcpSock tp, AckedState st) {
        SkBuff skb = TcpRtxQueue.head(tp);
        while (skb != null) {
            int acked = ackedSegs(tp, skb, st);
            if (acked == 0) {
                return skb;
            }
            account(tp, skb, st, acked);
            if (!st.fullyAcked) {
                return skb;
            }
            ackTstamp(tp, skb, st);
            SkBuff next = SkbRbTree.next(skb);
            if (skb == tp.retransmitSkbHint) {
                tp.retransmitSkbHint = null;
            }
            TcpRtxQueue.highestSackReplace(tp, skb, next);
            TcpRtxQueue.unlinkAndFree(tp, skb);
            skb = next;
        }
        return null;
    }

    /// How many segments of a packet are acknowledged; the head of a partly acknowledged one is cut
    /// off.
    @Kernel("tcp_tso_acked")
    @HotPath
    private static int ackedSegs(TcpSock tp, SkBuff skb, AckedState st) {
        TcpSkbCb cb = skb.cb;
        if (!Seq.after(cb.endSeq, tp.sndUna)) {
            return cb.gsoSegs;
        }
        if (cb.gsoSegs == 1 || !Seq.after(tp.sndUna, cb.seq)) {
            return 0;
        }
        int before = cb.gsoSegs;
        st.startSeq = cb.seq;
        if (TcpFragment.trimHead(tp, skb, tp.sndUna - cb.seq) != 0) {
            return 0;
        }
        int acked = before - cb.gsoSegs;
        if (acked > 0) {
            st.fullyAcked = false;
        }
        return acked;
    }

    /// Keeps the books for `acked` segments of a packet that were acknowledged.
    @HotPath
    private static void account(TcpSock tp, SkBuff skb, AckedState st, int acked) {
        TcpSkbCb cb = skb.cb;
        int sacked = cb.sacked;
        int startSeq = st.fullyAcked ? cb.seq : st.startSeq;
        if ((sacked & TcpSkbCb.RETRANS) != 0) {
            if ((sacked & TcpSkbCb.SACKED_RETRANS) != 0) {
                tp.retransOut -= acked;
            }
            st.flag |= TcpAck.FLAG_RETRANS_DATA_ACKED;
        } else if ((sacked & TcpSkbCb.SACKED_ACKED) == 0) {
            st.lastAckt = TcpClock.skbUs(skb);
            if (st.firstAckt == 0) {
                st.firstAckt = st.lastAckt;
            }
            st.reord = Seq.min(st.reord, startSeq);
            if (!Seq.after(cb.endSeq, tp.highSeq)) {
                st.flag |= TcpAck.FLAG_ORIG_SACK_ACKED;
            }
        }
        if ((sacked & TcpSkbCb.SACKED_ACKED) != 0) {
            tp.sackedOut -= acked;
            st.deliveredBytes -= st.fullyAcked ? skb.len : cb.seq - startSeq;
        } else if (tp.rxOpt.sackEnabled()) {
            TcpAck.countDelivered(tp, acked, st.eceAck());
            if (!TcpUndo.spuriousRetrans(tp, skb)) {
                TcpRack.advance(tp, sacked, cb.endSeq, TcpClock.skbUs(skb));
            }
        }
        if ((sacked & TcpSkbCb.LOST) != 0) {
            tp.lostOut -= acked;
        }
        tp.packetsOut -= acked;
        st.pktsAcked += acked;
        TcpRate.skbDelivered(tp, skb, st.rate);
        // A SYN is no data: it must not end the start-up of slow start.
        if ((cb.tcpFlags & Tcp.SYN) == 0) {
            st.flag |= TcpAck.FLAG_DATA_ACKED;
        } else {
            st.flag |= TcpAck.FLAG_SYN_ACKED;
            tp.retransStamp = 0;
        }
    }

    /// The program wanted to know when this data is acknowledged (`SO_TIMESTAMPING`).
    @Kernel("tcp_ack_tstamp")
    @HotPath
    private static void ackTstamp(TcpSock tp, SkBuff skb, AckedState st) {
        if (skb.cb.txstampAck
                && !Seq.before(skb.tskey, st.priorSndUna)
                && Seq.before(skb.tskey, tp.sndUna)) {
            TcpErrqueue.ackTstamp(tp, skb, st.hopLimit);
        }
    }

    /// Round trip samples, and what follows from them for timer, MTU probe and reordering.
    @HotPath
    private static void samples(TcpSock tp, AckedState st, @Nullable SkBuff rest, int priorSacked) {
        long seqRttUs = TcpRttSample.NONE;
        long caRttUs = TcpRttSample.NONE;
        long sackRttUs = TcpRttSample.NONE;
        if (st.firstAckt != 0 && !st.has(TcpAck.FLAG_RETRANS_DATA_ACKED)) {
            seqRttUs = tp.tcpMstamp - st.firstAckt;
            caRttUs = tp.tcpMstamp - st.lastAckt;
            if (maybeDelayed(tp, st, priorSacked)) {
                st.flag |= TcpAck.FLAG_ACK_MAYBE_DELAYED;
            }
        }
        if (st.firstSackt != 0) {
            sackRttUs = tp.tcpMstamp - st.firstSackt;
            caRttUs = tp.tcpMstamp - st.lastSackt;
        }
        boolean updated =
                TcpRttSample.ackUpdateRtt(tp, st.flag, seqRttUs, sackRttUs, caRttUs, st.rate);
        if (st.has(TcpAck.FLAG_ACKED)) {
            st.flag |= TcpAck.FLAG_SET_XMIT_TIMER;
            progress(tp, st);
        } else if (rest != null && updated && sackRttUs > tp.tcpMstamp - TcpClock.skbUs(rest)) {
            // The sacked data was sent before the head's last transmission, so that the timer of
            // the head may start again.
            st.flag |= TcpAck.FLAG_SET_XMIT_TIMER;
        }
    }

    /// A lone small segment in an otherwise empty round trip: its ACK may have been delayed.
    @HotPath
    private static boolean maybeDelayed(TcpSock tp, AckedState st, int priorSacked) {
        return st.pktsAcked == 1
                && st.fullyAcked
                && priorSacked == 0
                && tp.sndUna - st.priorSndUna < tp.mssCache
                && st.rate.priorDelivered + 1 == tp.delivered
                && !st.has(TcpAck.FLAG_CA_ALERT | TcpAck.FLAG_SYN_ACKED);
    }

    @HotPath
    private static void progress(TcpSock tp, AckedState st) {
        if (tp.mtupProbeSize != 0 && !Seq.after(tp.mtuProbeSeqEnd, tp.sndUna)) {
            TcpMtuProbe.probeSuccess(tp);
        }
        if (!tp.rxOpt.sackEnabled()) {
            TcpDupacks.removeSacks(tp, st.pktsAcked, st.eceAck());
            // Without SACK nobody knows which copy was acknowledged.
            if (st.has(TcpAck.FLAG_RETRANS_DATA_ACKED)) {
                st.flag &= ~TcpAck.FLAG_ORIG_SACK_ACKED;
            }
        } else if (Seq.before(st.reord, st.priorFack)) {
            // A gap was filled by what had not been sent again: reordering.
            TcpSacktag.checkReordering(tp, st.reord, false);
        }
    }
}
