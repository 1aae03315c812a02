package dev.linnet.net.socket;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.core.sock.Socket.State;
import dev.linnet.net.tcp.TcpFastOpenRequest;
import dev.linnet.net.tcp.TcpListen;
import dev.linnet.net.tcp.TcpSock;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// Stream sockets of the Internet families (`inet_stream_ops`, `inet6_stream_ops`).
public final class InetStreamOps extends InetOps {
    /// @param family `AF_INET` or `AF_INET6`
    public InetStreamOps(int family) {
        super(family);
    }

    @Override
    @Kernel({"inet_listen", "__inet_listen_sk"})
    public int listen(Socket sock, int backlog) {
        InetSock sk = sock(sock);
        sk.lock.lock();
        try {
            boolean fits =
                    sock.state == State.SS_UNCONNECTED && sock.type == SocketType.SOCK_STREAM;
            if (!fits || (sk.state != TcpState.TCP_CLOSE && sk.state != TcpState.TCP_LISTEN)) {
                return -Errno.EINVAL;
            }
            sk.maxAckBacklog = backlog;
            return sk.state == TcpState.TCP_LISTEN ? 0 : TcpListen.start((TcpSock) sk);
        } finally {
            sk.lock.unlock();
        }
    }

    @Override
    @Kernel({"inet_accept", "__inet_accept"})
    public int accept(Socket sock, Socket newsock, boolean nonblock) {
        int[] result = new int[1];
        Sock sk = sock(sock);
        Sock child = sk.prot.accept(sk, nonblock, result);
        if (child == null) {
            return result[0];
        }
        child.lock.lock();
        try {
            newsock.graft(child);
            newsock.state = State.SS_CONNECTED;
        } finally {
            child.lock.unlock();
        }
        return 0;
    }

    @Override
    public boolean movesPages() {
        return true;
    }

    @Override
    public boolean canMap() {
        return true;
    }

    @Override
    public int spliceRead(Socket sock, PageSink sink, int count, boolean nonblock) {
        Sock sk = sock(sock);
        return sk.prot.spliceRead(sk, sink, count, nonblock);
    }

    @Override
    @Kernel({"inet_stream_connect", "__inet_stream_connect"})
    public int connect(Socket sock, SockAddr addr, boolean nonblock) {
        InetSock sk = sock(sock);
        sk.lock.lock();
        try {
            return connectLocked(sock, sk, addr, nonblock, false);
        } finally {
            sk.lock.unlock();
        }
    }

    @Override
    public int connectLocked(Socket sock, Sock sk, @Nullable SockAddr addr, boolean nonblock) {
        return connectLocked(sock, (InetSock) sk, addr, nonblock, true);
    }

    /// Connects with the sock locked; it is unlocked while this waits.
    ///
    /// @param addr may be null in a send after `connect`
    /// @param send a send opens the connection, with its data in the SYN
    /// @return 0, `EINPROGRESS`, `EALREADY`, `EISCONN`, the connection's error, or `EINTR`
    private static int connectLocked(
            Socket sock, InetSock sk, @Nullable SockAddr addr, boolean nonblock, boolean send) {
        if (addr != null && addr.length() < Short.BYTES) {
            return -Errno.EINVAL;
        }
        if (addr != null && addr.family() == Af.AF_UNSPEC) {
            int err = sk.prot.disconnect(sk, 0);
            sock.state = err != 0 ? State.SS_DISCONNECTING : State.SS_UNCONNECTED;
            return err;
        }
        boolean fresh = false;
        switch (sock.state) {
            case SS_CONNECTED -> {
                return -Errno.EISCONN;
            }
            case SS_CONNECTING -> {
                if (((TcpSock) sk).deferConnect) {
                    if (!send) {
                        return -Errno.EISCONN;
                    }
                    fresh = true;
                }
            }
            case SS_UNCONNECTED -> {
                if (sk.state != TcpState.TCP_CLOSE) {
                    return -Errno.EISCONN;
                }
                int err = addr == null ? -Errno.EINVAL : connectTo(sk, addr);
                if (err < 0) {
                    return err;
                }
                sock.state = State.SS_CONNECTING;
                if (((TcpSock) sk).deferConnect) {
                    return 0; // Fast Open: the first write sends the SYN
                }
                fresh = true;
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return await(sock, sk, nonblock, fresh);
    }

    private static int await(Socket sock, InetSock sk, boolean nonblock, boolean fresh) {
        if (handshaking(sk)) {
            long deadline = sk.sndDeadline(nonblock);
            if (nonblock || sk.sndtimeo == 0) {
                return fresh ? -Errno.EINPROGRESS : -Errno.EALREADY;
            }
            int err = waitWithBias((TcpSock) sk, deadline);
            if (err != 0) {
                return err;
            }
            if (handshaking(sk)) {
                return fresh ? -Errno.EINPROGRESS : -Errno.EALREADY;
            }
        }
        if (sk.state == TcpState.TCP_CLOSE) {
            int err = sk.sockError();
            sock.state = State.SS_UNCONNECTED;
            if (sk.prot.disconnect(sk, 0) != 0) {
                sock.state = State.SS_DISCONNECTING;
            }
            return err != 0 ? err : -Errno.ECONNABORTED;
        }
        sock.state = State.SS_CONNECTED;
        return 0;
    }

    /// While a send waits whose data is not all in the SYN, the first ACK of the handshake may wait for
    /// that data.
    private static int waitWithBias(TcpSock tp, long deadline) {
        TcpFastOpenRequest req = tp.fastopenReq;
        int bias = req != null && req.data != null ? 1 : 0;
        tp.writePending += bias;
        try {
            return waitForConnect(tp, deadline);
        } finally {
            tp.writePending -= bias;
        }
    }

    private static boolean handshaking(Sock sk) {
        return sk.state == TcpState.TCP_SYN_SENT || sk.state == TcpState.TCP_SYN_RECV;
    }

    /// Sleeps until the handshake ends: 0 also at the deadline, `-EINTR` (`inet_wait_for_connect`).
    @Kernel("inet_wait_for_connect")
    private static int waitForConnect(InetSock sk, long deadline) {
        WaitQueueHead queue = sk.wq();
        if (queue == null) {
            return 0;
        }
        ThreadWait wait = ThreadWait.of(sk.net.scheduler);
        try {
            while (true) {
                queue.prepareToWait(wait);
                if (!handshaking(sk)) {
                    return 0;
                }
                sk.lock.unlock();
                Wake wake = wait.sleep(deadline);
                sk.lock.lock();
                if (wake == Wake.INTERRUPTED) {
                    return handshaking(sk) ? -Errno.EINTR : 0;
                }
                if (wake == Wake.TIMED_OUT) {
                    return 0;
                }
            }
        } finally {
            queue.finishWait(wait);
        }
    }
}
