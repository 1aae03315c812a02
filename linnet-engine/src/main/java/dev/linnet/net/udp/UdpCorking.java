package dev.linnet.net.udp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.inet.InetDatagramSend;
import dev.linnet.uapi.Errno;

/// One datagram out of several writes: `UDP_CORK`, `MSG_MORE`.
final class UdpCorking {
    private static final int MAX_FRAGS = 64;

    private UdpCorking() {}

    /// Adds to the datagram; sends it unless more is to come (`ip_append_data`).
    @Kernel("ip_append_data")
    static int sendmsg(UdpSock sk, MsgHdr msg, boolean more) {
        sk.lock.lock();
        try {
            int count = (int) msg.iter.count();
            int err = append(sk, msg);
            if (err < 0) {
                return err;
            }
            if (!more) {
                err = push(sk);
            }
            return err < 0 ? err : count;
        } finally {
            sk.lock.unlock();
        }
    }

    private static int append(UdpSock sk, MsgHdr msg) {
        InetDatagramSend send = InetDatagramSend.scratch();
        UdpCork cork = sk.cork;
        if (cork == null) {
            int err = send.prepare(sk, msg);
            if (err != 0) {
                return err;
            }
        }
        SkBuff skb = send.packet(sk, msg);
        if (skb == null) {
            return msg.err;
        }
        DstEntry dst = send.dst;
        if (cork == null && dst != null) {
            sk.cork = new UdpCork(skb, copy(send.fl), send.ipc.gsoSize, dst, send.peer.port);
            return 0;
        }
        if (cork == null
                || cork.skb().len + skb.len > 65507
                || !SkbOps.coalesce(cork.skb(), skb, MAX_FRAGS)) {
            skb.drop(DropReason.PKT_TOO_BIG);
            return -Errno.EMSGSIZE;
        }
        skb.consume();
        return 0;
    }

    private static Flow copy(Flow fl) {
        Flow own = new Flow();
        own.copyFrom(fl);
        return own;
    }

    /// Sends what has been put together (`udp_push_pending_frames`); the sock is locked.
    @Kernel("udp_push_pending_frames")
    static int push(UdpSock sk) {
        UdpCork cork = sk.cork;
        if (cork == null) {
            return 0;
        }
        sk.cork = null;
        InetDatagramSend send = InetDatagramSend.scratch();
        send.fl.copyFrom(cork.fl());
        send.ipc.init(sk);
        send.ipc.gsoSize = cork.gsoSize();
        send.dst = cork.dst();
        return UdpSend.sendSkb(sk, cork.skb(), send, cork.dport());
    }

    /// Throws away what has been put together (`udp_flush_pending_frames`).
    @Kernel("udp_flush_pending_frames")
    static void flush(UdpSock sk) {
        UdpCork cork = sk.cork;
        if (cork != null) {
            sk.cork = null;
            cork.skb().drop(DropReason.SOCKET_CLOSE);
        }
    }
}
