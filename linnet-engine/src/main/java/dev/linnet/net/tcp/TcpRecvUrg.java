package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.TcpState;

/// Receives that do not read the stream: the urgent byte, and the send queue of a connection under
/// repair. Sock locked.
final class TcpRecvUrg {
    private TcpRecvUrg() {}

    /// The urgent byte (`MSG_OOB`): 1, 0 at the end of the stream, `-EINVAL` if there is none or it
    /// is in the stream (SO_OOBINLINE), `-EAGAIN` if it is announced only. Never waits.
    @Kernel("tcp_recv_urg")
    static int recv(TcpSock tp, MsgHdr msg, int len, int flags) {
        int urg = tp.urgData;
        if (tp.urginline || urg == 0 || urg == TcpPoll.URG_READ) {
            return -Errno.EINVAL;
        }
        if (tp.state == TcpState.TCP_CLOSE && !tp.done) {
            return -Errno.ENOTCONN;
        }
        if ((urg & TcpPoll.URG_VALID) != 0) {
            return take(tp, msg, len, flags, urg);
        }
        if (tp.state == TcpState.TCP_CLOSE || (tp.shutdown & Sock.RCV_SHUTDOWN) != 0) {
            return 0;
        }
        return -Errno.EAGAIN;
    }

    private static int take(TcpSock tp, MsgHdr msg, int len, int flags, int urg) {
        if ((flags & Msg.MSG_PEEK) == 0) {
            tp.urgData = TcpPoll.URG_READ;
        }
        msg.flags |= Msg.MSG_OOB;
        if (len == 0) {
            msg.flags |= Msg.MSG_TRUNC;
            return 0;
        }
        if ((flags & Msg.MSG_TRUNC) == 0) {
            byte[] one = {(byte) urg};
            if (msg.iter.copyToUser(one, 0, 1) == 0) {
                return -Errno.EFAULT;
            }
        }
        return 1;
    }

    /// What is sent and not acknowledged, then what is not sent (`TCP_REPAIR`).
    @Kernel("tcp_peek_sndq")
    static int peekSendQueue(TcpSock tp, MsgHdr msg) {
        int copied = 0;
        for (SkBuff skb = tp.rtxQueue.first(); skb != null; skb = SkbRbTree.next(skb)) {
            int n = SkbOps.copyToIter(skb, 0, msg.iter, (int) Math.min(skb.len, left(msg)));
            copied += n;
        }
        for (SkBuff skb = tp.writeQueue.peek(); skb != null; skb = skb.next) {
            int n = SkbOps.copyToIter(skb, 0, msg.iter, (int) Math.min(skb.len, left(msg)));
            copied += n;
        }
        return copied;
    }

    private static long left(MsgHdr msg) {
        return msg.iter.count();
    }
}
