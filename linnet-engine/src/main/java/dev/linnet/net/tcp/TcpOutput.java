package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;

/// Sending what is in the write queue, as far as Nagle's rule, the two windows, pacing and the
/// queues below allow. Every function is called with the sock's lock owned.
@HotPath
final class TcpOutput {
    /// `pushOne` of [#writeXmit]: send everything; one packet; one packet as a loss probe, for which
    /// the congestion window does not count.
    static final int PUSH_ALL = 0;

    static final int PUSH_ONE = 1;
    static final int PUSH_PROBE = 2;

    private TcpOutput() {}

    /// Sends what may be sent.
    ///
    /// @param mssNow bytes of payload in a segment
    /// @param nonagle a set of [TcpNagle]'s bits, which counts for the last packet of the queue
    /// @param pushOne one of the constants above
    /// @return true if nothing is in flight and something is left: the peer's window must be probed
    @Kernel("tcp_write_xmit")
    static boolean writeXmit(TcpSock tp, int mssNow, int nonagle, int pushOne) {
        assert tp.lock.ownedByMe();
        TcpClock.mstampRefresh(tp);
        int mss = TcpOptionsOut.accEcnBeaconDue(tp) ? TcpMss.currentMss(tp) : mssNow;
        int sent = 0;
        if (pushOne == PUSH_ALL) {
            int probe = TcpMtuProbe.probe(tp);
            if (probe == 0) {
                return false;
            }
            sent = Math.max(probe, 0);
        }
        int maxSegs = TcpTso.tsoSegs(tp, mss);
        int verdict = TcpTso.SEND;
        SkBuff skb;
        while ((skb = tp.writeQueue.peek()) != null) {
            if (inRepair(tp)) {
                pretendSent(tp, skb, mss);
            } else {
                verdict = prepare(tp, skb, mss, nonagle, pushOne, maxSegs);
                if (verdict != TcpTso.SEND || TcpTransmit.transmitSkb(tp, skb, true) != 0) {
                    break;
                }
            }
            eventNewDataSent(tp, skb);
            TcpNagle.sent(tp, mss, skb);
            sent += skb.cb.gsoSegs;
            if (pushOne != PUSH_ALL) {
                break;
            }
        }
        return finish(tp, sent, verdict, pushOne);
    }

    /// The book-keeping after a round of transmissions.
    private static boolean finish(TcpSock tp, int sent, int verdict, int pushOne) {
        if (verdict == TcpTso.WAIT_RWND) {
            TcpChrono.start(tp, TcpChrono.RWND_LIMITED);
        } else {
            TcpChrono.stop(tp, TcpChrono.RWND_LIMITED);
        }
        boolean cwndLimited = verdict == TcpTso.WAIT_CWND || tp.packetsInFlight() >= tp.sndCwnd;
        if (sent > 0 || cwndLimited) {
            TcpCwnd.validate(tp, cwndLimited);
        }
        if (sent == 0) {
            return tp.packetsOut == 0 && !tp.writeQueue.isEmpty();
        }
        if (TcpCong.inCwndReduction(tp)) {
            tp.prrOut += sent;
        }
        if (pushOne != PUSH_PROBE) {
            TcpLossProbe.schedule(tp, false);
        }
        return false;
    }

    /// Judges the packet at the head of the queue and brings it to the size in which it is to go.
    private static int prepare(
            TcpSock tp, SkBuff skb, int mss, int nonagle, int pushOne, int maxSegs) {
        if (TcpPacing.check(tp)) {
            return TcpTso.WAIT;
        }
        int quota = TcpCwnd.test(tp);
        if (quota == 0) {
            if (pushOne != PUSH_PROBE) {
                return TcpTso.WAIT;
            }
            quota = 1;
        }
        quota = Math.min(quota, maxSegs);
        int missing = quota * mss - skb.len;
        if (missing > 0) {
            TcpTso.grow(tp, skb, missing);
        }
        int segs = TcpTso.setSkbTsoSegs(skb, mss);
        if (!sndWndTest(tp, skb, mss)) {
            return TcpTso.WAIT_RWND;
        }
        int verdict = whether(tp, skb, mss, nonagle, pushOne, maxSegs);
        if (verdict != TcpTso.SEND) {
            return verdict;
        }
        int limit = mss;
        if (segs > 1 && !TcpTransmit.urgMode(tp)) {
            limit = TcpTso.splitPoint(tp, skb, mss, quota, nonagle);
        }
        if (skb.len > limit) {
            TcpFragment.tsoFragment(tp, skb, limit, mss);
        }
        // An empty packet belongs to a sender that sleeps for memory.
        boolean empty = skb.cb.endSeq == skb.cb.seq;
        return empty || TcpSmallQueue.check(tp, skb, 0) ? TcpTso.WAIT : TcpTso.SEND;
    }

    /// Nagle's rule for a packet of one segment, the wait for more for a larger one.
    private static int whether(
            TcpSock tp, SkBuff skb, int mss, int nonagle, int pushOne, int maxSegs) {
        if (skb.cb.gsoSegs == 1) {
            int rule = TcpWriteQueue.isLast(tp, skb) ? nonagle : TcpNagle.PUSH;
            return TcpNagle.allows(tp, skb, mss, rule) ? TcpTso.SEND : TcpTso.WAIT;
        }
        return pushOne == PUSH_ALL ? TcpTso.deferral(tp, skb, maxSegs) : TcpTso.SEND;
    }

    /// True if at least the first segment of a packet fits into the peer's window.
    @Kernel("tcp_snd_wnd_test")
    static boolean sndWndTest(TcpSock tp, SkBuff skb, int mssNow) {
        int end = skb.len > mssNow ? skb.cb.seq + mssNow : skb.cb.endSeq;
        return !Seq.after(end, tp.wndEnd());
    }

    private static boolean inRepair(TcpSock tp) {
        return tp.repair && tp.repairQueue == TcpOpt.TCP_SEND_QUEUE;
    }

    /// `TCP_REPAIR`: what is written counts as sent already.
    private static void pretendSent(TcpSock tp, SkBuff skb, int mss) {
        tp.tcpWstampNs = tp.tcpClockCacheNs;
        skb.tstampNs = tp.tcpWstampNs;
        TcpRtxQueue.tsortedMoveTail(tp, skb);
        TcpTso.setSkbTsoSegs(skb, mss);
    }

    /// A packet of new data was sent: it waits for its ACK from now on.
    @Kernel("tcp_event_new_data_sent")
    static void eventNewDataSent(TcpSock tp, SkBuff skb) {
        int prior = tp.packetsOut;
        tp.sndNxt = skb.cb.endSeq;
        tp.writeQueue.unlink(skb);
        TcpRtxQueue.insert(tp, skb);
        if (tp.highestSack == null) {
            tp.highestSack = skb;
        }
        tp.packetsOut = prior + skb.cb.gsoSegs;
        if (prior == 0 || tp.pending == InetConnectionSock.ICSK_TIME_LOSS_PROBE) {
            TcpAck.rearmRto(tp);
        }
        tp.net.mib.add(TcpExt.TCPORIGDATASENT, skb.cb.gsoSegs);
        TcpSndBuf.checkSpace(tp);
    }

    /// Sends what may be sent, and starts to probe the window if nothing may.
    @Kernel("__tcp_push_pending_frames")
    static void pushPendingFrames(TcpSock tp, int curMss, int nonagle) {
        if (tp.state != TcpState.TCP_CLOSE && writeXmit(tp, curMss, nonagle, PUSH_ALL)) {
            checkProbeTimer(tp);
        }
    }

    @Kernel("tcp_push_pending_frames")
    static void pushPendingFrames(TcpSock tp) {
        if (!tp.writeQueue.isEmpty()) {
            pushPendingFrames(tp, TcpMss.currentMss(tp), tp.nonagle);
        }
    }

    /// Sends the first packet of the queue.
    @Kernel("tcp_push_one")
    static void pushOne(TcpSock tp, int mss) {
        writeXmit(tp, mss, TcpNagle.PUSH, PUSH_ONE);
    }

    /// Sends at the end of a `sendmsg`, unless the last packet is small and others are still on
    /// their way down, so that more may be written to it first (automatic corking).
    ///
    /// @param flags `MSG_*` of the call
    @Kernel("tcp_push")
    static void push(TcpSock tp, int flags, int mssNow, int nonagle, int sizeGoal) {
        SkBuff skb = tp.writeQueue.peekTail();
        if (skb == null) {
            return;
        }
        boolean more = (flags & Msg.MSG_MORE) != 0;
        if (!more || forcedPush(tp)) {
            markPush(tp, skb);
        }
        if ((flags & Msg.MSG_OOB) != 0) {
            tp.sndUp = tp.writeSeq;
        }
        if (autocork(tp, skb, sizeGoal)) {
            return;
        }
        pushPendingFrames(tp, mssNow, more ? TcpNagle.CORK : nonagle);
    }

    @Kernel("tcp_should_autocork")
    private static boolean autocork(TcpSock tp, SkBuff skb, int sizeGoal) {
        if (skb.len >= sizeGoal
                || tp.wmemAlloc() <= skb.truesize
                || tp.rtxQueue.isEmpty()
                || skb.cb.eor
                || !tp.net.sysctl.get(TcpSysctls.AUTOCORKING)) {
            return false;
        }
        if (TcpSmallQueue.throttle(tp)) {
            tp.net.mib.inc(TcpExt.TCPAUTOCORKING);
        }
        return tp.wmemAlloc() > skb.truesize; // still true after the flag could be seen
    }

    /// True if half of the peer's largest window was written since the last push.
    @Kernel("forced_push")
    static boolean forcedPush(TcpSock tp) {
        return Seq.after(tp.writeSeq, tp.pushedSeq + (tp.maxWindow >>> 1));
    }

    @Kernel("tcp_mark_push")
    static void markPush(TcpSock tp, SkBuff skb) {
        skb.cb.tcpFlags |= Tcp.PSH;
        tp.pushedSeq = tp.writeSeq;
    }

    /// Starts the zero window probes if nothing else is under way.
    @Kernel("tcp_check_probe_timer")
    static void checkProbeTimer(TcpSock tp) {
        if (tp.packetsOut == 0 && tp.pending == 0) {
            TcpTimer.resetXmitTimer(
                    tp, InetConnectionSock.ICSK_TIME_PROBE0, TcpProbe0.base(tp), true);
        }
    }

    /// Queues a segment that has its sequence numbers already: a FIN.
    @Kernel("tcp_queue_skb")
    static void queueSkb(TcpSock tp, SkBuff skb) {
        tp.writeSeq = skb.cb.endSeq;
        TcpWriteQueue.addTail(tp, skb);
    }

    /// Queues an empty segment to which data is going to be added.
    @Kernel("tcp_skb_entail")
    static void entail(TcpSock tp, SkBuff skb) {
        skb.cb.seq = tp.writeSeq;
        skb.cb.endSeq = tp.writeSeq;
        skb.cb.tcpFlags = Tcp.ACK;
        TcpWriteQueue.addTail(tp, skb);
        tp.nonagle &= ~TcpNagle.PUSH;
        TcpCwnd.slowStartAfterIdleCheck(tp);
    }
}
