package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.sched.Signals;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.ProtoOps.PageSink;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Tcp;

/// Received data goes on by reference, without being copied: to a pipe, or to whoever borrows pages
/// (`tcp_splice_read`, `tcp_read_sock`).
final class TcpSplice {
    private static final int AGAIN = 1;

    private TcpSplice() {}

    /// Moves up to `count` bytes: how many, 0 at the end of the stream, or `-errno`.
    @Kernel("tcp_splice_read")
    static int spliceRead(TcpSock tp, PageSink sink, int count, boolean nonblock) {
        tp.lock.lock();
        try {
            long deadline = tp.rcvDeadline(nonblock);
            int spliced = 0;
            while (spliced < count) {
                int n = readSock(tp, sink, count - spliced);
                if (n < 0) {
                    return spliced > 0 ? spliced : n;
                }
                spliced += n;
                if (spliced > 0) {
                    break;
                }
                int verdict = waitForMore(tp, deadline);
                if (verdict != AGAIN) {
                    return verdict;
                }
            }
            return spliced;
        } finally {
            tp.lock.unlock();
        }
    }

    private static int waitForMore(TcpSock tp, long deadline) {
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
        if (!tp.receiveQueue.isEmpty()) {
            return 0; // an urgent byte is in the way
        }
        if (Signals.current().pending()) {
            return InetConnectionSocks.sockIntrErrno(deadline);
        }
        TcpStreamWait.waitData(tp, deadline);
        return AGAIN;
    }

    /// Hands what is in the receive queue to a sink until that is full: the number of bytes, or
    /// `-ENOTCONN`. Sock locked.
    @Kernel("tcp_read_sock")
    static int readSock(TcpSock tp, PageSink sink, int max) {
        if (tp.state == TcpState.TCP_LISTEN) {
            return -Errno.ENOTCONN;
        }
        PageFrag frag = new PageFrag();
        int copied = 0;
        SkBuff skb;
        while (copied < max && (skb = tp.receiveQueue.peek()) != null) {
            int offset = TcpRecvmsg.offset(skb, tp.copiedSeq);
            if (offset >= skb.len) {
                boolean fin = (skb.cb.tcpFlags & Tcp.FIN) != 0;
                TcpRecvmsg.eat(tp, skb);
                tp.finRead = false;
                if (fin) {
                    break;
                }
                continue;
            }
            int n = TcpRecvmsg.upToUrgent(tp, tp.copiedSeq, max - copied);
            if (TcpRecvmsg.atUrgentMark(tp, tp.copiedSeq) || !skb.piece(offset, n, frag)) {
                break;
            }
            if (!sink.push(frag.page, frag.offset, frag.length)) {
                frag.page.put();
                break;
            }
            tp.advanceCopiedSeq(frag.length);
            copied += frag.length;
        }
        TcpRcvSpace.rcvSpaceAdjust(tp);
        if (copied > 0) {
            TcpRecvmsg.cleanupRbuf(tp, copied);
        }
        return copied;
    }
}
