package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Signals;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PutCmsg;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.net.inet.InetDatagramRecv;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// The receive queue becomes the user's bytes (`tcp_recvmsg`): copied once, acknowledged as the
/// window opens.
final class TcpRecvmsg {
    /// Result of a look at an empty queue: look again.
    private static final int AGAIN = 1;

    private static final int ACK_IN_USE =
            InetConnectionSock.ICSK_ACK_PUSHED2 | InetConnectionSock.ICSK_ACK_PUSHED;

    private TcpRecvmsg() {}

    /// Receives: the number of bytes, 0 at the end of the stream, `-EAGAIN`, `-ENOTCONN`, `-EINVAL`
    /// for MSG_OOB without urgent data, `-EFAULT`, the errno of a signal or the connection's own.
    @Kernel("tcp_recvmsg")
    @HotPath
    static int recvmsg(TcpSock tp, MsgHdr msg, int flags) {
        if ((flags & Msg.MSG_ERRQUEUE) != 0) {
            return InetDatagramRecv.errqueue(tp, msg);
        }
        tp.lock.lock();
        try {
            tp.recvTstampNs = 0;
            int result = recvLocked(tp, msg, flags);
            if (result >= 0 && (tp.recvTstampNs != 0 || tp.recvmsgInq)) {
                controlMessages(tp, msg);
            }
            return result;
        } finally {
            tp.lock.unlock();
        }
    }

    private static void controlMessages(TcpSock tp, MsgHdr msg) {
        PutCmsg.timestamps(msg, tp, tp.recvTstampNs);
        if (tp.recvmsgInq) {
            PutCmsg.putInt(msg, Sol.SOL_TCP, TcpOpt.TCP_CM_INQ, TcpIoctl.inqHint(tp));
        }
    }

    @Kernel("tcp_recvmsg_locked")
    @HotPath
    static int recvLocked(TcpSock tp, MsgHdr msg, int flags) {
        if (tp.state == TcpState.TCP_LISTEN) {
            return -Errno.ENOTCONN;
        }
        int len = (int) msg.iter.count();
        if ((flags & Msg.MSG_OOB) != 0) {
            return TcpRecvUrg.recv(tp, msg, len, flags);
        }
        if (tp.repair) {
            return repairRecv(tp, msg, flags);
        }
        long deadline = tp.rcvDeadline((flags & Msg.MSG_DONTWAIT) != 0);
        int copied =
                (flags & Msg.MSG_PEEK) != 0
                        ? peek(tp, msg, len, flags, deadline)
                        : read(tp, msg, len, flags, deadline);
        if (copied >= 0) {
            cleanupRbuf(tp, copied);
        }
        return copied;
    }

    /// Bytes that make a receive return (`sock_rcvlowat`).
    @Kernel("sock_rcvlowat")
    private static int target(TcpSock tp, int len, int flags) {
        int want = (flags & Msg.MSG_WAITALL) != 0 ? len : Math.min(tp.rcvlowat, len);
        return Math.max(1, want);
    }

    // ---- reading -------------------------------------------------------------------------------

    @HotPath
    private static int read(TcpSock tp, MsgHdr msg, int len, int flags, long deadline) {
        int target = target(tp, len, flags);
        int copied = 0;
        while (true) { // once also for no bytes at all
            if (atUrgentMark(tp, tp.copiedSeq) && (copied > 0 || interrupted())) {
                return copied > 0 ? copied : InetConnectionSocks.sockIntrErrno(deadline);
            }
            SkBuff skb = tp.receiveQueue.peek();
            if (skb == null) {
                int verdict = emptyQueue(tp, copied, target, deadline);
                if (verdict != AGAIN) {
                    return copied > 0 ? copied : verdict;
                }
                continue;
            }
            int n = readSegment(tp, skb, msg, len - copied, flags);
            if (n < 0) {
                return copied > 0 ? copied : n;
            }
            copied += n;
            if (tp.finRead || copied >= len) {
                tp.finRead = false;
                return copied;
            }
        }
    }

    /// Copies what the first segment of the queue has, as far as wanted and up to an urgent mark; a
    /// segment that is read to its end leaves the queue.
    @HotPath
    private static int readSegment(TcpSock tp, SkBuff skb, MsgHdr msg, int want, int flags) {
        int offset = offset(skb, tp.copiedSeq);
        int used = Math.min(want, skb.len - offset);
        if (used > 0) {
            if (urgentHole(tp, tp.copiedSeq)) {
                tp.advanceCopiedSeq(1);
                used = 0;
            } else {
                used = upToUrgent(tp, tp.copiedSeq, used);
                if ((flags & Msg.MSG_TRUNC) == 0
                        && SkbOps.copyToIter(skb, offset, msg.iter, used) < used) {
                    return -Errno.EFAULT;
                }
                tp.advanceCopiedSeq(used);
                if (tp.peekOff > 0) {
                    tp.peekOff = Math.max(0, tp.peekOff - used);
                }
                TcpRcvSpace.rcvSpaceAdjust(tp);
            }
            passUrgent(tp);
            if (skb.cb.hasRxtstamp) {
                tp.recvTstampNs = skb.tstampNs;
            }
        }
        if (offset(skb, tp.copiedSeq) >= skb.len) {
            eat(tp, skb);
        }
        return used;
    }

    /// Position of a sequence number in a segment's data; a SYN (Fast Open) takes a number.
    @HotPath
    static int offset(SkBuff skb, int seq) {
        int offset = seq - skb.cb.seq;
        return (skb.cb.tcpFlags & Tcp.SYN) != 0 ? offset - 1 : offset;
    }

    @Kernel("tcp_eat_recv_skb")
    @HotPath
    static void eat(TcpSock tp, SkBuff skb) {
        if ((skb.cb.tcpFlags & Tcp.FIN) != 0) {
            tp.advanceCopiedSeq(1);
            tp.finRead = true;
        }
        tp.receiveQueue.unlink(skb);
        skb.consume();
        TcpMemory.update(tp);
    }

    // ---- urgent data
    // ------------------------------------------------------------------------------

    @HotPath
    static boolean atUrgentMark(TcpSock tp, int seq) {
        return tp.urgData != 0 && tp.urgSeq == seq;
    }

    /// The urgent byte is not part of the stream, unless SO_OOBINLINE makes it.
    @HotPath
    private static boolean urgentHole(TcpSock tp, int seq) {
        return atUrgentMark(tp, seq) && !tp.urginline;
    }

    /// A read stops at the urgent mark.
    @HotPath
    static int upToUrgent(TcpSock tp, int seq, int used) {
        if (tp.urgData == 0) {
            return used;
        }
        int distance = tp.urgSeq - seq;
        return distance > 0 && distance < used ? distance : used;
    }

    @HotPath
    private static void passUrgent(TcpSock tp) {
        if (tp.urgData != 0 && Seq.after(tp.copiedSeq, tp.urgSeq)) {
            tp.urgData = 0;
            TcpFastPath.check(tp);
        }
    }

    // ---- an empty queue
    // ----------------------------------------------------------------------------

    /// Nothing more is there: waits for more and returns [#AGAIN], or says what ends the call.
    @HotPath
    private static int emptyQueue(TcpSock tp, int copied, int target, long deadline) {
        if (copied >= target && !tp.lock.hasBacklog()) {
            return 0;
        }
        if (copied > 0) {
            if (tp.err != 0
                    || tp.state == TcpState.TCP_CLOSE
                    || (tp.shutdown & Sock.RCV_SHUTDOWN) != 0
                    || TcpStreamWait.expired(tp, deadline)
                    || interrupted()) {
                return 0;
            }
        } else {
            int verdict = endOrError(tp, deadline);
            if (verdict != AGAIN) {
                return verdict;
            }
        }
        if (copied >= target) {
            tp.lock.flushBacklog();
        } else {
            cleanupRbuf(tp, copied);
            TcpStreamWait.waitData(tp, deadline);
        }
        return AGAIN;
    }

    @HotPath
    private static int endOrError(TcpSock tp, long deadline) {
        if (tp.done) {
            return 0;
        }
        if (tp.err != 0) {
            return tp.sockError();
        }
        if ((tp.shutdown & Sock.RCV_SHUTDOWN) != 0) {
            return 0;
        }
        if (tp.state == TcpState.TCP_CLOSE) {
            return -Errno.ENOTCONN;
        }
        if (TcpStreamWait.expired(tp, deadline)) {
            return -Errno.EAGAIN;
        }
        return interrupted() ? InetConnectionSocks.sockIntrErrno(deadline) : AGAIN;
    }

    @Kernel("signal_pending")
    private static boolean interrupted() {
        return Signals.current().pending();
    }

    // ---- peeking
    // -------------------------------------------------------------------------------------

    /// Copies without taking: from the read position, or from the peek offset on.
    private static int peek(TcpSock tp, MsgHdr msg, int len, int flags, long deadline) {
        int target = target(tp, len, flags);
        int from = Math.max(0, tp.peekOff);
        int base = tp.copiedSeq;
        int seq = base + from;
        int copied = 0;
        while (true) { // once also for no bytes at all
            if (atUrgentMark(tp, seq) && (copied > 0 || interrupted())) {
                return copied > 0 ? copied : InetConnectionSocks.sockIntrErrno(deadline);
            }
            SkBuff skb = find(tp, seq);
            if (skb == null) {
                int verdict = emptyQueue(tp, copied, target, deadline);
                if (verdict != AGAIN) {
                    return copied > 0 ? copied : verdict;
                }
                if (tp.copiedSeq != base) {
                    base = tp.copiedSeq; // another thread has read meanwhile
                    seq = base + from;
                }
                continue;
            }
            if (len == 0 || offset(skb, seq) >= skb.len) {
                return copied; // at the FIN
            }
            if (urgentHole(tp, seq)) {
                seq++;
                continue;
            }
            int n = peekSegment(tp, skb, msg, seq, len - copied, flags);
            if (n < 0) {
                return copied > 0 ? copied : n;
            }
            seq += n;
            copied += n;
            if (copied >= len) {
                return copied;
            }
        }
    }

    private static int peekSegment(
            TcpSock tp, SkBuff skb, MsgHdr msg, int seq, int want, int flags) {
        int offset = offset(skb, seq);
        int used = upToUrgent(tp, seq, Math.min(want, skb.len - offset));
        if ((flags & Msg.MSG_TRUNC) == 0 && SkbOps.copyToIter(skb, offset, msg.iter, used) < used) {
            return -Errno.EFAULT;
        }
        if (tp.peekOff >= 0) {
            int ahead = tp.peekOff + used;
            tp.peekOff = ahead;
        }
        if (skb.cb.hasRxtstamp) {
            tp.recvTstampNs = skb.tstampNs;
        }
        return used;
    }

    /// The segment with a sequence number, or whose FIN has it; null if it has not come.
    private static @Nullable SkBuff find(TcpSock tp, int seq) {
        for (SkBuff skb = tp.receiveQueue.peek(); skb != null; skb = skb.next) {
            int offset = offset(skb, seq);
            boolean fin = (skb.cb.tcpFlags & Tcp.FIN) != 0;
            if (offset < skb.len || (offset == skb.len && fin)) {
                return skb;
            }
        }
        return null;
    }

    // ---- acknowledging what was read
    // -------------------------------------------------------------------

    /// Sends an ACK if the read calls for one: data waits to be acknowledged and the reader is quick,
    /// or the window can open a good deal.
    ///
    /// @param copied bytes read by this call
    @Kernel({"tcp_cleanup_rbuf", "__tcp_cleanup_rbuf"})
    @HotPath
    static void cleanupRbuf(TcpSock tp, int copied) {
        if (ackDue(tp, copied) || (copied > 0 && windowOpens(tp))) {
            TcpAckOut.sendAck(tp);
        }
    }

    @HotPath
    private static boolean ackDue(TcpSock tp, int copied) {
        if ((tp.ackPending & InetConnectionSock.ICSK_ACK_SCHED) == 0) {
            return false;
        }
        if (tp.rcvNxt - tp.rcvWup > tp.ackRcvMss) {
            return true;
        }
        if (copied <= 0 || (tp.ackPending & ACK_IN_USE) == 0 || tp.rmemAlloc() != 0) {
            return false;
        }
        return (tp.ackPending & InetConnectionSock.ICSK_ACK_PUSHED2) != 0
                || !TcpAckOut.inPingpongMode(tp);
    }

    @HotPath
    private static boolean windowOpens(TcpSock tp) {
        if ((tp.shutdown & Sock.RCV_SHUTDOWN) != 0) {
            return false;
        }
        int now = tp.receiveWindow();
        if (2 * now > tp.windowClamp) {
            return false;
        }
        int next = TcpWindowSelect.rawSelectWindow(tp);
        return next != 0 && next >= 2 * now;
    }

    // ---- TCP_REPAIR
    // ----------------------------------------------------------------------------------------

    private static int repairRecv(TcpSock tp, MsgHdr msg, int flags) {
        if ((flags & Msg.MSG_PEEK) == 0) {
            return -Errno.EPERM;
        }
        return switch (tp.repairQueue) {
            case TcpOpt.TCP_SEND_QUEUE -> TcpRecvUrg.peekSendQueue(tp, msg);
            case TcpOpt.TCP_RECV_QUEUE -> peek(tp, msg, (int) msg.iter.count(), flags, 0);
            default -> -Errno.EINVAL;
        };
    }
}
