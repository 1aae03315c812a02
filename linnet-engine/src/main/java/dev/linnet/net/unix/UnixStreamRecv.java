package dev.linnet.net.unix;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.ProtoOps.PageSink;
import dev.linnet.net.core.sock.PutCmsg;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.So;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpState;

/// Receiving from a stream.
final class UnixStreamRecv {
    private UnixStreamRecv() {}

    /// See [UnixStreamReader#read]; with `MSG_OOB` the urgent byte.
    @Kernel("unix_stream_recvmsg")
    @HotPath
    static int recvmsg(UnixSock sk, MsgHdr msg, int flags) {
        if ((flags & Msg.MSG_OOB) != 0) {
            return sk.state != TcpState.TCP_ESTABLISHED
                    ? -Errno.EINVAL
                    : UnixOob.recv(sk, msg, flags);
        }
        ScmCookie scm = ScmCookie.scratch();
        msg.name = null;
        long deadline = sk.rcvDeadline((flags & Msg.MSG_DONTWAIT) != 0);
        int n =
                UnixStreamReader.scratch(msg, null, scm, msg.iter.count())
                        .read(sk, flags, deadline);
        if (n < 0) {
            scm.destroy();
            return n;
        }
        UnixScm.recv(sk, msg, scm, flags);
        if (sk.recvmsgInq) {
            PutCmsg.putInt(msg, Sol.SOL_SOCKET, So.SCM_INQ, sk.unread());
        }
        return n;
    }

    /// Moves bytes to a pipe by reference.
    @Kernel("unix_stream_splice_read")
    static int splice(UnixSock sk, PageSink sink, int count, boolean nonblock) {
        ScmCookie scm = ScmCookie.scratch();
        try {
            return UnixStreamReader.scratch(null, sink, scm, count)
                    .read(sk, 0, sk.rcvDeadline(nonblock));
        } finally {
            scm.destroy();
        }
    }

    /// Hands pieces of a packet to a pipe: how many bytes it took.
    static int push(SkBuff skb, int from, int count, PageSink sink) {
        PageFrag piece = new PageFrag();
        int done = 0;
        while (done < count && skb.piece(from + done, count - done, piece)) {
            if (!sink.push(piece.page, piece.offset, piece.length)) {
                piece.page.put();
                break;
            }
            done += piece.length;
        }
        return done;
    }
}
