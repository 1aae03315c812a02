package dev.linnet.net.unix;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.TcpState;

/// Sequenced packets: connected as streams are, sent and received as datagrams
/// (`unix_seqpacket_ops`).
@Kernel("unix_seqpacket_ops")
final class UnixSeqpacketOps extends UnixOps {
    @Override
    public int connect(Socket sock, SockAddr addr, boolean nonblock) {
        return UnixConnect.connect(sock, addr, nonblock);
    }

    @Override
    public int accept(Socket sock, Socket newsock, boolean nonblock) {
        return UnixConnect.accept(UnixSock.of(sock), newsock, nonblock);
    }

    @Override
    public int listen(Socket sock, int backlog) {
        return UnixConnect.listen(UnixSock.of(sock), backlog);
    }

    @Override
    public int poll(Socket sock) {
        return UnixPoll.dgram(UnixSock.of(sock));
    }

    /// The connection's error comes first; a destination is ignored.
    @Override
    @Kernel("unix_seqpacket_sendmsg")
    public int sendmsg(Socket sock, MsgHdr msg) {
        UnixSock sk = UnixSock.of(sock);
        int err = sk.sockError();
        if (err != 0) {
            return err;
        }
        if (sk.state != TcpState.TCP_ESTABLISHED) {
            return -Errno.ENOTCONN;
        }
        msg.name = null;
        return UnixDgramSend.sendmsg(sk, msg);
    }

    @Override
    @Kernel("unix_seqpacket_recvmsg")
    public int recvmsg(Socket sock, MsgHdr msg, int flags) {
        UnixSock sk = UnixSock.of(sock);
        return sk.state != TcpState.TCP_ESTABLISHED
                ? -Errno.ENOTCONN
                : UnixDgramRecv.recvmsg(sk, msg, flags);
    }
}
