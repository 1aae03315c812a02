package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import dev.linnet.net.core.sock.SkBuffErrors;
import dev.linnet.net.core.sock.SkbTstampTx;
import dev.linnet.net.core.sock.SockExterr;
import dev.linnet.net.core.sock.SockTimestamping;
import dev.linnet.uapi.SockExtendedErr;
import org.jspecify.annotations.Nullable;

/// What a connection puts into its error queue: times of sent data and completions of zero-copy
/// sends.
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
    @Kernel("tcp_ack_tstamp")
    static void ackTstamp(TcpSock tp, SkBuff skb) {
        SkbTstampTx.report(skb, tp, SkbTstampTx.SCM_TSTAMP_ACK);
    }

    // ---- zero copy
    // ---------------------------------------------------------------------------------

    /// The sends numbered `low` to `high` are done with their buffers. A range that follows on the
    /// last one in the queue, and went the same way, lengthens it. Any context.
    @Kernel("__msg_zerocopy_callback")
    static void zerocopyDone(TcpSock tp, int low, int high, boolean copied) {
        if (tp.dead) {
            return;
        }
        int code = copied ? SockExtendedErr.SO_EE_CODE_ZEROCOPY_COPIED : 0;
        if (extendsLast(tp.errorQueue, low, high, code)) {
            tp.errorReport();
            return;
        }
        SkBuff skb = SkBuff.allocFragmented(tp.net.pool, SoftIrq.current().stripe);
        skb.exterr = SockExterr.of(completion(low, high, code));
        SkBuffErrors.queue(tp, skb);
    }

    private static SockExtendedErr completion(int low, int high, int code) {
        return new SockExtendedErr(0, SockExtendedErr.SO_EE_ORIGIN_ZEROCOPY, 0, code, low, high);
    }

    @Kernel("skb_zerocopy_notify_extend")
    private static boolean extendsLast(@Nullable SkBuffHead queue, int low, int high, int code) {
        if (queue == null) {
            return false;
        }
        synchronized (queue) {
            SkBuff last = queue.peekTail();
            if (last == null) {
                return false;
            }
            SockExterr e = last.exterr;
            if (e == null
                    || e.ee().origin() != SockExtendedErr.SO_EE_ORIGIN_ZEROCOPY
                    || e.ee().code() != code
                    || e.ee().data() + 1 != low) {
                return false;
            }
            last.exterr = SockExterr.of(completion(e.ee().info(), high, code));
            return true;
        }
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
