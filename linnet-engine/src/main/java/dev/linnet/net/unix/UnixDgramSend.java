package dev.linnet.net.unix;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddrUn;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// Sending a datagram or a sequenced packet.
final class UnixDgramSend {
    /// Results of [#deliver] beside 0 and `-errno`: the receiver has ended, or its queue is full.
    private static final int GONE = 1;

    private static final int FULL = 2;

    private UnixDgramSend() {}

    /// Bytes sent; `-EOPNOTSUPP` for an urgent message, `-EINVAL` for a bad destination, `-EMSGSIZE`,
    /// `-EPIPE`, `-EAGAIN`, `-ENOTCONN`, `-EPERM` if the other is connected elsewhere,
    /// `-ECONNREFUSED`, and what [UnixScm#parse] and [UnixBind#find] say.
    @Kernel("unix_dgram_sendmsg")
    @HotPath
    static int sendmsg(UnixSock sk, MsgHdr msg) {
        ScmCookie scm = ScmCookie.scratch();
        int err = UnixScm.parse(sk, msg, scm);
        if (err < 0) {
            return err;
        }
        try {
            return prepare(sk, msg, scm);
        } finally {
            scm.destroy();
        }
    }

    @HotPath
    private static int prepare(UnixSock sk, MsgHdr msg, ScmCookie scm) {
        if ((msg.flags & Msg.MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        SockAddrUn name = null;
        if (msg.name != null) {
            name = UnixBind.validate(msg.name);
            if (name == null) {
                return -Errno.EINVAL;
            }
        }
        int err = UnixBind.autobindIfPassing(sk);
        long length = UnixSkb.length(msg);
        if (err == 0 && length > sk.sndbuf - 32) {
            err = -Errno.EMSGSIZE;
        }
        boolean nonblock = (msg.flags & Msg.MSG_DONTWAIT) != 0;
        if (err == 0) {
            err = UnixSkb.awaitRoom(sk, nonblock);
        }
        if (err < 0) {
            return err;
        }
        SkBuff skb = UnixSkb.make(sk, msg, (int) length, UnixSkb.dgramCost((int) length));
        if (skb == null) {
            return -Errno.EFAULT;
        }
        err = route(sk, name, skb, scm, sk.sndDeadline(nonblock));
        if (err < 0) {
            skb.consume();
            return err;
        }
        return (int) length;
    }

    /// Finds the receiver, anew after each wait, and gives it the packet: 0, or `-errno` and the packet
    /// is still the caller's.
    @HotPath
    private static int route(
            UnixSock sk, @Nullable SockAddrUn name, SkBuff skb, ScmCookie scm, long deadline) {
        UnixSock other = name == null ? sk.peer : UnixBind.find(sk, name, scm.result);
        if (other == null) {
            return name == null ? -Errno.ENOTCONN : scm.result[0];
        }
        int err = UnixScm.attach(sk, other, skb, scm);
        while (err == 0) {
            err = deliver(sk, other, skb);
            if (err <= 0) {
                return err;
            }
            err = err == FULL ? full(sk, other, deadline) : gone(sk, other);
            if (err == 0 && other.dead) {
                other = name == null ? null : UnixBind.find(sk, name, scm.result);
                if (other == null) {
                    return name == null ? -Errno.ECONNRESET : scm.result[0];
                }
            }
        }
        return err;
    }

    /// Queues the packet: 0, `-errno`, [#GONE] or [#FULL].
    @HotPath
    private static int deliver(UnixSock sk, UnixSock other, SkBuff skb) {
        synchronized (other.stateLock) {
            if (!other.acceptsFrom(sk)) {
                return -Errno.EPERM;
            }
            boolean dead = other.dead;
            if (!dead && (other.shutdown & Sock.RCV_SHUTDOWN) != 0) {
                return -Errno.EPIPE;
            }
            if (!dead && UnixScm.refused(other, skb)) {
                return -Errno.EPERM;
            }
            if (dead || other != sk && other.peer != sk && other.recvqFull()) {
                return dead ? GONE : FULL;
            }
            if (other.rcvtstamp) {
                skb.tstampNs = other.net.clock.realNs();
            }
            other.enqueue(skb, false);
        }
        other.dataReady();
        return 0;
    }

    /// A full queue: waits for room and returns 0 to try again, or `-EAGAIN`, and poll tells of the room
    /// that comes.
    private static int full(UnixSock sk, UnixSock other, long deadline) {
        if (!UnixWait.expired(sk, deadline)) {
            return UnixWait.forPeer(other, deadline);
        }
        boolean full = sk.peer != other || sk.peerWake.wakeMe(other);
        return full ? -Errno.EAGAIN : 0;
    }

    /// The receiver has ended: 0 to look for another. A datagram socket that was connected to it is so
    /// no more.
    private static int gone(UnixSock sk, UnixSock other) {
        if (sk.type == SocketType.SOCK_SEQPACKET) {
            return -Errno.EPIPE;
        }
        synchronized (sk.stateLock) {
            if (sk.peer != other) {
                return 0;
            }
            sk.peer = null;
            sk.state = TcpState.TCP_CLOSE;
        }
        sk.peerWake.disconnectAndWake(other);
        UnixDgramConnect.disconnected(sk, other);
        return -Errno.ECONNREFUSED;
    }
}
