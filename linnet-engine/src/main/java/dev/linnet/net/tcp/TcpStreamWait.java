package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.kernel.time.Clock;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpState;

/// Waiting with a connection's lock, which is let go while the thread sleeps (`net/core/stream.c`).
/// Deadlines are in nanoseconds of the clock; one that has passed means "do not wait".
final class TcpStreamWait {
    private static final int CONNECTED =
            TcpState.TCP_ESTABLISHED.mask() | TcpState.TCP_CLOSE_WAIT.mask();
    private static final int CONNECTING =
            TcpState.TCP_SYN_SENT.mask() | TcpState.TCP_SYN_RECV.mask();

    private TcpStreamWait() {}

    /// Sleeps with the lock released.
    @Kernel("sk_wait_event")
    static Wake sleep(TcpSock tp, ThreadWait wait, long deadline) {
        tp.lock.unlock();
        try {
            return wait.sleep(deadline);
        } finally {
            tp.lock.lock();
        }
    }

    /// True if a call with this deadline must not sleep.
    static boolean expired(TcpSock tp, long deadline) {
        return deadline != Long.MAX_VALUE && deadline <= tp.net.clock.nowNs();
    }

    /// What a call that could not wait any longer returns.
    static int errnoOf(Wake wake, long deadline) {
        return wake == Wake.INTERRUPTED
                ? InetConnectionSocks.sockIntrErrno(deadline)
                : -Errno.EAGAIN;
    }

    /// Waits for the end of the handshake before data can be sent: 0, the connection's error,
    /// `-EPIPE` if it is not being opened at all, `-EAGAIN`, or the errno of a signal.
    @Kernel("sk_stream_wait_connect")
    static int waitConnect(TcpSock tp, long deadline) {
        WaitQueueHead wq = tp.wq();
        if (wq == null) {
            return -Errno.EPIPE;
        }
        ThreadWait wait = ThreadWait.of(tp.net.scheduler);
        while (true) {
            if (tp.err != 0) {
                return tp.sockError();
            }
            if (tp.state.in(CONNECTED)) {
                return 0;
            }
            if (!tp.state.in(CONNECTING)) {
                return -Errno.EPIPE;
            }
            if (expired(tp, deadline)) {
                return -Errno.EAGAIN;
            }
            Wake wake = Wake.WOKEN;
            tp.writePending++;
            try {
                wq.prepareToWait(wait);
                wake = sleep(tp, wait, deadline);
            } finally {
                wq.finishWait(wait);
                tp.writePending--;
            }
            if (wake == Wake.INTERRUPTED) {
                return errnoOf(wake, deadline);
            }
        }
    }

    /// Waits for room in the send buffer: 0, `-EPIPE` if the connection failed or is shut down,
    /// `-EAGAIN`, or the errno of a signal. If there is room already, memory as a whole is short or was
    /// a moment ago: that is a short pause of random length.
    @Kernel("sk_stream_wait_memory")
    static int waitMemory(TcpSock tp, long deadline) {
        WaitQueueHead wq = tp.wq();
        if (wq == null) {
            return -Errno.EPIPE;
        }
        ThreadWait wait = ThreadWait.of(tp.net.scheduler);
        Wake wake = Wake.WOKEN;
        long until = TcpPoll.streamMemoryFree(tp, 0) ? pause(tp) : deadline;
        try {
            while (true) {
                wq.prepareToWait(wait);
                if (tp.err != 0 || (tp.shutdown & Sock.SEND_SHUTDOWN) != 0) {
                    return -Errno.EPIPE;
                }
                // Without time to wait it is -EAGAIN even if sending just now has made room.
                if (wake == Wake.INTERRUPTED || expired(tp, deadline)) {
                    setNospace(tp);
                    return errnoOf(wake, deadline);
                }
                if (until == deadline && TcpPoll.streamMemoryFree(tp, 0)) {
                    return 0;
                }
                setNospace(tp);
                tp.writePending++;
                wake = sleep(tp, wait, until);
                tp.writePending--;
                until = deadline;
            }
        } finally {
            wq.finishWait(wait);
        }
    }

    private static long pause(TcpSock tp) {
        int jiffies = tp.net.random.below(Clock.HZ / 5) + 2;
        return tp.net.clock.nowNs() + Clock.jiffiesToUsecs(jiffies) * 1000;
    }

    /// Remembers that a writer found no room, so that it is told when there is.
    static void setNospace(TcpSock tp) {
        Socket socket = tp.socket;
        if (socket != null) {
            socket.nospace = true;
        }
    }

    /// Waits for data (or anything else) to arrive: WOKEN when the receive queue changed.
    @Kernel("sk_wait_data")
    static Wake waitData(TcpSock tp, long deadline) {
        WaitQueueHead wq = tp.wq();
        if (wq == null) {
            return Wake.TIMED_OUT;
        }
        ThreadWait wait = ThreadWait.of(tp.net.scheduler);
        try {
            wq.prepareToWait(wait);
            return sleep(tp, wait, deadline);
        } finally {
            wq.finishWait(wait);
        }
    }
}
