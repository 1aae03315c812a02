package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.SockTimestamping;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.So;
import dev.linnet.uapi.Sol;

/// Control messages of a send over TCP (`sock_cmsg_send`).
final class TcpSendCmsg {
    private TcpSendCmsg() {}

    /// The `SO_TIMESTAMPING` flags that hold for a message: the socket's, or those of its control
    /// messages. `-EINVAL` for control messages that are malformed or that SOL_SOCKET does not know;
    /// other levels are passed over.
    @Kernel({"sock_cmsg_send", "__sock_cmsg_send"})
    static int tsflags(TcpSock tp, MsgHdr msg) {
        int flags = tp.tsflags;
        byte[] control = msg.control;
        if (control == null) {
            return flags;
        }
        int end = msg.controlLen;
        for (int at = end < CmsgHdr.SIZE ? -1 : 0; at >= 0; at = CmsgHdr.next(control, at, end)) {
            if (!CmsgHdr.ok(control, at, end)) {
                return -Errno.EINVAL;
            }
            if (CmsgHdr.level(control, at) != Sol.SOL_SOCKET) {
                continue;
            }
            switch (CmsgHdr.type(control, at)) {
                case So.SO_TIMESTAMPING_OLD, So.SO_TIMESTAMPING_NEW -> {
                    int asked = value(control, at);
                    if (asked < 0 || (asked & ~SockTimestamping.TX_RECORD_MASK) != 0) {
                        return -Errno.EINVAL;
                    }
                    flags = flags & ~SockTimestamping.TX_RECORD_MASK | asked;
                }
                case So.SO_MARK -> {
                    if (CmsgHdr.dataLen(control, at) != 4) {
                        return -Errno.EINVAL;
                    }
                }
                case So.SCM_RIGHTS, So.SCM_CREDENTIALS -> {}
                default -> {
                    return -Errno.EINVAL;
                }
            }
        }
        return flags;
    }

    private static int value(byte[] control, int at) {
        return CmsgHdr.dataLen(control, at) == 4 ? Abi.getInt(control, at + CmsgHdr.SIZE) : -1;
    }
}
