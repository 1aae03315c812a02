package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.wire.Seq;
import dev.linnet.wire.TcpOptions;
import org.jspecify.annotations.Nullable;

/// Tags the segments of the retransmit queue that the SACK blocks of an ACK cover (RFC 2018, RFC
/// 2883).
///
/// Blocks are processed in order of their sequence. What the blocks of the ACK before covered
/// ([TcpSock#recvSackCache()]) needs no second look, so that each ACK costs only what is new in it.
final class TcpSacktag {
    private static final int MAX_BLOCKS = 4;

    private TcpSacktag() {}

    /// Processes the SACK option of a segment, at `skb.cb.sacked` from its TCP header.
    @Kernel("tcp_sacktag_write_queue")
    @HotPath
    static void writeQueue(TcpSock tp, SkBuff skb, AckedState st) {
        byte[] b = skb.buf;
        int option = skb.transportHeader + skb.cb.sacked;
        int blocks = Math.min(TcpOptions.sackBlocks(b, option), MAX_BLOCKS);
        st.reord = tp.sndNxt;
        if (tp.sackedOut == 0) {
            TcpRtxQueue.highestSackReset(tp);
        }
        boolean dsack = TcpDsackRecv.check(tp, b, option, blocks, skb.cb.ackSeq, st);
        if (Seq.before(skb.cb.ackSeq, st.priorSndUna - tp.maxWindow) || tp.packetsOut == 0) {
            return;
        }
        int dupStart = dsack ? TcpOptions.sackStart(b, option, 0) : 0;
        int dupEnd = dsack ? TcpOptions.sackEnd(b, option, 0) : 0;
        boolean dupUsed = collect(tp, b, option, blocks, dsack, skb.cb.ackSeq, st);
        st.sp.sort();
        st.mssNow = TcpMss.currentMss(tp);
        tagBlocks(tp, st, dupUsed, dupStart, dupEnd);
        remember(tp, st.sp);
        if (tp.caState != TcpCong.CA_LOSS || tp.undoMarker != 0) {
            checkReordering(tp, st.reord, false);
        }
    }

    /// Copies the blocks that make sense to `st.sp`; true if the first of them is a DSACK.
    @HotPath
    private static boolean collect(
            TcpSock tp,
            byte[] b,
            int option,
            int blocks,
            boolean dsack,
            int ackSeq,
            AckedState st) {
        boolean dupUsed = false;
        st.sp.clear();
        for (int i = 0; i < blocks; i++) {
            boolean dup = i == 0 && dsack;
            int start = TcpOptions.sackStart(b, option, i);
            int end = TcpOptions.sackEnd(b, option, i);
            if (!isValid(tp, dup, start, end)) {
                countInvalid(tp, dup, end, ackSeq);
            } else if (Seq.after(end, st.priorSndUna)) {
                st.sp.add(start, end);
                dupUsed |= dup;
            }
        }
        return dupUsed;
    }

    private static void countInvalid(TcpSock tp, boolean dup, int end, int ackSeq) {
        if (dup) {
            tp.net.mib.inc(
                    tp.undoMarker == 0 ? TcpExt.TCPDSACKIGNOREDNOUNDO : TcpExt.TCPDSACKIGNOREDOLD);
        } else if (ackSeq == tp.sndUna || Seq.after(end, tp.sndUna)) {
            // Old blocks of an ACK that was overtaken are no fault.
            tp.net.mib.inc(TcpExt.TCPSACKDISCARD);
        }
    }

    /// True if a block lies within what is in flight. A DSACK may also lie below SND.UNA, as far down
    /// as there is something to undo.
    @Kernel("tcp_is_sackblock_valid")
    @HotPath
    private static boolean isValid(TcpSock tp, boolean dsack, int start, int end) {
        if (Seq.after(end, tp.sndNxt) || !Seq.before(start, end) || !Seq.before(start, tp.sndNxt)) {
            return false;
        }
        if (Seq.after(start, tp.sndUna)) {
            return true;
        }
        if (!dsack || tp.undoMarker == 0 || Seq.after(end, tp.sndUna)) {
            return false;
        }
        if (!Seq.before(start, tp.undoMarker)) {
            return true;
        }
        return Seq.after(end, tp.undoMarker) && !Seq.before(start, end - tp.maxWindow);
    }

    @HotPath
    private static void tagBlocks(
            TcpSock tp, AckedState st, boolean dupUsed, int dupStart, int dupEnd) {
        SackBlocks sp = st.sp;
        boolean cached = tp.sackedOut != 0;
        int dupIndex = dupUsed ? sp.indexOf(dupStart, dupEnd) : -1;
        SkBuff skb = null;
        st.beyondHighest = false;
        for (int i = 0; i < sp.count && !st.beyondHighest; i++) {
            boolean dup = i == dupIndex;
            // A DSACK inside the block before is tagged together with that.
            boolean nextDup = dupUsed && i + 1 == dupIndex;
            st.dupStart = nextDup ? dupStart : 0;
            st.dupEnd = nextDup ? dupEnd : 0;
            st.nextDup = nextDup;
            if (dup || !cached) {
                skb = walkRest(tp, skb, st, sp.start[i], sp.end[i], dup);
            } else {
                skb = walkUncached(tp, skb, st, sp.start[i], sp.end[i]);
            }
        }
    }

    /// Walks the parts of a block that the last ACK's blocks did not cover.
    @HotPath
    private static @Nullable SkBuff walkUncached(
            TcpSock tp, @Nullable SkBuff from, AckedState st, int start, int end) {
        SackBlocks cache = tp.recvSackCache();
        SkBuff skb = from;
        int at = start;
        for (int c = 0; c < cache.count && Seq.before(at, end); c++) {
            int cacheStart = cache.start[c];
            int cacheEnd = cache.end[c];
            if (!Seq.before(at, cacheEnd) || !Seq.after(end, cacheStart)) {
                continue;
            }
            if (Seq.before(at, cacheStart)) {
                skb = skipTo(tp, skb, at);
                skb = walk(tp, skb, st, start, cacheStart, false);
            }
            if (!Seq.after(end, cacheEnd)) {
                return skb; // the rest is known; a DSACK in it has its own turn
            }
            if (st.nextDup && Seq.before(st.dupStart, cacheEnd)) {
                st.nextDup = false;
                skb = skipTo(tp, skb, st.dupStart);
                skb = walk(tp, skb, st, st.dupStart, st.dupEnd, true);
                st.nextDup = true;
            }
            at = cacheEnd;
            if (Seq.before(at, end) && TcpRtxQueue.highestSackSeq(tp) == cacheEnd) {
                return walkFromHighest(tp, st, start, end, false);
            }
        }
        if (Seq.before(at, end)) {
            skb = at == start ? skb : skipTo(tp, skb, at);
            skb = walkRest(tp, skb, st, start, end, false);
        }
        return skb;
    }

    /// Walks a block, or what is left of it: from the cursor on, or from the highest sacked segment if
    /// the block begins above that. Then a segment that the block before touched is looked at again.
    @HotPath
    private static @Nullable SkBuff walkRest(
            TcpSock tp, @Nullable SkBuff from, AckedState st, int start, int end, boolean dup) {
        if (!Seq.before(start, TcpRtxQueue.highestSackSeq(tp))) {
            SkBuff highest = tp.highestSack;
            if (highest == null) {
                st.beyondHighest = true;
                return null;
            }
            return walk(tp, skipTo(tp, highest, start), st, start, end, dup);
        }
        return walk(tp, skipTo(tp, from, start), st, start, end, dup);
    }

    @HotPath
    private static @Nullable SkBuff walkFromHighest(
            TcpSock tp, AckedState st, int start, int end, boolean dup) {
        SkBuff highest = tp.highestSack;
        st.beyondHighest = highest == null;
        return walk(tp, highest, st, start, end, dup);
    }

    /// The segment at `seq`, or the cursor if it is beyond that already.
    @Kernel("tcp_sacktag_skip")
    @HotPath
    private static @Nullable SkBuff skipTo(TcpSock tp, @Nullable SkBuff cursor, int seq) {
        if (cursor != null && Seq.after(cursor.cb.seq, seq)) {
            return cursor;
        }
        return tp.rtxQueue.find(seq);
    }

    /// Tags the segments from the cursor on that lie in `[start, end)`; returns the new cursor.
    @Kernel("tcp_sacktag_walk")
    @HotPath
    private static @Nullable SkBuff walk(
            TcpSock tp, @Nullable SkBuff from, AckedState st, int start, int end, boolean dup) {
        SkBuff skb = from;
        while (skb != null && Seq.before(skb.cb.seq, end)) {
            boolean dupSkb = dup;
            int inSack = 0;
            if (st.nextDup && Seq.before(skb.cb.seq, st.dupEnd)) {
                inSack = match(tp, skb, st.dupStart, st.dupEnd);
                dupSkb |= inSack > 0;
            }
            if (inSack == 0) {
                SkBuff merged = TcpSackShift.shift(tp, skb, st, start, end, dupSkb);
                if (merged != null && merged != skb) {
                    skb = SkbRbTree.next(merged);
                    continue;
                }
                inSack = merged == skb ? 0 : match(tp, skb, start, end);
            }
            if (inSack < 0) {
                return skb;
            }
            if (inSack > 0) {
                tag(tp, skb, st, dupSkb);
            }
            skb = SkbRbTree.next(skb);
        }
        return skb;
    }

    @HotPath
    private static void tag(TcpSock tp, SkBuff skb, AckedState st, boolean dup) {
        TcpSkbCb cb = skb.cb;
        cb.sacked =
                tagOne(tp, st, cb.sacked, cb.seq, cb.endSeq, dup, cb.gsoSegs, TcpClock.skbUs(skb));
        TcpRate.skbDelivered(tp, skb, st.rate);
        if ((cb.sacked & TcpSkbCb.SACKED_ACKED) != 0) {
            TcpRtxQueue.tsortedDel(tp, skb);
        }
        if (!Seq.before(cb.seq, TcpRtxQueue.highestSackSeq(tp))) {
            TcpRtxQueue.advanceHighestSack(tp, skb);
        }
    }

    /// 1 if a packet lies in the block as a whole, 0 if not, negative if it could not be split. One
    /// that lies in it partly is split at a segment boundary, since receivers report whole segments.
    @Kernel("tcp_match_skb_to_sack")
    @HotPath
    private static int match(TcpSock tp, SkBuff skb, int start, int end) {
        TcpSkbCb cb = skb.cb;
        boolean fromStart = !Seq.after(start, cb.seq);
        if (fromStart && !Seq.before(end, cb.endSeq)) {
            return 1;
        }
        if (cb.gsoSegs <= 1 || !Seq.after(cb.endSeq, start)) {
            return 0;
        }
        int mss = cb.gsoSize;
        int len = (fromStart ? end : start) - cb.seq;
        if (fromStart && len < mss) {
            return -1;
        }
        len = Math.max(len, mss);
        int whole = len / mss * mss;
        if (!fromStart && whole < len) {
            whole += mss;
        }
        if (whole >= skb.len && !fromStart) {
            return 0;
        }
        int err = TcpFragment.fragment(tp, true, skb, whole, mss);
        if (err < 0) {
            return err;
        }
        return fromStart ? 1 : 0;
    }

    /// Tags one range of segments and keeps the books; returns its new `sacked` bits.
    @Kernel("tcp_sacktag_one")
    @HotPath
    static int tagOne(
            TcpSock tp,
            AckedState st,
            int oldSacked,
            int start,
            int end,
            boolean dup,
            int pcount,
            long sentUs) {
        int sacked = oldSacked;
        if (dup && (sacked & TcpSkbCb.RETRANS) != 0) {
            if (tp.undoMarker != 0 && tp.undoRetrans > 0 && Seq.after(end, tp.undoMarker)) {
                tp.undoRetrans = Math.max(0, tp.undoRetrans - pcount);
            }
            if ((sacked & TcpSkbCb.SACKED_ACKED) != 0 && Seq.before(start, st.reord)) {
                st.reord = start;
            }
        }
        // What is acknowledged is about to leave the queue.
        if (!Seq.after(end, tp.sndUna)) {
            return sacked;
        }
        if ((sacked & TcpSkbCb.SACKED_ACKED) == 0) {
            sacked = newlySacked(tp, st, sacked, start, end, pcount, sentUs);
        }
        // The retransmission was received too: it is no more in flight.
        if (dup && (sacked & TcpSkbCb.SACKED_RETRANS) != 0) {
            sacked &= ~TcpSkbCb.SACKED_RETRANS;
            tp.retransOut -= pcount;
        }
        return sacked;
    }

    @HotPath
    private static int newlySacked(
            TcpSock tp, AckedState st, int oldSacked, int start, int end, int pcount, long sentUs) {
        int sacked = oldSacked;
        TcpRack.advance(tp, sacked, end, sentUs);
        if ((sacked & TcpSkbCb.SACKED_RETRANS) != 0) {
            // If it was not lost, the retransmission is believed to be still in flight.
            if ((sacked & TcpSkbCb.LOST) != 0) {
                sacked &= ~(TcpSkbCb.LOST | TcpSkbCb.SACKED_RETRANS);
                tp.lostOut -= pcount;
                tp.retransOut -= pcount;
            }
        } else {
            if ((sacked & TcpSkbCb.RETRANS) == 0) {
                sentOnce(tp, st, start, end, sentUs);
            }
            if ((sacked & TcpSkbCb.LOST) != 0) {
                sacked &= ~TcpSkbCb.LOST;
                tp.lostOut -= pcount;
            }
        }
        st.flag |= TcpAck.FLAG_DATA_SACKED;
        tp.sackedOut += pcount;
        st.sackDelivered += pcount;
        st.deliveredBytes += end - start;
        return sacked | TcpSkbCb.SACKED_ACKED;
    }

    /// A segment that was never sent again was sacked: in a gap that means reordering, and its round
    /// trip is a sample.
    @HotPath
    private static void sentOnce(TcpSock tp, AckedState st, int start, int end, long sentUs) {
        if (Seq.before(start, TcpRtxQueue.highestSackSeq(tp)) && Seq.before(start, st.reord)) {
            st.reord = start;
        }
        if (!Seq.after(end, tp.highSeq)) {
            st.flag |= TcpAck.FLAG_ORIG_SACK_ACKED;
        }
        if (st.firstSackt == 0) {
            st.firstSackt = sentUs;
        }
        st.lastSackt = sentUs;
    }

    /// Remembers the blocks for the next ACK.
    @HotPath
    private static void remember(TcpSock tp, SackBlocks sp) {
        SackBlocks cache = tp.recvSackCache();
        cache.clear();
        for (int i = 0; i < sp.count; i++) {
            cache.add(sp.start[i], sp.end[i]);
        }
    }

    /// Data at `lowSeq` was delivered after higher data: raises the degree of reordering.
    ///
    /// @param byTimestamp noticed by an echoed timestamp
    @Kernel("tcp_check_sack_reordering")
    static void checkReordering(TcpSock tp, int lowSeq, boolean byTimestamp) {
        int highest = TcpRtxQueue.highestSackSeq(tp);
        if (!Seq.before(lowSeq, highest)) {
            return;
        }
        int mss = tp.mssCache;
        int metric = highest - lowSeq;
        if (mss != 0 && metric > (long) tp.reordering * mss) {
            int max = tp.net.sysctl.get(TcpSysctls.MAX_REORDERING);
            tp.reordering = Math.min((metric + mss - 1) / mss, max);
        }
        tp.reordSeen++;
        tp.net.mib.inc(byTimestamp ? TcpExt.TCPTSREORDER : TcpExt.TCPSACKREORDER);
    }
}
