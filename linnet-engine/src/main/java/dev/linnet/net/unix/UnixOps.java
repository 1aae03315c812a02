package dev.linnet.net.unix;

import dev.linnet.fs.CurrentTask;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.ProtoOps;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrUn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// What the three types of sockets have in common.
abstract class UnixOps extends ProtoOps {
    UnixOps() {
        super(Af.AF_UNIX);
    }

    @Override
    @Kernel("unix_release")
    public void release(Socket sock) {
        Sock sk = sock.sk;
        if (sk != null) {
            sock.sk = null;
            UnixRelease.release((UnixSock) sk, false);
        }
    }

    @Override
    public int bind(Socket sock, SockAddr addr) {
        return UnixBind.bind(UnixSock.of(sock), addr);
    }

    @Override
    @Kernel("unix_socketpair")
    public int socketpair(Socket a, Socket b) {
        UnixSock ska = UnixSock.of(a);
        UnixSock skb = UnixSock.of(b);
        ska.peerCred = CurrentTask.currentUcred();
        skb.peerCred = ska.peerCred;
        ska.peerTask = CurrentTask.get();
        skb.peerTask = ska.peerTask;
        ska.peer = skb;
        skb.peer = ska;
        ska.state = TcpState.TCP_ESTABLISHED;
        skb.state = TcpState.TCP_ESTABLISHED;
        a.state = Socket.State.SS_CONNECTED;
        b.state = Socket.State.SS_CONNECTED;
        return 0;
    }

    @Override
    @Kernel("unix_getname")
    public @Nullable SockAddr getname(Socket sock, boolean peer, int[] result) {
        UnixSock sk = UnixSock.of(sock);
        UnixSock whose = peer ? sk.peer : sk;
        if (whose == null) {
            result[0] = -Errno.ENOTCONN;
            return null;
        }
        SockAddrUn name = whose.addr;
        return name == null ? SockAddrUn.UNNAMED : name;
    }

    @Override
    public int ioctl(Socket sock, int cmd, byte[] arg) {
        return UnixIoctl.ioctl(UnixSock.of(sock), cmd, arg);
    }

    @Override
    public int accept(Socket sock, Socket newsock, boolean nonblock) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int listen(Socket sock, int backlog) {
        return -Errno.EOPNOTSUPP;
    }

    /// Also of a socket that is not connected; of a connection the other end sees it, too.
    @Override
    @Kernel("unix_shutdown")
    public int shutdown(Socket sock, int how) {
        if (how < Shut.SHUT_RD || how > Shut.SHUT_RDWR) {
            return -Errno.EINVAL;
        }
        int mask = how + 1; // SHUT_RD, WR, RDWR become RCV_SHUTDOWN, SEND_SHUTDOWN, both
        UnixSock sk = UnixSock.of(sock);
        UnixSock other;
        synchronized (sk.stateLock) {
            sk.shutdown |= mask;
            other = sk.peer;
        }
        sk.stateChange();
        if (other != null && sk.type != SocketType.SOCK_DGRAM) {
            synchronized (other.stateLock) {
                other.shutdown |= mirror(mask);
            }
            other.stateChange();
        }
        return 0;
    }

    private static int mirror(int mask) {
        return (mask & Sock.RCV_SHUTDOWN) << 1 | (mask & Sock.SEND_SHUTDOWN) >> 1;
    }

    @Override
    public int setsockopt(Socket sock, int level, int name, byte[] value) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int getsockopt(Socket sock, int level, int name, byte[] value) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    @Kernel("unix_show_fdinfo")
    public void showFdinfo(Socket sock, StringBuilder out) {
        out.append("scm_fds: ").append(UnixGc.waitingFds(UnixSock.of(sock))).append('\n');
    }
}
