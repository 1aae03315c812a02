package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.mib.TcpMib;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.Tcp;

/// How connections end: `close`, `shutdown`, and the end itself (RFC 9293 section 3.10.4).
final class TcpClose {
    private static final int SENDING =
            TcpState.TCP_ESTABLISHED.mask()
                    | TcpState.TCP_SYN_SENT.mask()
                    | TcpState.TCP_CLOSE_WAIT.mask();

    private static final int CLOSING =
            TcpState.TCP_FIN_WAIT1.mask()
                    | TcpState.TCP_CLOSING.mask()
                    | TcpState.TCP_LAST_ACK.mask();

    private TcpClose() {}

    // ---- shutdown ------------------------------------------------------------------------------

    /// The user will send no more: a FIN follows the data; sock locked.
    @Kernel("tcp_shutdown")
    static void shutdown(TcpSock tp, int how) {
        boolean sending = (how & Sock.SEND_SHUTDOWN) != 0;
        if (sending && tp.state.in(SENDING) && closeState(tp)) {
            TcpAckOut.sendFin(tp);
        }
    }

    /// Moves to the state that closing leads to; true if a FIN must be sent.
    @Kernel("tcp_close_state")
    private static boolean closeState(TcpSock tp) {
        TcpState old = tp.state;
        switch (old) {
            case TCP_ESTABLISHED, TCP_SYN_RECV -> TcpStates.set(tp, TcpState.TCP_FIN_WAIT1);
            case TCP_CLOSE_WAIT -> TcpStates.set(tp, TcpState.TCP_LAST_ACK);
            case TCP_SYN_SENT, TCP_LISTEN -> TcpStates.set(tp, TcpState.TCP_CLOSE);
            default -> {}
        }
        return old == TcpState.TCP_ESTABLISHED
                || old == TcpState.TCP_SYN_RECV
                || old == TcpState.TCP_CLOSE_WAIT;
    }

    // ---- close ---------------------------------------------------------------------------------

    /// The user is done with the socket. With SO_LINGER this waits until the data is acknowledged or
    /// the time is over; what is left goes on as an orphan.
    @Kernel({"tcp_close", "__tcp_close"})
    static void close(TcpSock tp, long timeoutJiffies) {
        tp.lock.lock();
        try {
            tp.shutdown = Sock.SHUTDOWN_MASK;
            if (tp.state == TcpState.TCP_LISTEN) {
                TcpStates.set(tp, TcpState.TCP_CLOSE);
                InetConnectionSocks.listenStop(tp);
            } else {
                beginClose(tp);
                waitClose(tp, timeoutJiffies);
            }
            becomeOrphan(tp);
        } finally {
            tp.lock.unlock();
        }
    }

    /// Data that nobody will read makes the end a reset, so that the peer knows (RFC 2525 section
    /// 2.17).
    private static void beginClose(TcpSock tp) {
        boolean unread = flushReceiveQueue(tp);
        if (tp.state == TcpState.TCP_CLOSE) {
            return;
        }
        if (tp.repair) {
            TcpDisconnect.disconnect(tp);
        } else if (unread) {
            tp.net.mib.inc(TcpExt.TCPABORTONCLOSE);
            TcpStates.set(tp, TcpState.TCP_CLOSE);
            TcpAckOut.sendActiveReset(tp);
        } else if (tp.linger && tp.lingertime == 0) {
            TcpDisconnect.disconnect(tp);
            tp.net.mib.inc(TcpExt.TCPABORTONDATA);
        } else if (closeState(tp)) {
            TcpAckOut.sendFin(tp);
        }
    }

    private static boolean flushReceiveQueue(TcpSock tp) {
        boolean unread = false;
        SkBuff skb;
        while ((skb = tp.receiveQueue.dequeue()) != null) {
            boolean fin = (skb.cb.tcpFlags & Tcp.FIN) != 0;
            unread |= Seq.after(skb.cb.endSeq - (fin ? 1 : 0), tp.copiedSeq);
            skb.consume();
        }
        TcpMemory.update(tp);
        return unread;
    }

    /// Lingers until the FIN is acknowledged (`sk_stream_wait_close`).
    @Kernel("sk_stream_wait_close")
    private static void waitClose(TcpSock tp, long timeoutJiffies) {
        WaitQueueHead wq = tp.wq();
        if (timeoutJiffies == 0 || wq == null || !tp.state.in(CLOSING)) {
            return;
        }
        long deadline =
                timeoutJiffies == Long.MAX_VALUE
                        ? Long.MAX_VALUE
                        : tp.net.clock.nowNs() + timeoutJiffies * Clock.NSEC_PER_JIFFY;
        ThreadWait wait = ThreadWait.of(tp.net.scheduler);
        try {
            Wake wake = Wake.WOKEN;
            while (wake == Wake.WOKEN) {
                wq.prepareToWait(wait);
                if (!tp.state.in(CLOSING)) {
                    break;
                }
                wake = TcpStreamWait.sleep(tp, wait, deadline);
            }
        } finally {
            wq.finishWait(wait);
        }
    }

    /// Nobody will ask for this sock any more; what the protocol still owes the peer goes on.
    private static void becomeOrphan(TcpSock tp) {
        TcpState state = tp.state;
        tp.dead = true;
        tp.socket = null;
        tp.lock.flushBacklog();
        TcpNet.OF.of(tp.net).orphanCount.incrementAndGet();
        if (state != TcpState.TCP_CLOSE && tp.state == TcpState.TCP_CLOSE) {
            return; // a packet of the backlog has ended and destroyed it
        }
        if (tp.state == TcpState.TCP_FIN_WAIT2 && leaveFinWait2(tp)) {
            return;
        }
        if (tp.state != TcpState.TCP_CLOSE && checkOom(tp, 0)) {
            abortOrphan(tp, TcpExt.TCPABORTONMEMORY);
        }
        if (tp.state == TcpState.TCP_CLOSE) {
            RequestSock req = tp.fastopenReqsk;
            if (req != null) {
                TcpFastOpen.reqskRemove(tp, req, false);
            }
            InetConnectionSocks.destroySock(tp);
        }
    }

    /// An orphan waits for the peer's FIN as something smaller, or not at all; true if the sock has
    /// been replaced.
    private static boolean leaveFinWait2(TcpSock tp) {
        if (tp.linger2 < 0) {
            abortOrphan(tp, TcpExt.TCPABORTONLINGER);
            return false;
        }
        int timeout = TcpTimewait.finTime(tp);
        if (timeout > TcpTimewait.LEN) {
            TcpTimer.resetKeepaliveTimer(tp, timeout - TcpTimewait.LEN);
            return false;
        }
        TcpTimewait.timeWait(tp, TcpState.TCP_FIN_WAIT2, timeout);
        return true;
    }

    private static void abortOrphan(TcpSock tp, TcpExt why) {
        TcpStates.set(tp, TcpState.TCP_CLOSE);
        TcpAckOut.sendActiveReset(tp);
        tp.net.mib.inc(why);
    }

    // ---- orphans
    // ---------------------------------------------------------------------------------

    /// True if there are more than `tcp_max_orphans`, counting `shift` doublings more.
    @Kernel("tcp_too_many_orphans")
    static boolean tooManyOrphans(TcpSock tp, int shift) {
        int orphans = TcpNet.OF.of(tp.net).orphanCount.get();
        return orphans << shift > tp.net.sysctl.get(TcpSysctls.MAX_ORPHANS);
    }

    /// True if an orphan must go for want of memory.
    @Kernel("tcp_check_oom")
    static boolean checkOom(TcpSock tp, int shift) {
        return tooManyOrphans(tp, shift) || TcpMemory.outOfMemory(tp);
    }

    // ---- the end
    // ---------------------------------------------------------------------------------

    /// The connection is over: state CLOSE, no timers; the user is told, or an orphan destroyed.
    @Kernel("tcp_done")
    static void done(TcpSock tp) {
        RequestSock req = tp.fastopenReqsk;
        if (tp.state == TcpState.TCP_SYN_SENT || tp.state == TcpState.TCP_SYN_RECV) {
            tp.net.mib.inc(TcpMib.ATTEMPTFAILS);
        }
        TcpStates.set(tp, TcpState.TCP_CLOSE);
        TcpTimer.clearXmitTimers(tp);
        if (req != null) {
            TcpFastOpen.reqskRemove(tp, req, false);
        }
        tp.shutdown = Sock.SHUTDOWN_MASK;
        if (tp.dead) {
            InetConnectionSocks.destroySock(tp);
        } else {
            tp.stateChange();
        }
    }

    /// The connection is over because of `err` (positive), which the user's next call reports.
    @Kernel("tcp_done_with_error")
    static void doneWithError(TcpSock tp, int err) {
        tp.err = err;
        TcpWriteQueue.purge(tp);
        done(tp);
        if (!tp.dead) {
            tp.errorReport();
        }
    }

    /// Ends a connection on behalf of an administrator (`ss -K`): the peer gets a reset, the user
    /// `err`. Sock locked.
    @Kernel("tcp_abort")
    static void abort(TcpSock tp, int err) {
        if (tp.state == TcpState.TCP_CLOSE) {
            return;
        }
        if (tp.state == TcpState.TCP_LISTEN) {
            TcpStates.set(tp, TcpState.TCP_CLOSE);
            InetConnectionSocks.listenStop(tp);
        }
        if (!tp.dead) {
            if (TcpDisconnect.needReset(tp.state)) {
                TcpAckOut.sendActiveReset(tp);
            }
            doneWithError(tp, err);
        }
    }
}
