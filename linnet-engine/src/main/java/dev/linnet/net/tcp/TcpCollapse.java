package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Saves memory in the receive queues of a sock whose buffer is full: packets that cost much more
/// than their payload are copied together. Rare, and so may allocate and copy.
@Kernel({"tcp_collapse", "tcp_collapse_ofo_queue"})
final class TcpCollapse {
    /// Payload of a packet that is put together, bytes: about a page.
    private static final int PACKET_BYTES = 4096;

    private TcpCollapse() {}

    /// Collapses the receive queue from the first packet on that is worth it.
    static void receiveQueue(TcpSock tp) {
        SkBuff skb = tp.receiveQueue.peek();
        while (skb != null && !worthIt(tp, skb, skb.next)) {
            skb = skb.next;
        }
        if (skb == null) {
            return;
        }
        int at = Seq.max(skb.cb.seq, tp.copiedSeq);
        SkBuff dense = null;
        while (skb != null && !synOrFin(skb)) {
            SkBuff next = skb.next;
            while (Seq.before(at, skb.cb.endSeq)) {
                boolean fresh = false;
                if (dense == null || dense.len >= PACKET_BYTES) {
                    fresh = true;
                    dense = newPacket(tp, skb, at);
                    tp.receiveQueue.queueBefore(skb, dense);
                }
                at = append(tp, skb, dense, at, fresh);
            }
            tp.receiveQueue.unlink(skb);
            end(tp, skb);
            skb = next;
        }
    }

    /// Collapses each contiguous run of packets that lie out of order.
    static void outOfOrderQueue(TcpSock tp) {
        SkBuff skb = tp.outOfOrderQueue.first();
        while (skb != null) {
            SkBuff last = skb;
            boolean worth = false;
            SkBuff next = SkbRbTree.next(last);
            while (next != null && !Seq.after(next.cb.seq, last.cb.endSeq)) {
                worth |= worthIt(tp, last, next);
                last = next;
                next = SkbRbTree.next(last);
            }
            if (worth) {
                collapseRun(tp, skb, next);
            }
            skb = next;
        }
        tp.oooLastSkb = tp.outOfOrderQueue.last();
    }

    /// Copies together the packets from `first` up to but not including `stop`.
    private static void collapseRun(TcpSock tp, SkBuff first, @Nullable SkBuff stop) {
        SkbRbTree tree = tp.outOfOrderQueue;
        SkBuff skb = first;
        int at = first.cb.seq;
        SkBuff dense = null;
        while (skb != null && skb != stop) {
            SkBuff next = SkbRbTree.next(skb);
            if (synOrFin(skb)) {
                return;
            }
            tree.erase(skb);
            while (Seq.before(at, skb.cb.endSeq)) {
                boolean fresh = false;
                if (dense == null || dense.len >= PACKET_BYTES) {
                    fresh = true;
                    dense = newPacket(tp, skb, at);
                    tree.insert(dense);
                }
                at = append(tp, skb, dense, at, fresh);
            }
            end(tp, skb);
            skb = next;
        }
    }

    private static boolean synOrFin(SkBuff skb) {
        return (skb.cb.tcpFlags & (Tcp.SYN | Tcp.FIN)) != 0;
    }

    /// True if a packet's payload is a small part of its cost, or the next one repeats some of it.
    private static boolean worthIt(TcpSock tp, SkBuff skb, @Nullable SkBuff next) {
        if (synOrFin(skb)) {
            return false;
        }
        return TcpWindowSelect.winFromSpace(tp, skb.truesize) > skb.len
                || (next != null && skb.cb.endSeq != next.cb.seq);
    }

    private static SkBuff newPacket(TcpSock tp, SkBuff like, int seq) {
        SkBuff dense = SkBuff.allocFragmented(tp.net.pool, SoftIrq.current().stripe);
        dense.cb.copyFrom(like.cb);
        dense.cb.seq = seq;
        dense.cb.endSeq = seq;
        dense.cb.sacked = 0;
        dense.tstampNs = like.tstampNs;
        return dense;
    }

    /// Copies what `skb` has from `at` on as far as `dense` has room; returns where it stopped.
    private static int move(TcpSock tp, SkBuff skb, SkBuff dense, int at) {
        PageFrag frag = new PageFrag();
        int pos = at;
        int room = PACKET_BYTES - dense.len;
        while (Seq.before(pos, skb.cb.endSeq) && room > 0) {
            int want = Math.min(skb.cb.endSeq - pos, room);
            tp.net.pool.reserve(SoftIrq.current().stripe, want, frag);
            int n = Math.min(want, frag.length);
            SkbOps.copyBits(skb, pos - skb.cb.seq, frag.page.data, frag.offset, n);
            dense.addFrag(frag.page, frag.offset, n);
            pos += n;
            room -= n;
        }
        return pos;
    }

    /// As [#move], and keeps the books: a fresh packet begins to count for the sock.
    private static int append(TcpSock tp, SkBuff skb, SkBuff dense, int at, boolean fresh) {
        int before = dense.truesize;
        int stop = move(tp, skb, dense, at);
        dense.cb.endSeq = stop;
        if (fresh) {
            tp.setOwnerR(dense);
        } else {
            tp.addRmem(dense.truesize - before);
        }
        return stop;
    }

    private static void end(TcpSock tp, SkBuff skb) {
        skb.consume();
        tp.net.mib.inc(TcpExt.TCPRCVCOLLAPSED);
    }
}
