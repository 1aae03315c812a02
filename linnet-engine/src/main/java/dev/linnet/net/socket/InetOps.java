package dev.linnet.net.socket;

import dev.linnet.hook.AddressContext;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.CgroupBpf;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.ProtoOps;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.inet.InetAutobind;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.In6Addr;
import org.jspecify.annotations.Nullable;

/// What stream, datagram and raw sockets of both Internet families have in common
/// (`net/ipv4/af_inet.c`, `net/ipv6/af_inet6.c`).
public abstract class InetOps extends ProtoOps {
    protected InetOps(int family) {
        super(family);
    }

    /// The sock behind a socket in use.
    protected static InetSock sock(Socket sock) {
        Sock sk = sock.sk;
        assert sk != null : "socket was released";
        return (InetSock) sk;
    }

    @Override
    @Kernel({"inet_release", "inet6_release"})
    public void release(Socket sock) {
        Sock sk = sock.sk;
        if (sk == null) {
            return;
        }
        sock.sk = null;
        CgroupBpf.sockRelease(sk);
        long timeout = sk.linger ? sk.lingertime : 0;
        sk.prot.close(sk, timeout);
    }

    @Override
    @Kernel({"inet_bind", "inet6_bind"})
    public int bind(Socket sock, SockAddr addr) {
        return InetBind.bind(sock(sock), addr);
    }

    /// Connects to the address, or to the one that a program puts in its place; sock locked.
    @Kernel("tcp_v4_pre_connect")
    static int connectTo(InetSock sk, SockAddr addr) {
        if (!CgroupBpf.enabled(sk)) {
            return sk.prot.connect(sk, addr);
        }
        AddressContext context = new AddressContext(addr);
        int err = CgroupBpf.connect(sk, context);
        return err != 0 ? err : sk.prot.connect(sk, context.address());
    }

    @Override
    public int socketpair(Socket a, Socket b) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    @Kernel({"inet_getname", "inet6_getname"})
    public @Nullable SockAddr getname(Socket sock, boolean peer, int[] result) {
        InetSock sk = sock(sock);
        SockAddr name = name(sock, sk, peer, result);
        return name == null || !CgroupBpf.enabled(sk) ? name : CgroupBpf.getname(sk, name, peer);
    }

    private static @Nullable SockAddr name(Socket sock, InetSock sk, boolean peer, int[] result) {
        sk.lock.lock();
        try {
            if (!peer) {
                boolean bound = sk.rcvSaddrHi != 0 || sk.rcvSaddrLo != 0;
                return bound
                        ? address(sk, sk.rcvSaddrHi, sk.rcvSaddrLo, sk.sport)
                        : address(sk, sk.saddrHi, sk.saddrLo, sk.sport);
            }
            boolean unconnected =
                    sk.dport == 0
                            || (sk.state == TcpState.TCP_CLOSE
                                    && sock.type == SocketType.SOCK_STREAM)
                            || sk.state == TcpState.TCP_SYN_SENT;
            if (unconnected) {
                result[0] = -Errno.ENOTCONN;
                return null;
            }
            return address(sk, sk.daddrHi, sk.daddrLo, sk.dport);
        } finally {
            sk.lock.unlock();
        }
    }

    @Override
    public @Nullable SockAddr acceptedName(Socket sock, int[] result) {
        InetSock sk = sock(sock);
        sk.lock.lock();
        try {
            if (sk.dport == 0) {
                result[0] = -Errno.ENOTCONN;
                return null;
            }
            return address(sk, sk.daddrHi, sk.daddrLo, sk.dport);
        } finally {
            sk.lock.unlock();
        }
    }

    /// An address in the form of the socket's family.
    static SockAddr address(InetSock sk, long hi, long lo, int port) {
        if (sk.family == Af.AF_INET) {
            return new SockAddrIn(port, (int) lo);
        }
        int scope = In6Addr.isLinkLocal(hi) ? sk.boundDevIf : 0;
        return new SockAddrIn6(port, 0, hi, lo, scope);
    }

    @Override
    public int poll(Socket sock) {
        Sock sk = sock(sock);
        return sk.prot.poll(sk);
    }

    @Override
    @Kernel("inet_splice_eof")
    public void spliceEof(Socket sock) {
        Sock sk = sock(sock);
        sk.prot.spliceEof(sk);
    }

    @Override
    @Kernel({"inet_ioctl", "inet6_ioctl"})
    public int ioctl(Socket sock, int cmd, byte[] arg) {
        return InetIoctl.ioctl(sock(sock), cmd, arg);
    }

    @Override
    public int listen(Socket sock, int backlog) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int accept(Socket sock, Socket newsock, boolean nonblock) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    @Kernel("inet_shutdown")
    public int shutdown(Socket sock, int how) {
        if (how < Shut.SHUT_RD || how > Shut.SHUT_RDWR) {
            return -Errno.EINVAL;
        }
        int mask = how + 1; // SHUT_RD, WR, RDWR become RCV_SHUTDOWN, SEND_SHUTDOWN, both
        InetSock sk = sock(sock);
        sk.lock.lock();
        try {
            return shutdownLocked(sock, sk, mask);
        } finally {
            sk.lock.unlock();
        }
    }

    private static int shutdownLocked(Socket sock, InetSock sk, int mask) {
        if (sock.state == Socket.State.SS_CONNECTING) {
            boolean early =
                    sk.state == TcpState.TCP_SYN_SENT
                            || sk.state == TcpState.TCP_SYN_RECV
                            || sk.state == TcpState.TCP_CLOSE;
            sock.state = early ? Socket.State.SS_DISCONNECTING : Socket.State.SS_CONNECTED;
        }
        int err = 0;
        switch (sk.state) {
            case TCP_CLOSE -> {
                err = -Errno.ENOTCONN;
                sk.shutdown |= mask; // a later reader or writer must still see it
                sk.prot.shutdown(sk, mask);
            }
            case TCP_LISTEN -> {
                if ((mask & Sock.RCV_SHUTDOWN) != 0) {
                    err = sk.prot.disconnect(sk, 0);
                    sock.state =
                            err != 0 ? Socket.State.SS_DISCONNECTING : Socket.State.SS_UNCONNECTED;
                }
            }
            case TCP_SYN_SENT -> {
                err = sk.prot.disconnect(sk, 0);
                sock.state = err != 0 ? Socket.State.SS_DISCONNECTING : Socket.State.SS_UNCONNECTED;
            }
            default -> {
                sk.shutdown |= mask;
                sk.prot.shutdown(sk, mask);
            }
        }
        sk.stateChange();
        return err;
    }

    @Override
    public int setsockopt(Socket sock, int level, int name, byte[] value) {
        Sock sk = sock(sock);
        return sk.prot.setsockopt(sk, level, name, value);
    }

    @Override
    public int getsockopt(Socket sock, int level, int name, byte[] value) {
        Sock sk = sock(sock);
        return sk.prot.getsockopt(sk, level, name, value);
    }

    @Override
    @Kernel({"inet_sendmsg", "inet6_sendmsg"})
    public int sendmsg(Socket sock, MsgHdr msg) {
        InetSock sk = sock(sock);
        int err = InetAutobind.sendPrepare(sk);
        return err != 0 ? err : sk.prot.sendmsg(sk, msg);
    }

    @Override
    @Kernel({"inet_recvmsg", "inet6_recvmsg"})
    public int recvmsg(Socket sock, MsgHdr msg, int flags) {
        Sock sk = sock(sock);
        return sk.prot.recvmsg(sk, msg, flags);
    }
}
