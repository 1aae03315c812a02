package dev.linnet.net.raw;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.inet.InetCork;
import dev.linnet.net.inet.InetDatagramSend;
import dev.linnet.net.inet.InetDatagramSock;
import dev.linnet.net.ipv4.IpOutput;
import dev.linnet.net.ipv6.Ip6Output;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Msg;
import dev.linnet.wire.Checksum;

/// Sending on raw sockets.
final class RawSend {
    private RawSend() {}

    /// The bytes taken, `-EMSGSIZE`, `-EOPNOTSUPP`, `-EINVAL` for a bad own header.
    @Kernel({"raw_sendmsg", "rawv6_sendmsg"})
    static int sendmsg(InetDatagramSock sk, MsgHdr msg) {
        long count = msg.iter.count();
        if (count > 0xFFFF && sk.family == Af.AF_INET) {
            return -Errno.EMSGSIZE;
        }
        if ((msg.flags & Msg.MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        InetDatagramSend send = InetDatagramSend.scratch();
        int err = send.prepare(sk, msg);
        if (err == 0) {
            err = sk.hdrincl ? withHeader(sk, msg, send) : withoutHeader(sk, msg, send);
        }
        return err < 0 ? err : (int) count;
    }

    @Kernel({"raw_send_hdrinc", "rawv6_send_hdrinc"})
    private static int withHeader(InetDatagramSock sk, MsgHdr msg, InetDatagramSend send) {
        if ((msg.flags & Msg.MSG_PROBE) != 0) {
            return 0;
        }
        SkBuff skb = send.packet(sk, msg);
        DstEntry dst = send.dst;
        if (skb == null || dst == null) {
            return msg.err;
        }
        return send.ipv4()
                ? IpOutput.sendWithOwnHeader(sk, skb, dst)
                : Ip6Output.sendWithOwnHeader(sk, skb, send.fl, dst);
    }

    /// With `MSG_MORE` it waits for what else belongs to it.
    @Kernel({"ip_push_pending_frames", "ip_append_data"})
    private static int withoutHeader(InetDatagramSock sk, MsgHdr msg, InetDatagramSend send) {
        sk.lock.lock();
        try {
            int err = (msg.flags & Msg.MSG_PROBE) != 0 ? 0 : append(sk, msg, send);
            if (err != 0) {
                flush(sk);
                return err;
            }
            InetCork cork = sk.cork;
            if (cork == null || (msg.flags & Msg.MSG_MORE) != 0) {
                return 0;
            }
            sk.cork = null;
            SkBuff skb = cork.finish(send);
            return sendPayload(sk, skb, send);
        } finally {
            sk.lock.unlock();
        }
    }

    private static int append(InetDatagramSock sk, MsgHdr msg, InetDatagramSend send) {
        InetCork cork = sk.cork;
        int bad = cork != null ? 0 : send.tooLong(sk, msg.iter.count());
        if (bad != 0) {
            return bad;
        }
        SkBuff skb = send.rawPacket(sk, msg);
        if (skb == null) {
            return msg.err;
        }
        if (cork != null) {
            return cork.append(skb, 0);
        }
        sk.cork = InetCork.begin(skb, send);
        return 0;
    }

    /// Throws away what waits for more; the sock is locked.
    @Kernel("raw_destroy")
    static void flush(InetDatagramSock sk) {
        InetCork cork = sk.cork;
        if (cork != null) {
            sk.cork = null;
            cork.drop();
        }
    }

    private static int sendPayload(InetDatagramSock sk, SkBuff skb, InetDatagramSend send) {
        skb.transportHeader = skb.data;
        if (!send.ipv4() && sk.checksumOffset >= 0 && !fillChecksum(sk, skb, send)) {
            skb.drop(DropReason.SKB_CSUM);
            return -Errno.EINVAL;
        }
        return send.send(sk, skb, sk.protocol);
    }

    /// ICMPv6's checksum (or the one that `IPV6_CHECKSUM` names) is the kernel's to compute
    /// (`rawv6_push_pending_frames`).
    @Kernel("rawv6_push_pending_frames")
    private static boolean fillChecksum(InetDatagramSock sk, SkBuff skb, InetDatagramSend send) {
        int at = sk.checksumOffset;
        if (at + 2 > skb.len || !skb.mayPull(at + 2)) {
            return false;
        }
        SkbOps.unshareHead(skb, 0);
        skb.buf[skb.data + at] = 0;
        skb.buf[skb.data + at + 1] = 0;
        int pseudo =
                Checksum.pseudoV6(
                        send.fl.saddrHi,
                        send.fl.saddrLo,
                        send.fl.daddrHi,
                        send.fl.daddrLo,
                        skb.len,
                        sk.protocol,
                        0);
        int sum = Checksum.fold(SkbOps.checksum(skb, 0, skb.len, pseudo));
        int written = sum == 0 && sk.protocol == IpProto.IPPROTO_UDP ? Checksum.MANGLED_0 : sum;
        skb.buf[skb.data + at] = (byte) (written >>> 8);
        skb.buf[skb.data + at + 1] = (byte) written;
        return true;
    }
}
