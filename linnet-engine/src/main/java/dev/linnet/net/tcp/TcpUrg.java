package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;

/// Urgent data: one byte out of band (RFC 6093; the pointer points behind it as in BSD).
final class TcpUrg {
    /// `urgData`: the byte in the low bits is valid; it is announced but has not come; it was read.
    static final int VALID = 0x0100;

    static final int NOTYET = 0x0200;
    static final int READ = 0x0400;

    private TcpUrg() {}

    /// Looks for urgent data in a segment that was accepted, with its header at `data`.
    @Kernel("tcp_urg")
    @HotPath
    static void urg(TcpSock tp, SkBuff skb) {
        if ((Tcp.flags(skb.buf, skb.transportHeader) & Tcp.URG) != 0) {
            checkUrg(tp, skb);
        }
        if (tp.urgData == NOTYET) {
            takeByte(tp, skb);
        }
    }

    private static void takeByte(TcpSock tp, SkBuff skb) {
        byte[] b = skb.buf;
        int th = skb.transportHeader;
        int at = tp.urgSeq - Tcp.seq(b, th) + Tcp.headerBytes(b, th);
        if ((Tcp.flags(b, th) & Tcp.SYN) != 0) {
            at--;
        }
        if (at < 0 || at >= skb.len) {
            return;
        }
        byte[] one = new byte[1];
        SkbOps.copyBits(skb, at, one, 0, 1);
        tp.urgData = VALID | one[0] & 0xFF;
        if (!tp.dead) {
            tp.dataReady();
        }
    }

    /// A segment announces urgent data.
    @Kernel("tcp_check_urg")
    private static void checkUrg(TcpSock tp, SkBuff skb) {
        byte[] b = skb.buf;
        int th = skb.transportHeader;
        int ptr = Tcp.urgPtr(b, th);
        if (ptr != 0 && !tp.net.sysctl.get(TcpSysctls.STDURG)) {
            ptr--;
        }
        ptr += Tcp.seq(b, th);
        boolean known = tp.urgData != 0 && !Seq.after(ptr, tp.urgSeq);
        if (Seq.after(tp.copiedSeq, ptr) || Seq.before(ptr, tp.rcvNxt) || known) {
            return;
        }
        skipReadByte(tp);
        tp.urgData = NOTYET;
        tp.urgSeq = ptr;
        tp.predFlags = 0;
    }

    /// The reader stands at the former urgent byte, which he read out of band: it must not be read
    /// again as normal data.
    private static void skipReadByte(TcpSock tp) {
        if (tp.urgSeq != tp.copiedSeq
                || tp.urgData == 0
                || tp.urginline
                || tp.copiedSeq == tp.rcvNxt) {
            return;
        }
        tp.copiedSeq = tp.copiedSeq + 1;
        SkBuff first = tp.receiveQueue.peek();
        if (first != null && !Seq.before(tp.copiedSeq, first.cb.endSeq)) {
            tp.receiveQueue.unlink(first);
            first.consume();
        }
    }
}
