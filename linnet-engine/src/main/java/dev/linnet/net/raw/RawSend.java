package dev.linnet.net.raw;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.inet.InetDatagramSend;
import dev.linnet.net.inet.InetDatagramSock;
import dev.linnet.net.ipv4.IpOutput;
import dev.linnet.net.ipv6.Ip6Output;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Msg;
import dev.linnet.wire.Checksum;

/// Sending on raw sockets.
final class RawSend {
    private RawSend() {}

    /// The bytes taken, `-EMSGSIZE`, `-EOPNOTSUPP`, `-EINVAL` for a bad own header.
    static int sendmsg(InetDatagramSock sk, MsgHdr msg) {
        long count = msg.iter.count();
        if (count > 0xFFFF) {
            return -Errno.EMSGSIZE;
        }
        if ((msg.flags & Msg.MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        InetDatagramSend send = InetDatagramSend.scratch();
        int err = send.prepare(sk, msg);
        if (err != 0) {
            return err;
        }
        SkBuff skb = send.packet(sk, msg);
        if (skb == null) {
            return msg.err;
        }
        DstEntry dst = send.dst;
        if (sk.hdrincl && dst != null) {
            err =
                    send.ipv4()
                            ? IpOutput.sendWithOwnHeader(sk, skb, dst)
                            : Ip6Output.sendWithOwnHeader(sk, skb, send.fl, dst);
        } else {
            err = sendPayload(sk, skb, send);
        }
        return err < 0 ? err : (int) count;
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
