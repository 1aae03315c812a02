package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;

/// The data of received segments: in order to the receive queue, else to [TcpOfo].
final class TcpDataQueue {
    private TcpDataQueue() {}

    /// Receives the data of a segment that was accepted, with its header at `data`. Takes ownership.
    @Kernel("tcp_data_queue")
    static void queue(TcpSock tp, SkBuff skb) {
        if (skb.cb.seq == skb.cb.endSeq) {
            skb.consume();
            return;
        }
        skb.pull(Tcp.headerBytes(skb.buf, skb.transportHeader));
        tp.rxOpt.dsack = false;
        int seq = skb.cb.seq;
        if (seq == tp.rcvNxt) {
            inSequence(tp, skb);
        } else if (!Seq.after(skb.cb.endSeq, tp.rcvNxt)) {
            duplicate(tp, skb);
        } else if (!Seq.before(seq, tp.rcvNxt + tp.receiveWindow())) {
            outOfWindow(tp, skb, DropReason.TCP_OVERWINDOW);
        } else if (Seq.before(seq, tp.rcvNxt)) {
            partlyNew(tp, skb);
        } else {
            TcpOfo.queue(tp, skb);
        }
    }

    private static void inSequence(TcpSock tp, SkBuff skb) {
        // A bare FIN is taken by a closed window: some peers send it so.
        boolean bareFin = skb.len == 0 && (skb.cb.tcpFlags & Tcp.FIN) != 0;
        if (tp.receiveWindow() == 0 && !bareFin) {
            tp.net.mib.inc(TcpExt.TCPZEROWINDOWDROP);
            outOfWindow(tp, skb, DropReason.TCP_ZEROWINDOW);
            return;
        }
        queueAndTell(tp, skb);
    }

    /// All of it was received before: a retransmission, which is acknowledged at once.
    private static void duplicate(TcpSock tp, SkBuff skb) {
        TcpSackSend.rcvSpuriousRetrans(tp, skb);
        tp.net.mib.inc(TcpExt.DELAYEDACKLOST);
        TcpSackSend.set(tp, skb.cb.seq, skb.cb.endSeq);
        outOfWindow(tp, skb, DropReason.TCP_OLD_DATA);
    }

    /// Begins with old data and ends with new: taken as a whole, the reader skips what he had.
    private static void partlyNew(TcpSock tp, SkBuff skb) {
        TcpSackSend.set(tp, skb.cb.seq, tp.rcvNxt);
        if (tp.receiveWindow() == 0) {
            tp.net.mib.inc(TcpExt.TCPZEROWINDOWDROP);
            outOfWindow(tp, skb, DropReason.TCP_ZEROWINDOW);
            return;
        }
        queueAndTell(tp, skb);
    }

    private static void outOfWindow(TcpSock tp, SkBuff skb, DropReason reason) {
        TcpAckOut.enterQuickackMode(tp, TcpAckOut.TCP_MAX_QUICKACKS);
        TcpAckOut.scheduleAck(tp);
        TcpInput.drop(tp, skb, reason);
    }

    private static void queueAndTell(TcpSock tp, SkBuff skb) {
        if (!TcpRcvMem.trySchedule(tp, skb) && !forceRoom(tp, skb)) {
            return;
        }
        boolean fin = (skb.cb.tcpFlags & Tcp.FIN) != 0;
        int len = skb.len;
        if (len > 0) {
            TcpRcvSpace.measureRcvMss(tp, skb);
        }
        int truesize = TcpRcvSpace.payloadTruesize(skb);
        boolean merged = queueRcv(tp, skb);
        if (len > 0) {
            eventDataRecv(tp, skb, len, truesize);
        }
        if (merged) {
            skb.consume();
        }
        if (fin) {
            TcpInput.fin(tp);
        }
        if (!tp.outOfOrderQueue.isEmpty()) {
            TcpOfo.deliver(tp);
            if (tp.outOfOrderQueue.isEmpty()) {
                // RFC 5681 section 4.2: an ACK at once when a gap is filled.
                tp.ackPending |= InetConnectionSock.ICSK_ACK_NOW;
            }
        }
        if (tp.rxOpt.numSacks != 0) {
            TcpSackSend.remove(tp);
        }
        TcpFastPath.check(tp);
        if (!tp.dead) {
            dataReady(tp);
        }
    }

    /// There is no room for a segment in sequence: says so to the peer, and takes it after all if the
    /// reader would otherwise wait for ever. False if it was dropped.
    private static boolean forceRoom(TcpSock tp, SkBuff skb) {
        tp.ackPending |= InetConnectionSock.ICSK_ACK_NOMEM | InetConnectionSock.ICSK_ACK_NOW;
        TcpAckOut.scheduleAck(tp);
        tp.dataReady();
        if (!tp.receiveQueue.isEmpty() && skb.len > 0) {
            tp.net.mib.inc(TcpExt.TCPRCVQDROP);
            TcpInput.drop(tp, skb, DropReason.PROTO_MEM);
            return false;
        }
        return true;
    }

    /// Puts data in sequence, without its header, into the receive queue. True if it was merged with
    /// what is there; then the packet is empty and the caller still owns it.
    @Kernel("tcp_queue_rcv")
    @HotPath
    static boolean queueRcv(TcpSock tp, SkBuff skb) {
        SkBuff tail = tp.receiveQueue.peekTail();
        int endSeq = skb.cb.endSeq;
        boolean merged = tail != null && tryCoalesce(tp, tail, skb);
        rcvNxtUpdate(tp, endSeq);
        if (!merged) {
            tp.receiveQueue.queueTail(skb);
            tp.setOwnerR(skb);
        }
        TcpMemory.update(tp);
        return merged;
    }

    @Kernel("tcp_rcv_nxt_update")
    @HotPath
    static void rcvNxtUpdate(TcpSock tp, int seq) {
        int delta = seq - tp.rcvNxt;
        tp.bytesReceived = tp.bytesReceived + Integer.toUnsignedLong(delta);
        tp.rcvNxt = seq;
    }

    /// Appends the data of `from` to `to`, which this sock answers for, if it follows there; then
    /// `from` is without data.
    @Kernel("tcp_try_coalesce")
    @HotPath
    static boolean tryCoalesce(TcpSock tp, SkBuff to, SkBuff from) {
        if (from.cb.seq != to.cb.endSeq || to.cb.eor || to.cb.eor != from.cb.eor) {
            return false;
        }
        int before = to.truesize;
        if (!SkbOps.tryCoalesce(to, from, SkbOps.MAX_FRAGS)) {
            return false;
        }
        tp.addRmem(to.truesize - before);
        tp.net.mib.inc(TcpExt.TCPRCVCOALESCE);
        to.cb.endSeq = from.cb.endSeq;
        to.cb.ackSeq = from.cb.ackSeq;
        to.cb.tcpFlags |= from.cb.tcpFlags;
        if (from.cb.hasRxtstamp) {
            to.cb.hasRxtstamp = true;
            to.tstampNs = from.tstampNs;
        }
        return true;
    }

    /// Keeps the books for data that came in sequence: when its ACK is due, how long the round trip
    /// is, how fast the window may grow. The packet may have been merged meanwhile, so the former
    /// length and cost of its payload are given.
    @Kernel("tcp_event_data_recv")
    @HotPath
    static void eventDataRecv(TcpSock tp, SkBuff skb, int len, int truesize) {
        TcpAckOut.scheduleAck(tp);
        TcpRcvSpace.rcvRttMeasure(tp);
        int now = tp.net.clock.jiffies32();
        updateAto(tp, now);
        tp.ackLrcvtime = now;
        TcpFlowLabel.save(tp, skb);
        TcpEcn.dataEcnCheck(tp, skb);
        if (len >= 128) {
            TcpRcvSpace.growWindow(tp, len, truesize);
        }
    }

    /// Follows the gaps between data with the delay of ACKs, and starts the quick mode where the
    /// sender begins anew.
    @HotPath
    private static void updateAto(TcpSock tp, int now) {
        if (tp.ackAto == 0) {
            TcpAckOut.incrQuickack(tp, TcpAckOut.TCP_MAX_QUICKACKS);
            tp.ackAto = TcpAckOut.TCP_ATO_MIN;
            return;
        }
        int gap = now - tp.ackLrcvtime;
        if (gap <= TcpAckOut.TCP_ATO_MIN / 2) {
            tp.ackAto = (tp.ackAto >> 1) + TcpAckOut.TCP_ATO_MIN / 2;
        } else if (gap < tp.ackAto) {
            tp.ackAto = Math.min((tp.ackAto >> 1) + gap, tp.rto);
        } else if (gap > tp.rto) {
            TcpAckOut.incrQuickack(tp, TcpAckOut.TCP_MAX_QUICKACKS);
        }
    }

    /// Wakes the reader if there is enough for him (`SO_RCVLOWAT`).
    @Kernel("tcp_data_ready")
    @HotPath
    static void dataReady(TcpSock tp) {
        if (TcpPoll.epollin(tp, tp.rcvlowat) || tp.done) {
            tp.dataReady();
        }
    }

    /// Takes the data of a SYN or SYN-ACK (Fast Open). Does not take ownership: the data is shared.
    @Kernel("tcp_fastopen_add_skb")
    static void fastopenAddSkb(TcpSock tp, SkBuff syn) {
        if (syn.cb.endSeq == tp.rcvNxt) {
            return;
        }
        SkBuff skb = syn.clone(SoftIrq.current().stripe);
        int headerBytes = Tcp.headerBytes(skb.buf, skb.transportHeader);
        // The SYN was counted when the sock was made.
        tp.segsIn = Math.max(1, skb.gsoSegs);
        if (skb.len > headerBytes) {
            tp.dataSegsIn += tp.segsIn;
        }
        skb.pull(headerBytes);
        tp.setOwnerR(skb);
        skb.cb.seq++;
        skb.cb.tcpFlags &= ~Tcp.SYN;
        tp.rcvNxt = skb.cb.endSeq;
        tp.receiveQueue.queueTail(skb);
        tp.synDataAcked = true;
        tp.bytesReceived = skb.len;
        if ((skb.cb.tcpFlags & Tcp.FIN) != 0) {
            TcpInput.fin(tp);
        }
    }
}
