package dev.linnet.net.unix;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrUn;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// Where the datagrams of a socket go.
final class UnixDgramConnect {
    private UnixDgramConnect() {}

    /// `connect` of a datagram socket; `AF_UNSPEC` dissolves the association. `EPERM` if the other is
    /// connected to a third.
    @Kernel("unix_dgram_connect")
    static int connect(UnixSock sk, SockAddr addr) {
        if (addr.length() < 2) {
            return -Errno.EINVAL;
        }
        if (addr.family() == Af.AF_UNSPEC) {
            setPeer(sk, null);
            return 0;
        }
        SockAddrUn name = UnixBind.validate(addr);
        if (name == null) {
            return -Errno.EINVAL;
        }
        int err = UnixBind.autobindIfPassing(sk);
        int[] result = new int[1];
        while (err == 0) {
            UnixSock other = UnixBind.find(sk, name, result);
            if (other == null) {
                return result[0];
            }
            if (other.dead) {
                continue;
            }
            if (!other.acceptsFrom(sk)) {
                return -Errno.EPERM;
            }
            setPeer(sk, other);
            return 0;
        }
        return err;
    }

    private static void setPeer(UnixSock sk, @Nullable UnixSock other) {
        UnixSock old;
        synchronized (sk.stateLock) {
            old = sk.peer;
            sk.peer = other;
            sk.state = other == null ? TcpState.TCP_CLOSE : TcpState.TCP_ESTABLISHED;
        }
        if (other != null) {
            synchronized (other.stateLock) {
                if (!other.dead) {
                    other.state = TcpState.TCP_ESTABLISHED;
                }
            }
        }
        if (old != null) {
            sk.peerWake.disconnectAndWake(old);
            if (old != other) {
                disconnected(sk, old);
                synchronized (old.stateLock) {
                    if (old.peer == null) {
                        old.state = TcpState.TCP_CLOSE;
                    }
                }
            }
        }
    }

    /// What was received and not read is lost, and if there was something, an old peer that was
    /// connected to this socket hears of it.
    @Kernel("unix_dgram_disconnected")
    static void disconnected(UnixSock sk, UnixSock old) {
        if (sk.receiveQueue.qlen() == 0) {
            return;
        }
        SkBuff skb;
        while ((skb = take(sk)) != null) {
            skb.drop(DropReason.UNIX_DISCONNECT);
        }
        sk.peerWait.wakeUpAll(0);
        if (!old.dead && old.peer == sk) {
            old.err = Errno.ECONNRESET;
            old.errorReport();
        }
    }

    private static @Nullable SkBuff take(UnixSock sk) {
        synchronized (sk.receiveQueue) {
            return sk.receiveQueue.dequeue();
        }
    }
}
