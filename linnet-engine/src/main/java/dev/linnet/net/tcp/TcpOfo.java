package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Data received out of order: segments in a tree by sequence, which may overlap but never lie
/// wholly within one another.
final class TcpOfo {
    private TcpOfo() {}

    /// Receives a segment beyond a gap. Takes ownership.
    @Kernel("tcp_data_queue_ofo")
    static void queue(TcpSock tp, SkBuff skb) {
        TcpFlowLabel.save(tp, skb);
        TcpEcn.dataEcnCheck(tp, skb);
        if (!TcpRcvMem.trySchedule(tp, skb)) {
            tp.net.mib.inc(TcpExt.TCPOFODROP);
            tp.dataReady();
            TcpInput.drop(tp, skb, DropReason.PROTO_MEM);
            return;
        }
        TcpRcvSpace.measureRcvMss(tp, skb);
        tp.predFlags = 0;
        TcpAckOut.scheduleAck(tp);
        tp.rcvOoopack += Math.max(1, skb.gsoSegs);
        tp.net.mib.inc(TcpExt.TCPOFOQUEUE);
        insert(tp, skb);
        if (tp.socket != null) {
            // Lost segments must not keep the buffer from growing.
            TcpRcvSpace.growRcvbuf(tp, tp.rcvspaceSpace);
        }
    }

    private static void insert(TcpSock tp, SkBuff skb) {
        boolean sack = tp.rxOpt.sackEnabled();
        int seq = skb.cb.seq;
        int endSeq = skb.cb.endSeq;
        int len = skb.len;
        int truesize = skb.truesize;
        int payloadTruesize = TcpRcvSpace.payloadTruesize(skb);
        boolean kept = place(tp, skb);
        boolean merged = !kept && skb.cb.endSeq == skb.cb.seq;
        if (sack) {
            TcpSackSend.newOfo(tp, seq, endSeq);
            // Without SACK the window stays, so that our ACKs are duplicates.
            if (kept || merged) {
                TcpRcvSpace.growWindow(tp, len, merged ? payloadTruesize : truesize);
            }
        }
        if (kept) {
            tp.setOwnerR(skb);
        } else if (merged) {
            skb.consume();
        } else {
            TcpInput.drop(tp, skb, DropReason.TCP_OFOMERGE);
        }
        TcpMemory.update(tp);
    }

    /// Puts a segment into the tree; false if it was merged with another or holds nothing new, and the
    /// caller still owns it.
    private static boolean place(TcpSock tp, SkBuff skb) {
        SkbRbTree tree = tp.outOfOrderQueue;
        if (tree.isEmpty()) {
            tp.rxOpt.numSacks = 0;
            tree.insert(skb);
            tp.oooLastSkb = skb;
            return true;
        }
        SkBuff last = tp.oooLastSkb;
        if (last != null && tryCoalesce(tp, last, skb)) {
            return false;
        }
        if (last != null && !Seq.before(skb.cb.seq, last.cb.endSeq)) {
            tree.insertAfter(last, skb);
        } else if (!descend(tp, skb)) {
            return false;
        }
        dropCoveredAfter(tp, skb);
        return true;
    }

    /// Walks down the tree to the place of a segment; false if it ends on the way, in one that holds
    /// all of it or that it was merged with.
    private static boolean descend(TcpSock tp, SkBuff skb) {
        int seq = skb.cb.seq;
        int endSeq = skb.cb.endSeq;
        SkBuff parent = null;
        SkBuff at = tp.outOfOrderQueue.root();
        boolean left = false;
        while (at != null) {
            parent = at;
            left = Seq.before(seq, at.cb.seq);
            if (left) {
                at = SkbRbTree.left(at);
                continue;
            }
            if (!Seq.before(seq, at.cb.endSeq)) {
                if (tryCoalesce(tp, at, skb)) {
                    return false;
                }
            } else if (!Seq.after(endSeq, at.cb.endSeq)) {
                tp.net.mib.inc(TcpExt.TCPOFOMERGE);
                TcpSackSend.set(tp, seq, endSeq);
                return false;
            } else if (Seq.after(seq, at.cb.seq)) {
                TcpSackSend.set(tp, seq, at.cb.endSeq);
            } else {
                // Starts where the other does and is longer.
                tp.outOfOrderQueue.replace(at, skb);
                covered(tp, at);
                return true;
            }
            at = SkbRbTree.right(at);
        }
        tp.outOfOrderQueue.attach(skb, parent, left);
        return true;
    }

    /// Takes out the segments behind `skb` that it covers, and reports what was received twice.
    private static void dropCoveredAfter(TcpSock tp, SkBuff skb) {
        int endSeq = skb.cb.endSeq;
        SkBuff after = SkbRbTree.next(skb);
        while (after != null && Seq.after(endSeq, after.cb.seq)) {
            if (Seq.before(endSeq, after.cb.endSeq)) {
                TcpSackSend.extend(tp, after.cb.seq, endSeq);
                break;
            }
            tp.outOfOrderQueue.erase(after);
            covered(tp, after);
            after = SkbRbTree.next(skb);
        }
        if (after == null) {
            tp.oooLastSkb = skb;
        }
    }

    /// Ends a segment that was taken out since a longer one holds all of it.
    private static void covered(TcpSock tp, SkBuff skb) {
        TcpSackSend.extend(tp, skb.cb.seq, skb.cb.endSeq);
        tp.net.mib.inc(TcpExt.TCPOFOMERGE);
        TcpInput.drop(tp, skb, DropReason.TCP_OFOMERGE);
    }

    @Kernel("tcp_ooo_try_coalesce")
    private static boolean tryCoalesce(TcpSock tp, SkBuff to, SkBuff from) {
        int gsoSegs = Math.max(1, to.gsoSegs) + Math.max(1, from.gsoSegs);
        if (!TcpDataQueue.tryCoalesce(tp, to, from)) {
            return false;
        }
        to.gsoSegs = Math.min(gsoSegs, 0xFFFF);
        from.cb.endSeq = from.cb.seq;
        return true;
    }

    /// The gap was filled: moves what is in sequence now to the receive queue.
    @Kernel("tcp_ofo_queue")
    @HotPath
    static void deliver(TcpSock tp) {
        int dsackHigh = tp.rcvNxt;
        SkBuff skb = tp.outOfOrderQueue.first();
        while (skb != null && !Seq.after(skb.cb.seq, tp.rcvNxt)) {
            if (Seq.before(skb.cb.seq, dsackHigh)) {
                TcpSackSend.extend(tp, skb.cb.seq, Seq.min(skb.cb.endSeq, dsackHigh));
            }
            tp.outOfOrderQueue.erase(skb);
            if (!Seq.after(skb.cb.endSeq, tp.rcvNxt)) {
                TcpInput.drop(tp, skb, DropReason.TCP_OFO_DROP);
            } else if (moveToReceiveQueue(tp, skb)) {
                return;
            }
            skb = tp.outOfOrderQueue.first();
        }
    }

    /// True if the segment carried the FIN, after which nothing is left here.
    @HotPath
    private static boolean moveToReceiveQueue(TcpSock tp, SkBuff skb) {
        boolean fin = (skb.cb.tcpFlags & Tcp.FIN) != 0;
        int endSeq = skb.cb.endSeq;
        SkBuff tail = tp.receiveQueue.peekTail();
        boolean merged = tail != null && TcpDataQueue.tryCoalesce(tp, tail, skb);
        TcpDataQueue.rcvNxtUpdate(tp, endSeq);
        if (merged) {
            skb.consume();
        } else {
            tp.receiveQueue.queueTail(skb);
        }
        if (fin) {
            TcpInput.fin(tp);
        }
        return fin;
    }

    /// Gives up data from the end of the queue, an eighth of the buffer at a time, until the new
    /// segment has room or would be the last itself.
    @Kernel("tcp_prune_ofo_queue")
    static boolean prune(TcpSock tp, SkBuff incoming) {
        SkBuff skb = tp.oooLastSkb;
        boolean pruned = false;
        int goal = tp.rcvbuf >> 3;
        while (skb != null && !Seq.after(incoming.cb.seq, skb.cb.seq)) {
            SkBuff before = SkbRbTree.prev(skb);
            goal -= skb.truesize;
            dropPruned(tp, skb, before);
            pruned = true;
            if (before == null || goal <= 0) {
                if (TcpRcvMem.hasRoom(tp) && !TcpMemory.underPressure(tp)) {
                    break;
                }
                goal = tp.rcvbuf >> 3;
            }
            skb = before;
        }
        if (pruned) {
            tp.net.mib.inc(TcpExt.OFOPRUNED);
            // What was reported may be gone: the peer has to learn anew what we have.
            tp.rxOpt.dsack = false;
            tp.rxOpt.numSacks = 0;
        }
        return pruned;
    }

    private static void dropPruned(TcpSock tp, SkBuff skb, @Nullable SkBuff before) {
        tp.outOfOrderQueue.erase(skb);
        TcpInput.drop(tp, skb, DropReason.TCP_OFO_QUEUE_PRUNE);
        tp.oooLastSkb = before;
    }

    /// Ends everything that lies out of order.
    static void purge(TcpSock tp, DropReason reason) {
        SkBuff skb = tp.outOfOrderQueue.first();
        while (skb != null) {
            tp.outOfOrderQueue.erase(skb);
            skb.drop(reason);
            skb = tp.outOfOrderQueue.first();
        }
        tp.oooLastSkb = null;
    }
}
