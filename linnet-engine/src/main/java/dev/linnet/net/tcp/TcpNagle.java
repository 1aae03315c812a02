package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;

/// Small segments: Nagle's rule with Minshall's change, and the cork.
@HotPath
final class TcpNagle {
    /// `TCP_NODELAY`.
    static final int OFF = 1;

    /// `TCP_CORK`, `MSG_MORE`.
    static final int CORK = 2;

    /// Send what there is, once.
    static final int PUSH = 4;

    private TcpNagle() {}

    /// True if a small segment has to wait: when corked, or while an earlier small one is in flight.
    @Kernel("tcp_nagle_check")
    static boolean holds(TcpSock tp, boolean partial, int nonagle) {
        return partial
                && ((nonagle & CORK) != 0
                        || nonagle == 0 && tp.packetsOut != 0 && smallInFlight(tp));
    }

    @Kernel("tcp_minshall_check")
    private static boolean smallInFlight(TcpSock tp) {
        return Seq.after(tp.sndSml, tp.sndUna) && !Seq.after(tp.sndSml, tp.sndNxt);
    }

    /// Remembers a segment that was sent although it is not full.
    @Kernel("tcp_minshall_update")
    static void sent(TcpSock tp, int mssNow, SkBuff skb) {
        if (skb.len < skb.cb.gsoSegs * mssNow) {
            tp.sndSml = skb.cb.endSeq;
        }
    }

    /// True if a packet of one segment may go. Urgent data and a FIN do not wait.
    @Kernel("tcp_nagle_test")
    static boolean allows(TcpSock tp, SkBuff skb, int mssNow, int nonagle) {
        if ((nonagle & PUSH) != 0) {
            return true;
        }
        if (TcpTransmit.urgMode(tp) || (skb.cb.tcpFlags & Tcp.FIN) != 0) {
            return true;
        }
        return !holds(tp, skb.len < mssNow, nonagle);
    }
}
