package dev.linnet.net.unix;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.SockAddr;

/// Datagram sockets (`unix_dgram_ops`).
@Kernel("unix_dgram_ops")
final class UnixDgramOps extends UnixOps {
    @Override
    public int connect(Socket sock, SockAddr addr, boolean nonblock) {
        return UnixDgramConnect.connect(UnixSock.of(sock), addr);
    }

    @Override
    public int poll(Socket sock) {
        return UnixPoll.dgram(UnixSock.of(sock));
    }

    @Override
    public int sendmsg(Socket sock, MsgHdr msg) {
        return UnixDgramSend.sendmsg(UnixSock.of(sock), msg);
    }

    @Override
    public int recvmsg(Socket sock, MsgHdr msg, int flags) {
        return UnixDgramRecv.recvmsg(UnixSock.of(sock), msg, flags);
    }
}
