package dev.linnet.net.udp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.Datagram;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.inet.InetDatagramRecv;
import dev.linnet.net.ipv6.Ipv6Error;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.wire.Udp;

/// Receiving UDP datagrams (`udp_recvmsg`, `udpv6_recvmsg`).
final class UdpRecv {
    private UdpRecv() {}

    /// Takes (or with `MSG_PEEK` looks at) the first datagram: bytes copied, or its whole length
    /// with `MSG_TRUNC`.
    @Kernel({"udp_recvmsg", "udpv6_recvmsg"})
    @HotPath
    static int recvmsg(UdpSock sk, MsgHdr msg, int flags) {
        if ((flags & Msg.MSG_ERRQUEUE) != 0) {
            return InetDatagramRecv.errqueue(sk, msg);
        }
        if (Ipv6Error.rxpmtuPending(sk)) {
            return Ipv6Error.recvRxpmtu(sk, msg);
        }
        boolean peek = (flags & Msg.MSG_PEEK) != 0;
        SkBuff skb =
                Datagram.recv(sk, (flags & Msg.MSG_DONTWAIT) != 0, peek, msg, Udp.HEADER_BYTES);
        if (skb == null) {
            return msg.err;
        }
        try {
            int length = skb.len - Udp.HEADER_BYTES;
            int from = peek ? msg.peekFrom : 0;
            long room = msg.iter.count();
            int want = (int) Math.min(length - from, room);
            int copied = SkbOps.copyToIter(skb, Udp.HEADER_BYTES + from, msg.iter, want);
            if (copied < want) {
                return -Errno.EFAULT;
            }
            if (room <= length - from && want < length) {
                msg.flags |= Msg.MSG_TRUNC;
            }
            boolean many = sk.groEnabled && (skb.gsoType & SkBuff.GSO_UDP_L4) != 0;
            int sport = Udp.source(skb.buf, skb.transportHeader);
            InetDatagramRecv.describe(sk, skb, msg, sport, many ? skb.gsoSize : 0);
            int result = (flags & Msg.MSG_TRUNC) != 0 ? length : copied;
            if (sk.peekOff >= 0) {
                sk.peekOff = Math.max(0, peek ? sk.peekOff + result : sk.peekOff - result);
            }
            return result;
        } finally {
            skb.consume();
            UdpMemory.update(sk);
        }
    }
}
