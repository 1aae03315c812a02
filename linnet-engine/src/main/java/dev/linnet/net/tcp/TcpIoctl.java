package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;

/// How much is in a connection's queues (`tcp_ioctl`).
final class TcpIoctl {
    private static final int NOT_OPEN = TcpState.TCP_SYN_SENT.mask() | TcpState.TCP_SYN_RECV.mask();

    private TcpIoctl() {}

    /// The number asked for; `-EINVAL` for a listener, `-ENOIOCTLCMD` for what TCP does not know.
    @Kernel("tcp_ioctl")
    static int ioctl(TcpSock tp, int cmd) {
        if (cmd == Ioctl.SIOCATMARK) {
            return tp.urgData != 0 && tp.urgSeq == tp.copiedSeq ? 1 : 0;
        }
        if (cmd != Ioctl.SIOCINQ && cmd != Ioctl.SIOCOUTQ && cmd != Ioctl.SIOCOUTQNSD) {
            return -Errno.ENOIOCTLCMD;
        }
        if (tp.state == TcpState.TCP_LISTEN) {
            return -Errno.EINVAL;
        }
        if (cmd == Ioctl.SIOCINQ) {
            return inq(tp);
        }
        if (tp.state.in(NOT_OPEN)) {
            return 0;
        }
        return tp.writeSeq - (cmd == Ioctl.SIOCOUTQ ? tp.sndUna : tp.sndNxt);
    }

    /// Bytes that can be read, up to an urgent mark; a FIN does not count.
    @Kernel("tcp_inq")
    static int inq(TcpSock tp) {
        if (tp.state.in(NOT_OPEN)) {
            return 0;
        }
        int copied = tp.copiedSeq;
        int next = tp.rcvNxt;
        boolean mark =
                !tp.urginline
                        && tp.urgData != 0
                        && !Seq.before(tp.urgSeq, copied)
                        && Seq.before(tp.urgSeq, next);
        if (mark) {
            return tp.urgSeq - copied;
        }
        int bytes = next - copied;
        return bytes != 0 && tp.done ? bytes - 1 : bytes;
    }

    /// What `TCP_INQ` reports with a message: never 0 at the end of the stream, so that the user
    /// reads on and sees it.
    @Kernel("tcp_inq_hint")
    static int inqHint(TcpSock tp) {
        int bytes = inq(tp);
        return bytes == 0 && tp.done ? 1 : bytes;
    }
}
