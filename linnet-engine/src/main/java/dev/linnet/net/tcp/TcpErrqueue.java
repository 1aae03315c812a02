package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import dev.linnet.net.core.sock.SkbTstampTx;
import dev.linnet.net.core.sock.SockTimestamping;

/// What a connection puts into its error queue: times of sent data.
final class TcpErrqueue {
    private TcpErrqueue() {}

    // ---- times
    // -----------------------------------------------------------------------------------

    /// Marks the last byte of a send, whose times the user wants; sock locked.
    ///
    /// @param tsflags `SOF_TIMESTAMPING_*`
    @Kernel("tcp_tx_timestamp")
    static void txTimestamp(TcpSock tp, int tsflags) {
        SkBuff skb = tp.writeQueue.peekTail();
        if (skb == null) {
            skb = tp.rtxQueue.last();
        }
        if (skb == null) {
            return;
        }
        skb.txFlags |= SkbTstampTx.txFlags(tsflags);
        if ((tsflags & SockTimestamping.TX_ACK) != 0) {
            skb.cb.txstampAck = true;
        }
        if ((tsflags & SockTimestamping.TX_RECORD_MASK) != 0) {
            skb.tskey = skb.cb.seq + skb.len - 1;
        }
    }

    /// The byte that a segment was marked for is acknowledged; the segment stays in its queue.
    ///
    /// @param hopLimit with which the acknowledgement came
    @Kernel("tcp_ack_tstamp")
    static void ackTstamp(TcpSock tp, SkBuff skb, int hopLimit) {
        tp.ackHopLimit = hopLimit;
        SkbTstampTx.report(skb, tp, SkbTstampTx.SCM_TSTAMP_ACK);
        tp.ackHopLimit = 0;
    }

    /// Ends what nobody will read; sock locked.
    static void purge(TcpSock tp) {
        SkBuffHead queue = tp.errorQueue;
        if (queue != null) {
            synchronized (queue) {
                queue.purge(DropReason.SOCKET_CLOSE);
            }
        }
    }
}
