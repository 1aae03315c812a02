package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.mm.PageSource;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.MsgZerocopy;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// The user's bytes become segments (`tcp_sendmsg`): they are copied once, into pages of the pool,
/// appended to the last segment as long as that is smaller than the size goal, and pushed.
final class TcpSendmsg {
    /// Fragments that a segment may have (`MAX_SKB_FRAGS`).
    private static final int MAX_FRAGS = 17;

    /// New segments after which the backlog is looked at, so that a long call sees its ACKs.
    private static final int BACKLOG_INTERVAL = 16;

    private static final int MAY_SEND =
            TcpState.TCP_ESTABLISHED.mask() | TcpState.TCP_CLOSE_WAIT.mask();

    /// Result of an append: the segment takes no more.
    private static final int FULL = 0;

    private TcpSendmsg() {}

    /// Sends; the number of bytes taken, `-EAGAIN`, `-EPIPE`, `-ENOTCONN`, `-EFAULT`, `-EINVAL`, the
    /// errno of a signal or the connection's own.
    @Kernel("tcp_sendmsg")
    @HotPath
    static int sendmsg(TcpSock tp, MsgHdr msg) {
        tp.lock.lock();
        try {
            return sendmsgLocked(tp, msg);
        } finally {
            tp.lock.unlock();
        }
    }

    @Kernel("tcp_sendmsg_locked")
    @HotPath
    static int sendmsgLocked(TcpSock tp, MsgHdr msg) {
        MsgZerocopy uarg = null;
        if ((msg.flags & Msg.MSG_ZEROCOPY) != 0 && tp.zerocopy && msg.iter.count() > 0) {
            uarg = TcpSendZerocopy.begin(tp, (int) msg.iter.count());
        }
        int inSyn = 0;
        if ((msg.flags & Msg.MSG_FASTOPEN) != 0 || tp.deferConnect) {
            int result = tp.repair ? 0 : TcpSendFastOpen.send(tp, msg, uarg);
            inSyn = TcpSendFastOpen.copied(tp, result);
            if (result == -Errno.EINPROGRESS && inSyn > 0) {
                return done(inSyn, uarg);
            }
            if (result != 0) {
                return failed(tp, result, uarg);
            }
        }
        int taken = take(tp, msg, uarg);
        if (taken >= 0 || inSyn > 0) {
            return done(Math.max(taken, 0) + inSyn, uarg);
        }
        return failed(tp, taken, uarg);
    }

    private static int done(int bytes, @Nullable MsgZerocopy uarg) {
        if (uarg != null) {
            uarg.put();
        }
        return bytes;
    }

    /// The end of a call that took nothing. A writer who was promised to hear of room hears of it.
    @Kernel("sk_stream_error")
    private static int failed(TcpSock tp, int err, @Nullable MsgZerocopy uarg) {
        if (uarg != null) {
            uarg.abort();
        }
        int result = err;
        if (err == -Errno.EPIPE) {
            int pending = tp.sockError();
            result = pending != 0 ? pending : -Errno.EPIPE;
        }
        if (result == -Errno.EAGAIN && TcpWriteQueue.rtxAndWriteQueuesEmpty(tp)) {
            tp.writeSpace();
            TcpChrono.stop(tp, TcpChrono.SNDBUF_LIMITED);
        }
        return result;
    }

    // ---- taking the bytes
    // ------------------------------------------------------------------------

    /// Takes as many bytes as there is room for, waiting unless told not to: the number, or what
    /// stopped it before the first one.
    @HotPath
    private static int take(TcpSock tp, MsgHdr msg, @Nullable MsgZerocopy uarg) {
        long deadline = tp.sndDeadline((msg.flags & Msg.MSG_DONTWAIT) != 0);
        TcpRate.checkAppLimited(tp);
        if (!tp.state.in(MAY_SEND) && tp.fastopenReqsk == null) {
            int err = TcpStreamWait.waitConnect(tp, deadline);
            if (err != 0) {
                return err;
            }
        }
        int tsflags = tp.tsflags;
        if (msg.controlLen > 0) {
            tsflags = TcpSendCmsg.tsflags(tp, msg);
            if (tsflags < 0) {
                return tsflags;
            }
        }
        if (tp.err != 0 || (tp.shutdown & Sock.SEND_SHUTDOWN) != 0) {
            return -Errno.EPIPE;
        }
        int mss = TcpMss.sendMss(tp, msg.flags);
        int copied = fill(tp, msg, deadline, mss, uarg);
        if (copied > 0) {
            if (tsflags != 0) {
                TcpErrqueue.txTimestamp(tp, tsflags);
            }
            TcpOutput.push(tp, msg.flags, mss, tp.nonagle, tp.xmitSizeGoal);
        }
        return copied;
    }

    @HotPath
    private static int fill(
            TcpSock tp, MsgHdr msg, long deadline, int mssAtStart, @Nullable MsgZerocopy uarg) {
        int mss = mssAtStart;
        int copied = 0;
        int fresh = 0;
        boolean full = false;
        while (left(msg) > 0) {
            SkBuff skb = tp.writeQueue.peekTail();
            if (full || skb == null || skb.len >= tp.xmitSizeGoal || skb.cb.eor) {
                if (++fresh >= BACKLOG_INTERVAL) {
                    fresh = 0;
                    tp.lock.flushBacklog();
                }
                int err = roomForSegment(tp, msg, deadline, copied, mss);
                if (err != 0) {
                    return copied > 0 ? copied : err;
                }
                mss = TcpMss.sendMss(tp, msg.flags);
                skb = newSegment(tp);
            }
            int room = tp.xmitSizeGoal - skb.len;
            if (!TcpMemory.maySend(tp, (int) Math.min(room, left(msg)))) {
                removeEmptySkb(tp);
                int err = waitForRoom(tp, msg, deadline, copied, mss);
                if (err != 0) {
                    return copied > 0 ? copied : err;
                }
                continue;
            }
            int n = append(tp, skb, msg, room, uarg);
            full = n == FULL;
            if (full) {
                TcpOutput.markPush(tp, skb);
                continue;
            }
            if (n < 0) {
                removeEmptySkb(tp);
                return copied > 0 ? copied : n;
            }
            account(tp, skb, n, copied == 0);
            copied += n;
            afterAppend(tp, skb, msg, mss);
        }
        return copied;
    }

    @HotPath
    private static long left(MsgHdr msg) {
        PageSource pages = msg.pages;
        return pages != null ? pages.remaining() : msg.iter.count();
    }

    @HotPath
    private static void account(TcpSock tp, SkBuff skb, int n, boolean first) {
        if (first) {
            skb.cb.tcpFlags &= ~Tcp.PSH;
        }
        tp.advanceWriteSeq(n);
        skb.cb.endSeq += n;
        skb.cb.gsoSegs = 0; // counted anew when it is sent
    }

    /// Sends what is complete while the rest is still being copied.
    @HotPath
    private static void afterAppend(TcpSock tp, SkBuff skb, MsgHdr msg, int mss) {
        if (left(msg) == 0) {
            skb.cb.eor |= (msg.flags & Msg.MSG_EOR) != 0;
            return;
        }
        if (skb.len < tp.xmitSizeGoal || (msg.flags & Msg.MSG_OOB) != 0 || tp.repair) {
            return;
        }
        if (TcpOutput.forcedPush(tp)) {
            TcpOutput.markPush(tp, skb);
            TcpOutput.pushPendingFrames(tp, mss, TcpNagle.PUSH);
        } else if (skb == TcpWriteQueue.sendHead(tp)) {
            TcpOutput.pushOne(tp, mss);
        }
    }

    // ---- segments
    // ----------------------------------------------------------------------------------

    /// Waits until the send buffer has room for another segment: 0 or `-errno`.
    @HotPath
    private static int roomForSegment(TcpSock tp, MsgHdr msg, long deadline, int copied, int mss) {
        if (TcpPoll.streamMemoryFree(tp, 0)) {
            return tp.err != 0 || (tp.shutdown & Sock.SEND_SHUTDOWN) != 0 ? -Errno.EPIPE : 0;
        }
        return waitForRoom(tp, msg, deadline, copied, mss);
    }

    /// Sends what was copied so far and waits for room.
    private static int waitForRoom(TcpSock tp, MsgHdr msg, long deadline, int copied, int mss) {
        TcpStreamWait.setNospace(tp);
        if (copied > 0) {
            int flags = msg.flags & ~Msg.MSG_MORE;
            TcpOutput.push(tp, flags, mss, TcpNagle.PUSH, tp.xmitSizeGoal);
        }
        return TcpStreamWait.waitMemory(tp, deadline);
    }

    @Kernel("tcp_stream_alloc_skb")
    @HotPath
    private static SkBuff newSegment(TcpSock tp) {
        SkBuff skb = SkBuff.allocFragmented(tp.net.pool, SoftIrq.current().stripe);
        skb.ipSummed = SkBuff.CHECKSUM_PARTIAL;
        TcpOutput.entail(tp, skb);
        if (tp.repair) {
            skb.cb.sacked |= TcpSkbCb.REPAIRED;
        }
        return skb;
    }

    /// Takes an empty segment off the end of the queue again.
    @Kernel("tcp_remove_empty_skb")
    static void removeEmptySkb(TcpSock tp) {
        SkBuff skb = tp.writeQueue.peekTail();
        if (skb != null && skb.cb.seq == skb.cb.endSeq) {
            TcpWriteQueue.unlinkAndFree(tp, skb);
            if (tp.writeQueue.isEmpty()) {
                TcpChrono.stop(tp, TcpChrono.BUSY);
            }
        }
    }

    // ---- bytes
    // ---------------------------------------------------------------------------------------

    /// Appends up to `room` bytes: how many, [#FULL] if the segment has no place for another
    /// fragment, or `-EFAULT`.
    @HotPath
    private static int append(
            TcpSock tp, SkBuff skb, MsgHdr msg, int room, @Nullable MsgZerocopy uarg) {
        if (msg.pages != null) {
            return appendPages(tp, skb, msg.pages, room);
        }
        if (uarg != null) {
            return TcpSendZerocopy.append(tp, skb, msg.iter, room, MAX_FRAGS, uarg);
        }
        PageFrag frag = frag(tp);
        int want = (int) Math.min(room, msg.iter.count());
        tp.net.pool.reserve(SoftIrq.current().stripe, want, frag);
        if (skb.nrFrags >= MAX_FRAGS && !skb.continues(frag.page, frag.offset)) {
            frag.page.put();
            return FULL;
        }
        int n = msg.iter.copyFromUser(frag.page.data, frag.offset, frag.length);
        if (n < frag.length) {
            msg.iter.revert(n);
            frag.page.put();
            return -Errno.EFAULT;
        }
        skb.addFrag(frag.page, frag.offset, n);
        TcpWriteQueue.wmemQueuedAdd(tp, n);
        return n;
    }

    /// Takes over pages of the page cache by reference (`MSG_SPLICE_PAGES`).
    private static int appendPages(TcpSock tp, SkBuff skb, PageSource pages, int room) {
        if (skb.nrFrags >= MAX_FRAGS) {
            return FULL;
        }
        PageFrag frag = frag(tp);
        if (!pages.next(room, frag)) {
            return -Errno.EIO;
        }
        skb.addFrag(frag.page, frag.offset, frag.length);
        TcpWriteQueue.wmemQueuedAdd(tp, frag.length);
        return frag.length;
    }

    @HotPath
    static PageFrag frag(TcpSock tp) {
        PageFrag frag = tp.sendFrag;
        return frag != null ? frag : makeFrag(tp);
    }

    private static PageFrag makeFrag(TcpSock tp) {
        PageFrag frag = new PageFrag();
        tp.sendFrag = frag;
        return frag;
    }
}
