package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.sock.SkBuffErrors;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.TcpState;

/// When a TCP socket can be read or written, and who is told (`tcp_poll`). Nothing here needs the
/// sock's lock: the fields that it reads are volatile, and those who change them wake afterwards.
final class TcpPoll {
    /// `urg_data`: a byte is there, it is yet to come, it was read.
    static final int URG_VALID = 0x0100;

    static final int URG_NOTYET = 0x0200;
    static final int URG_READ = 0x0400;

    private static final int IN = PollEvents.POLLIN | PollEvents.POLLRDNORM;
    private static final int OUT = PollEvents.POLLOUT | PollEvents.POLLWRNORM;

    private TcpPoll() {}

    /// The events that hold now, a set of `POLL*`.
    @Kernel("tcp_poll")
    static int poll(TcpSock tp) {
        TcpState state = tp.state;
        if (state == TcpState.TCP_LISTEN) {
            return InetConnectionSocks.queue(tp).empty() ? 0 : IN;
        }
        int shutdown = tp.shutdown;
        int mask = 0;
        if (shutdown == Sock.SHUTDOWN_MASK || state == TcpState.TCP_CLOSE) {
            mask |= PollEvents.POLLHUP;
        }
        if ((shutdown & Sock.RCV_SHUTDOWN) != 0) {
            mask |= IN | PollEvents.POLLRDHUP;
        }
        if (state != TcpState.TCP_SYN_SENT
                && (state != TcpState.TCP_SYN_RECV || tp.fastopenReqsk != null)) {
            mask |= connected(tp, shutdown);
        } else if (state == TcpState.TCP_SYN_SENT && tp.deferConnect) {
            mask |= OUT; // the first write sends the SYN
        }
        if (tp.err != 0 || SkBuffErrors.pending(tp)) {
            mask |= PollEvents.POLLERR;
        }
        return mask;
    }

    private static int connected(TcpSock tp, int shutdown) {
        int mask = 0;
        int target = Math.max(1, tp.rcvlowat);
        int urg = tp.urgData;
        if (urg != 0 && tp.urgSeq == tp.copiedSeq && !tp.urginline) {
            target++; // the urgent byte at the read position cannot be read
        }
        if (epollin(tp, target)) {
            mask |= IN;
        }
        if ((shutdown & Sock.SEND_SHUTDOWN) != 0 || writeableOrAsk(tp)) {
            mask |= OUT;
        }
        if ((urg & URG_VALID) != 0) {
            mask |= PollEvents.POLLPRI;
        }
        return mask;
    }

    /// Looks twice, because room may appear between the first look and the note that it is wanted.
    private static boolean writeableOrAsk(TcpSock tp) {
        if (streamIsWriteable(tp, 1)) {
            return true;
        }
        TcpStreamWait.setNospace(tp);
        return streamIsWriteable(tp, 1);
    }

    /// True if a reader who wants `target` bytes finds enough, or finds what there will be while the
    /// window is closed.
    @Kernel({"tcp_epollin_ready", "tcp_stream_is_readable"})
    @HotPath
    static boolean epollin(TcpSock tp, int target) {
        int avail = tp.rcvNxt - tp.copiedSeq;
        if (avail <= 0) {
            return false;
        }
        return avail >= target || memoryShort(tp) || tp.receiveWindow() <= tp.ackRcvMss;
    }

    /// Seven eighths of the receive buffer are full: the reader must not wait for more.
    @Kernel("tcp_rmem_pressure")
    @HotPath
    private static boolean memoryShort(TcpSock tp) {
        return tp.rmemAlloc() > tp.rcvbuf - (tp.rcvbuf >> 3);
    }

    /// True if there is room in the send buffer and little enough that is not sent
    /// (`TCP_NOTSENT_LOWAT`).
    ///
    /// @param wake 1 to ask for twice the room, so that a woken writer has something to do
    @Kernel({"__sk_stream_memory_free", "tcp_stream_memory_free"})
    @HotPath
    static boolean streamMemoryFree(TcpSock tp, int wake) {
        if (tp.wmemQueued >= tp.sndbuf) {
            return false;
        }
        long unsent = Integer.toUnsignedLong(tp.writeSeq - tp.sndNxt);
        return unsent << wake < notsentLowat(tp);
    }

    /// The limit of unsent bytes, from the socket or the namespace; unsigned.
    @Kernel("tcp_notsent_lowat")
    @HotPath
    static long notsentLowat(TcpSock tp) {
        int own = tp.notsentLowat;
        return own != 0 ? Integer.toUnsignedLong(own) : tp.net.sysctl.get(TcpSysctls.NOTSENT_LOWAT);
    }

    /// True if a writer finds at least a third of the buffer free.
    @Kernel("__sk_stream_is_writeable")
    @HotPath
    static boolean streamIsWriteable(TcpSock tp, int wake) {
        int queued = tp.wmemQueued;
        return tp.sndbuf - queued >= queued >> 1 && streamMemoryFree(tp, wake);
    }

    /// Tells the writers that there is room again.
    @Kernel("sk_stream_write_space")
    @HotPath
    static void writeSpace(TcpSock tp) {
        Socket socket = tp.socket;
        if (socket == null || !streamIsWriteable(tp, 1)) {
            return;
        }
        socket.nospace = false;
        WaitQueueHead wq = socket.wq;
        if (wq.active()) {
            wq.wakeUp(OUT | PollEvents.POLLWRBAND);
        }
    }
}
