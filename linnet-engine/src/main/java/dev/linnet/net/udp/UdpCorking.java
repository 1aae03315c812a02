package dev.linnet.net.udp;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.inet.InetCork;
import dev.linnet.net.inet.InetDatagramSend;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.wire.Udp;

/// One datagram out of several writes: `UDP_CORK`, `MSG_MORE`.
final class UdpCorking {
    private UdpCorking() {}

    /// Adds to the datagram; sends it unless more is to come. What cannot be added ends it.
    ///
    /// @param v4 this part is for IPv4
    static int sendmsg(UdpSock sk, MsgHdr msg, boolean v4, boolean more) {
        sk.lock.lock();
        try {
            InetCork cork = sk.cork;
            if (cork != null && v4 && !cork.isIpv4()) {
                return -Errno.EINVAL;
            }
            int count = (int) msg.iter.count();
            int err = (msg.flags & Msg.MSG_PROBE) != 0 ? 0 : append(sk, msg);
            if (err < 0) {
                flush(sk);
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
        InetCork cork = sk.cork;
        if (cork == null) {
            int err = send.prepare(sk, msg);
            if (err != 0) {
                return err;
            }
        }
        if (msg.iter.count() > 0xFFFF) {
            return -Errno.EMSGSIZE;
        }
        SkBuff skb = cork == null ? send.packet(sk, msg) : send.rawPacket(sk, msg);
        if (skb == null) {
            return msg.err;
        }
        if (cork != null) {
            return cork.append(skb, Udp.HEADER_BYTES);
        }
        sk.cork = InetCork.begin(skb, send);
        return 0;
    }

    /// Sends what has been put together (`udp_push_pending_frames`); the sock is locked.
    @Kernel("udp_push_pending_frames")
    static int push(UdpSock sk) {
        InetCork cork = sk.cork;
        if (cork == null) {
            return 0;
        }
        sk.cork = null;
        InetDatagramSend send = InetDatagramSend.scratch();
        SkBuff skb = cork.finish(send);
        return UdpSend.sendSkb(sk, skb, send, send.peer.port);
    }

    /// No more data comes to a file that is being sent (`splice`): what is there goes out, unless the
    /// user has set `UDP_CORK`.
    static void end(UdpSock sk) {
        sk.lock.lock();
        try {
            if (!sk.corked) {
                push(sk);
            }
        } finally {
            sk.lock.unlock();
        }
    }

    /// Throws away what has been put together (`udp_flush_pending_frames`).
    @Kernel("udp_flush_pending_frames")
    static void flush(UdpSock sk) {
        InetCork cork = sk.cork;
        if (cork != null) {
            sk.cork = null;
            cork.drop();
        }
    }
}
