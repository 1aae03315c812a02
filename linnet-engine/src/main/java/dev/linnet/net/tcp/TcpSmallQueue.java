package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.TcpState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// TCP small queues: a connection keeps only about a millisecond's worth of packets in the queues
/// below it. When they drain, the thread that freed a packet goes on sending for it.
///
/// One object per thread, with the connections to go on with.
@HotPath
final class TcpSmallQueue extends SoftIrq.Vector {
    /// Bits of `tsqFlags`: it wants to hear of freed packets; it stands in a thread's list.
    private static final int THROTTLED = 1;

    private static final int QUEUED = 2;

    /// Where there is something to send in these states.
    private static final int SENDING =
            TcpState.TCP_ESTABLISHED.mask()
                    | TcpState.TCP_FIN_WAIT1.mask()
                    | TcpState.TCP_CLOSING.mask()
                    | TcpState.TCP_CLOSE_WAIT.mask()
                    | TcpState.TCP_LAST_ACK.mask();

    private static final Supplier<TcpSmallQueue> MAKER = TcpSmallQueue::new;
    private static final VarHandle FLAGS;

    static {
        try {
            FLAGS = MethodHandles.lookup().findVarHandle(TcpSock.class, "tsqFlags", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private @Nullable TcpSock first;
    private @Nullable TcpSock last;

    private TcpSmallQueue() {}

    /// True if too much of this connection is in the queues below already; it is told when that has
    /// changed.
    ///
    /// @param factor by how many bits the limit is raised: 1 for retransmissions
    @Kernel("tcp_small_queue_check")
    static boolean check(TcpSock tp, SkBuff skb, int factor) {
        int queued = tp.wmemAlloc();
        if (queued == 0 || queued <= limit(tp, skb) << factor) {
            return false;
        }
        if (emptyOrSingle(tp)) {
            return false; // nothing would come back to go on with
        }
        throttle(tp);
        return tp.wmemAlloc() > limit(tp, skb) << factor;
    }

    private static long limit(TcpSock tp, SkBuff skb) {
        long rate = tp.pacingRate >>> TcpTso.PACING_SHIFT;
        long limit = Math.max(2L * skb.truesize, rate);
        if (tp.pacingStatus == Sock.SK_PACING_NONE) {
            limit = Math.min(limit, tp.net.sysctl.get(TcpSysctls.LIMIT_OUTPUT_BYTES));
        }
        return limit;
    }

    @Kernel("tcp_rtx_queue_empty_or_single_skb")
    private static boolean emptyOrSingle(TcpSock tp) {
        SkBuff head = tp.rtxQueue.first();
        return head == null || SkbRbTree.next(head) == null;
    }

    /// Asks to be told of freed packets; false if that was asked already.
    static boolean throttle(TcpSock tp) {
        return ((int) FLAGS.getAndBitwiseOr(tp, THROTTLED) & THROTTLED) == 0;
    }

    /// A packet of the connection left the queues below; any thread.
    @Kernel("tcp_wfree")
    static void freed(TcpSock tp) {
        int flags;
        do {
            flags = tp.tsqFlags;
            if ((flags & THROTTLED) == 0 || (flags & QUEUED) != 0) {
                return;
            }
        } while (!FLAGS.compareAndSet(tp, flags, (flags & ~THROTTLED) | QUEUED));
        SoftIrq irq = SoftIrq.current();
        irq.tasklet(MAKER).add(tp);
        irq.poke();
    }

    private void add(TcpSock tp) {
        tp.tsqNext = null;
        if (last == null) {
            first = tp;
        } else {
            last.tsqNext = tp;
        }
        last = tp;
    }

    @Override
    protected boolean pending() {
        return first != null;
    }

    @Override
    @Kernel({"tcp_tsq_workfn", "tcp_tsq_handler"})
    protected void run() {
        TcpSock tp;
        while ((tp = first) != null) {
            first = tp.tsqNext;
            if (first == null) {
                last = null;
            }
            tp.tsqNext = null;
            int unused = (int) FLAGS.getAndBitwiseAnd(tp, ~QUEUED);
            tp.lock.defer(TcpTimer.TCP_TSQ_DEFERRED);
        }
    }

    /// Goes on sending, retransmissions first; the sock's lock is owned.
    @Kernel("tcp_tsq_write")
    static void write(TcpSock tp) {
        if (!tp.state.in(SENDING)) {
            return;
        }
        if (tp.lostOut > tp.retransOut && tp.sndCwnd > tp.packetsInFlight()) {
            TcpClock.mstampRefresh(tp);
            TcpRetransmit.xmitRetransmitQueue(tp);
        }
        TcpOutput.writeXmit(tp, TcpMss.currentMss(tp), tp.nonagle, TcpOutput.PUSH_ALL);
    }
}
