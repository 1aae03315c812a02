package dev.linnet.net.unix;

import dev.linnet.fs.CurrentTask;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrUn;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// Connections of streams and sequenced packets. The connecting side makes the other end itself and
/// leaves it in the listener's queue, so a connection is complete before `accept`.
final class UnixConnect {
    /// What a packet that stands for a connection costs.
    private static final int COST = UnixSkb.dgramCost(1);

    private UnixConnect() {}

    /// `listen`: `EINVAL` without a name, or for a socket that is connected.
    @Kernel("unix_listen")
    static int listen(UnixSock sk, int backlog) {
        if (sk.addr == null) {
            return -Errno.EINVAL;
        }
        boolean more;
        synchronized (sk.stateLock) {
            if (sk.state != TcpState.TCP_CLOSE && sk.state != TcpState.TCP_LISTEN) {
                return -Errno.EINVAL;
            }
            more = Integer.compareUnsigned(backlog, sk.maxAckBacklog) > 0;
            sk.maxAckBacklog = backlog;
            sk.state = TcpState.TCP_LISTEN;
            sk.peerCred = CurrentTask.currentUcred();
            sk.peerTask = CurrentTask.get();
        }
        if (more) {
            sk.peerWait.wakeUpAll(0);
        }
        return 0;
    }

    /// `connect`: 0; `EINVAL` for a bad address or a listener, what [UnixBind#find] says,
    /// `ECONNREFUSED` where nobody listens, `EAGAIN` while the queue is full and the socket does not
    /// wait, `EISCONN`.
    @Kernel("unix_stream_connect")
    static int connect(Socket sock, SockAddr addr, boolean nonblock) {
        UnixSock sk = UnixSock.of(sock);
        SockAddrUn name = UnixBind.validate(addr);
        if (name == null) {
            return -Errno.EINVAL;
        }
        int err = UnixBind.autobindIfPassing(sk);
        if (err < 0) {
            return err;
        }
        UnixSock child = (UnixSock) sk.prot.newSock(sk.net, sk.family, sk.type, sk.protocol);
        SkBuff skb = SkBuff.allocFragmented(sk.net.pool, SoftIrq.current().stripe);
        skb.truesize = COST;
        child.setOwnerW(skb);
        err = connectTo(sock, sk, name, child, skb, sk.sndDeadline(nonblock));
        if (err < 0) {
            skb.consume();
            UnixRelease.release(child, false);
        }
        return err;
    }

    private static int connectTo(
            Socket sock, UnixSock sk, SockAddrUn name, UnixSock child, SkBuff skb, long deadline) {
        int[] result = new int[1];
        while (true) {
            UnixSock other = UnixBind.find(sk, name, result);
            if (other == null) {
                return result[0];
            }
            if (other.dead) {
                continue;
            }
            if (other.state != TcpState.TCP_LISTEN || (other.shutdown & Sock.RCV_SHUTDOWN) != 0) {
                return -Errno.ECONNREFUSED;
            }
            if (other.recvqFull()) {
                if (UnixWait.expired(sk, deadline)) {
                    return -Errno.EAGAIN;
                }
                int err = UnixWait.forPeer(other, deadline);
                if (err < 0) {
                    return err;
                }
                continue;
            }
            int err = enter(sock, sk, other, child, skb);
            if (err <= 0) {
                return err;
            }
        }
    }

    /// Ties the ends together and queues the connection: 0, `-errno`, or 1 to look again.
    private static int enter(Socket sock, UnixSock sk, UnixSock other, UnixSock child, SkBuff skb) {
        if (other == sk) {
            return -Errno.EINVAL;
        }
        boolean inOrder = other.order < sk.order;
        synchronized (inOrder ? other.stateLock : sk.stateLock) {
            synchronized (inOrder ? sk.stateLock : other.stateLock) {
                if (other.dead
                        || other.state != TcpState.TCP_LISTEN
                        || (other.shutdown & Sock.RCV_SHUTDOWN) != 0
                        || other.recvqFull()) {
                    return 1;
                }
                if (sk.state != TcpState.TCP_CLOSE) {
                    return sk.state == TcpState.TCP_ESTABLISHED ? -Errno.EISCONN : -Errno.EINVAL;
                }
                inherit(child, sk, other);
                sk.peerCred = other.peerCred;
                sk.peerTask = other.peerTask;
                sk.peer = child;
                sk.state = TcpState.TCP_ESTABLISHED;
                sock.state = Socket.State.SS_CONNECTED;
                other.enqueue(skb, false);
            }
        }
        other.dataReady();
        return 0;
    }

    private static void inherit(UnixSock child, UnixSock sk, UnixSock other) {
        child.peer = sk;
        child.state = TcpState.TCP_ESTABLISHED;
        child.peerCred = CurrentTask.currentUcred();
        child.peerTask = CurrentTask.get();
        child.scmRecvFlags = other.scmRecvFlags;
        child.path = other.path;
        child.addr = other.addr;
    }

    /// `accept`: `EINVAL` unless it listens, `EAGAIN`, `EINTR`.
    @Kernel("unix_accept")
    static int accept(UnixSock sk, Socket newsock, boolean nonblock) {
        if (sk.state != TcpState.TCP_LISTEN) {
            return -Errno.EINVAL;
        }
        long deadline = sk.rcvDeadline(nonblock);
        while (true) {
            int seen = sk.queued;
            int err = sk.sockError();
            if (err != 0) {
                return err;
            }
            SkBuff skb = take(sk);
            if (skb != null) {
                graft(sk, newsock, skb);
                return 0;
            }
            err =
                    UnixWait.expired(sk, deadline)
                            ? -Errno.EAGAIN
                            : UnixWait.forPacket(sk, seen, deadline);
            if (err != 0) {
                return err == UnixWait.END ? -Errno.EINVAL : err;
            }
        }
    }

    private static @Nullable SkBuff take(UnixSock sk) {
        synchronized (sk.receiveQueue) {
            return sk.receiveQueue.dequeue();
        }
    }

    private static void graft(UnixSock sk, Socket newsock, SkBuff skb) {
        UnixSock child = (UnixSock) skb.sk;
        assert child != null;
        skb.consume();
        sk.peerWait.wakeUp(0);
        synchronized (child.stateLock) {
            newsock.state = Socket.State.SS_CONNECTED;
            newsock.graft(child);
        }
    }
}
