package dev.linnet.net.unix;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.SockAddr;

/// Stream sockets (`unix_stream_ops`).
@Kernel("unix_stream_ops")
final class UnixStreamOps extends UnixOps {
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
        return UnixPoll.stream(UnixSock.of(sock));
    }

    @Override
    public int sendmsg(Socket sock, MsgHdr msg) {
        return UnixStreamSend.sendmsg(UnixSock.of(sock), msg);
    }

    @Override
    public int recvmsg(Socket sock, MsgHdr msg, int flags) {
        return UnixStreamRecv.recvmsg(UnixSock.of(sock), msg, flags);
    }

    @Override
    public boolean movesPages() {
        return true;
    }

    @Override
    public boolean heedsSpliceNonblock() {
        return true;
    }

    @Override
    public int spliceRead(Socket sock, PageSink sink, int count, boolean nonblock) {
        return UnixStreamRecv.splice(UnixSock.of(sock), sink, count, nonblock);
    }
}
