package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.UbufInfo;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import org.jspecify.annotations.Nullable;

/// A send that opens the connection, with as much data in the SYN as it takes (RFC 7413).
final class TcpSendFastOpen {
    private TcpSendFastOpen() {}

    /// Connects with the data of `msg`: 0 when the connection is established, `-EINPROGRESS`,
    /// `-EOPNOTSUPP` when Fast Open is off, `-EALREADY`, or what `connect` gives. Sock locked.
    @Kernel("tcp_sendmsg_fastopen")
    static int send(TcpSock tp, MsgHdr msg, @Nullable UbufInfo uarg) {
        int knob = tp.net.sysctl.get(TcpSysctls.FASTOPEN);
        boolean unspec = msg.name != null && msg.name.family() == Af.AF_UNSPEC;
        if ((knob & TcpFastOpen.CLIENT_ENABLE) == 0 || unspec) {
            return -Errno.EOPNOTSUPP;
        }
        Socket socket = tp.socket;
        if (tp.fastopenReq != null || socket == null) {
            return -Errno.EALREADY;
        }
        TcpFastOpenRequest req = new TcpFastOpenRequest();
        req.cookie.len = 0; // without a cookie in the cache, ask for one
        req.data = msg;
        req.size = (int) msg.iter.count();
        req.uarg = uarg;
        tp.fastopenReq = req;
        if (tp.deferConnect) {
            int err = TcpConnectOut.connect(tp);
            if (err != 0) {
                TcpConnect.undo(tp);
            }
        }
        boolean nonblock = (msg.flags & Msg.MSG_DONTWAIT) != 0;
        return socket.ops.connectLocked(socket, tp, msg.name, nonblock);
    }

    /// Bytes that the SYN took; the request is over then, unless the connection failed already.
    static int copied(TcpSock tp, int result) {
        TcpFastOpenRequest req = tp.fastopenReq;
        if (req == null || result == -Errno.EALREADY) {
            return 0;
        }
        tp.fastopenReq = null;
        tp.deferConnect = false;
        return req.copied;
    }
}
