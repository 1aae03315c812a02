package dev.linnet.net.unix;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.TcpState;

/// Sending into a stream.
final class UnixStreamSend {
    private UnixStreamSend() {}

    /// Bytes sent; `-EOPNOTSUPP` for an urgent message without a byte or a destination, `-EISCONN`,
    /// `-ENOTCONN`, `-EPIPE`, `-EAGAIN`, and what [UnixScm#parse] says.
    @Kernel("unix_stream_sendmsg")
    @HotPath
    static int sendmsg(UnixSock sk, MsgHdr msg) {
        ScmCookie scm = ScmCookie.scratch();
        int err = UnixScm.parse(sk, msg, scm);
        if (err < 0) {
            return err;
        }
        try {
            return send(sk, msg, scm);
        } finally {
            scm.destroy();
        }
    }

    @HotPath
    private static int send(UnixSock sk, MsgHdr msg, ScmCookie scm) {
        boolean urgent = (msg.flags & Msg.MSG_OOB) != 0;
        long length = UnixSkb.length(msg);
        if (urgent && length-- == 0) {
            return -Errno.EOPNOTSUPP;
        }
        if (msg.name != null) {
            return sk.state == TcpState.TCP_ESTABLISHED ? -Errno.EISCONN : -Errno.EOPNOTSUPP;
        }
        UnixSock other = sk.peer;
        if (other == null) {
            return -Errno.ENOTCONN;
        }
        if ((sk.shutdown & Sock.SEND_SHUTDOWN) != 0) {
            return -Errno.EPIPE;
        }
        boolean nonblock = (msg.flags & Msg.MSG_DONTWAIT) != 0;
        int sent = 0;
        while (sent < length) {
            int size =
                    (int)
                            Math.min(
                                    length - sent,
                                    Math.min((sk.sndbuf >> 1) - 64, UnixSkb.STREAM_MAX));
            int err = sendOne(sk, other, msg, scm, size, nonblock);
            if (err < 0) {
                return sent > 0 ? sent : err;
            }
            sent += size;
        }
        if (urgent) {
            int err = UnixOob.send(sk, other, msg, scm, nonblock);
            return err == 0 ? sent + 1 : sent > 0 ? sent : err;
        }
        return sent;
    }

    @HotPath
    private static int sendOne(
            UnixSock sk, UnixSock other, MsgHdr msg, ScmCookie scm, int size, boolean nonblock) {
        int err = UnixSkb.awaitRoom(sk, nonblock);
        if (err < 0) {
            return err;
        }
        int cost = msg.pages != null ? UnixSkb.streamCost(0) + size : UnixSkb.streamCost(size);
        SkBuff skb = UnixSkb.make(sk, msg, size, cost);
        if (skb == null) {
            return -Errno.EFAULT;
        }
        err = UnixScm.attach(sk, other, skb, scm);
        if (err < 0) {
            skb.consume();
            return err;
        }
        return deliver(other, skb, false);
    }

    /// Queues a packet at the other end and wakes it: 0, `-EPIPE` where nobody reads any more, `-EPERM`
    /// where descriptors are refused. Takes ownership.
    @HotPath
    static int deliver(UnixSock other, SkBuff skb, boolean urgent) {
        int err = 0;
        synchronized (other.stateLock) {
            if (other.dead || (other.shutdown & Sock.RCV_SHUTDOWN) != 0) {
                err = -Errno.EPIPE;
            } else if (UnixScm.refused(other, skb)) {
                err = -Errno.EPERM;
            } else {
                other.enqueue(skb, urgent);
            }
        }
        if (err < 0) {
            skb.consume();
            return err;
        }
        other.dataReady();
        return 0;
    }
}
