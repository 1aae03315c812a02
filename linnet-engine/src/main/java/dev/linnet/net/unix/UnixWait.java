package dev.linnet.net.unix;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;

/// The sleeps of AF_UNIX.
final class UnixWait {
    /// The wait for a packet ended because nobody will send one any more.
    static final int END = 1;

    private UnixWait() {}

    /// A call without a time limit is restarted after a signal, one with a limit is not.
    @Kernel("sock_intr_errno")
    static int intr(long deadline) {
        return deadline == Long.MAX_VALUE ? -Errno.ERESTARTSYS : -Errno.EINTR;
    }

    /// True when the time of a call is over.
    static boolean expired(Sock sk, long deadline) {
        return deadline != Long.MAX_VALUE && sk.net.clock.nowNs() >= deadline;
    }

    /// Sleeps until a packet has come since the queue's count was `seen`: 0, [#END] for a socket that
    /// is shut down, the sock's error, `-ENOTCONN` for a connection that never was, `-EAGAIN`, or
    /// `-ERESTARTSYS`/`-EINTR`. One arrival wakes one waiter.
    @Kernel("__skb_wait_for_more_packets")
    static int forPacket(UnixSock sk, int seen, long deadline) {
        WaitQueueHead queue = sk.wq();
        if (queue == null) {
            return END;
        }
        ThreadWait wait = ThreadWait.of(sk.net.scheduler, PollEvents.POLLIN | PollEvents.POLLERR);
        try {
            queue.prepareToWaitExclusive(wait);
            int err = sk.sockError();
            if (err != 0) {
                return err;
            }
            if (sk.queued != seen) {
                return 0;
            }
            if ((sk.shutdown & Sock.RCV_SHUTDOWN) != 0) {
                return END;
            }
            if (sk.type != SocketType.SOCK_DGRAM && sk.state == TcpState.TCP_CLOSE) {
                return -Errno.ENOTCONN;
            }
            return result(wait.sleep(deadline), deadline);
        } finally {
            queue.finishWait(wait);
        }
    }

    /// Sleeps until a stream has more, its end, or an error: 0, `-EAGAIN` when the time is over,
    /// `-ERESTARTSYS`/`-EINTR`. All readers are woken.
    @Kernel("unix_stream_data_wait")
    static int forStream(UnixSock sk, int seen, long deadline) {
        WaitQueueHead queue = sk.wq();
        if (queue == null) {
            return 0;
        }
        ThreadWait wait = ThreadWait.of(sk.net.scheduler);
        try {
            queue.prepareToWait(wait);
            boolean news =
                    sk.queued != seen || sk.err != 0 || (sk.shutdown & Sock.RCV_SHUTDOWN) != 0;
            return news ? 0 : result(wait.sleep(deadline), deadline);
        } finally {
            queue.finishWait(wait);
        }
    }

    /// Sleeps while the queue of another socket is full: 0, also when the time is over, or
    /// `-ERESTARTSYS`/`-EINTR`.
    @Kernel("unix_wait_for_peer")
    static int forPeer(UnixSock other, long deadline) {
        ThreadWait wait = ThreadWait.of(other.net.scheduler);
        try {
            other.peerWait.prepareToWaitExclusive(wait);
            boolean full =
                    !other.dead && (other.shutdown & Sock.RCV_SHUTDOWN) == 0 && other.recvqFull();
            if (!full) {
                return 0;
            }
            int err = result(wait.sleep(deadline), deadline);
            return err == -Errno.EAGAIN ? 0 : err;
        } finally {
            other.peerWait.finishWait(wait);
        }
    }

    private static int result(Wake wake, long deadline) {
        return switch (wake) {
            case WOKEN -> 0;
            case TIMED_OUT -> -Errno.EAGAIN;
            case INTERRUPTED -> intr(deadline);
        };
    }
}
