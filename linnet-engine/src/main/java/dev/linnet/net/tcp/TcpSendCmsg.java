package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.SockCmsg;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Sol;

/// Control messages of a send over TCP (`sock_cmsg_send`).
final class TcpSendCmsg {
    private TcpSendCmsg() {}

    /// The `SO_TIMESTAMPING` flags that hold for a message: the socket's, or those of its control
    /// messages. `-EINVAL` for control messages that are malformed or that SOL_SOCKET does not know,
    /// and for memory of a device, which the socket has none of; other levels are passed over.
    @Kernel("sock_cmsg_send")
    static int tsflags(TcpSock tp, MsgHdr msg) {
        byte[] control = msg.control;
        if (control == null) {
            return tp.tsflags;
        }
        IpcmCookie ipc = new IpcmCookie().init(tp);
        int end = msg.controlLen;
        for (int at = end < CmsgHdr.SIZE ? -1 : 0; at >= 0; at = CmsgHdr.next(control, at, end)) {
            if (!CmsgHdr.ok(control, at, end)) {
                return -Errno.EINVAL;
            }
            boolean ours = CmsgHdr.level(control, at) == Sol.SOL_SOCKET;
            int err = ours ? SockCmsg.send(tp, control, at, ipc) : 0;
            if (err != 0) {
                return err;
            }
        }
        return ipc.dmabufId != 0 ? -Errno.EINVAL : ipc.tsflags;
    }
}
