package dev.linnet.net.tcp;

import dev.linnet.hook.SkMsgProgram;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.SkPsock;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.Stab;
import dev.linnet.net.inet.InetConnectionSocks;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// A connection in a sockmap (`net/ipv4/tcp_bpf.c`): what it sends may go straight to what another
/// reads, past TCP; what it reads may come from there.
///
/// What waits for a receiver is bounded by `SO_RCVBUF`, if it was set, else by the largest size that
/// the buffer may grow to (`net.ipv4.tcp_rmem`): a sender waits until half of that has been read.
final class TcpBpf {
    /// What one look of the program covers at most.
    private static final int PART_BYTES = 32768;

    private TcpBpf() {}

    private static SkPsock psock(TcpSock tp) {
        SkPsock psock = tp.psock;
        assert psock != null;
        return psock;
    }

    // ---- sending
    // -----------------------------------------------------------------------------------

    @Kernel("tcp_bpf_sendmsg")
    @HotPath
    static int sendmsg(TcpSock tp, MsgHdr msg) {
        Stab map = psock(tp).map();
        SkMsgProgram program = map == null ? null : map.program();
        if (map == null || program == null || msg.pages != null || !sendable(tp)) {
            return TcpSendmsg.sendmsg(tp, msg);
        }
        int done = 0;
        while (msg.iter.count() > 0) {
            int n = sendPart(tp, msg, map, program);
            if (n < 0) {
                return done > 0 ? done : n;
            }
            done += n;
        }
        return done;
    }

    /// TCP knows best what to say of a connection that is over or not yet there.
    private static boolean sendable(TcpSock tp) {
        return tp.err == 0
                && (tp.shutdown & Sock.SEND_SHUTDOWN) == 0
                && (tp.state == TcpState.TCP_ESTABLISHED || tp.state == TcpState.TCP_CLOSE_WAIT);
    }

    /// Copies a part of the message in, asks the program, and sends it where that says.
    @Kernel("tcp_bpf_send_verdict")
    private static int sendPart(TcpSock tp, MsgHdr msg, Stab map, SkMsgProgram program) {
        SkMsgPart part = new SkMsgPart(tp);
        PageFrag frag = part.frag;
        int want = (int) Math.min(msg.iter.count(), PART_BYTES);
        tp.net.pool.reserve(SoftIrq.current().stripe, want, frag);
        int n = msg.iter.copyFromUser(frag.page.data, frag.offset, frag.length);
        boolean fault = n < frag.length;
        frag.length = n;
        if (n == 0) {
            part.release();
            return -Errno.EFAULT;
        }
        int verdict = program.select(part);
        int sent =
                switch (verdict) {
                    case SkMsgProgram.PASS -> push(tp, msg, part);
                    case SkMsgProgram.DROP -> -Errno.EACCES;
                    default -> redirect(tp, map.lookup(verdict), part, nonblock(msg));
                };
        part.release();
        if (sent < n) {
            msg.iter.revert(n - Math.max(sent, 0));
        }
        return fault && sent == n && msg.iter.count() > 0 ? stopAtFault(msg, sent) : sent;
    }

    /// The rest of the user's memory is bad: what is done so far is all.
    private static int stopAtFault(MsgHdr msg, int sent) {
        msg.iter.truncate(0);
        return sent;
    }

    private static boolean nonblock(MsgHdr msg) {
        return (msg.flags & Msg.MSG_DONTWAIT) != 0;
    }

    /// Through TCP, the pages by reference.
    @Kernel("tcp_bpf_push")
    private static int push(TcpSock tp, MsgHdr msg, SkMsgPart part) {
        MsgHdr pages = new MsgHdr();
        pages.pages = part;
        pages.flags = msg.flags | Msg.MSG_SPLICE_PAGES;
        return TcpSendmsg.sendmsg(tp, pages);
    }

    /// Straight to what `to` reads: the bytes, `-EACCES` if there is no such socket, `-EAGAIN`, or the
    /// errno of a signal.
    @Kernel({"tcp_bpf_sendmsg_redir", "bpf_tcp_ingress"})
    private static int redirect(TcpSock from, @Nullable Sock to, SkMsgPart part, boolean nonblock) {
        SkPsock target = to == null ? null : to.psock;
        if (to == null || target == null) {
            return -Errno.EACCES;
        }
        int err = waitForRoom(from, (TcpSock) to, target, nonblock);
        if (err != 0) {
            return err;
        }
        int length = part.frag.length;
        if (!target.queue(part.frag.page, part.frag.offset, length)) {
            return -Errno.EACCES;
        }
        part.handedOver();
        to.dataReady();
        return length;
    }

    /// Waits until the receiver has read enough. It sleeps in the receiver's queue, where readers tell
    /// of room.
    private static int waitForRoom(TcpSock from, TcpSock to, SkPsock target, boolean nonblock) {
        if (target.bytes() < limit(to)) {
            return 0;
        }
        WaitQueueHead wq = to.wq();
        long deadline = from.sndDeadline(nonblock);
        if (wq == null || TcpStreamWait.expired(from, deadline)) {
            return -Errno.EAGAIN;
        }
        ThreadWait wait = ThreadWait.of(from.net.scheduler, PollEvents.POLLMSG);
        try {
            while (true) {
                wq.prepareToWait(wait);
                if (target.bytes() < limit(to) / 2 || to.dead) {
                    return 0;
                }
                Wake wake = wait.sleep(deadline);
                if (wake == Wake.INTERRUPTED) {
                    return InetConnectionSocks.sockIntrErrno(deadline);
                }
                if (wake == Wake.TIMED_OUT) {
                    return -Errno.EAGAIN;
                }
            }
        } finally {
            wq.finishWait(wait);
        }
    }

    private static int limit(TcpSock to) {
        return to.rcvbufLocked ? to.rcvbuf : to.net.sysctl.get(TcpSysctls.RMEM, 2);
    }

    // ---- receiving
    // ---------------------------------------------------------------------------------

    @Kernel("tcp_bpf_recvmsg")
    @HotPath
    static int recvmsg(TcpSock tp, MsgHdr msg, int flags) {
        SkPsock psock = psock(tp);
        boolean special = (flags & (Msg.MSG_ERRQUEUE | Msg.MSG_OOB)) != 0;
        if (special || msg.iter.count() == 0) {
            return TcpRecvmsg.recvmsg(tp, msg, flags);
        }
        long deadline = tp.rcvDeadline((flags & Msg.MSG_DONTWAIT) != 0);
        while (true) {
            int n = psock.read(msg.iter, (flags & Msg.MSG_PEEK) != 0);
            if (n != 0) {
                tellOfRoom(tp, psock);
                return n;
            }
            if (tcpHasNews(tp)) {
                return TcpRecvmsg.recvmsg(tp, msg, flags);
            }
            if (TcpStreamWait.expired(tp, deadline)) {
                return -Errno.EAGAIN;
            }
            int err = waitForData(tp, psock, deadline);
            if (err != 0) {
                return err;
            }
        }
    }

    @HotPath
    private static void tellOfRoom(TcpSock tp, SkPsock psock) {
        WaitQueueHead wq = tp.wq();
        if (wq != null && psock.bytes() < limit(tp) / 2) {
            wq.wakeUp(PollEvents.POLLMSG);
        }
    }

    /// True if TCP has data, the end of the stream or an error to report.
    private static boolean tcpHasNews(TcpSock tp) {
        int news =
                PollEvents.POLLIN | PollEvents.POLLRDHUP | PollEvents.POLLHUP | PollEvents.POLLERR;
        return (TcpPoll.poll(tp) & news) != 0;
    }

    @Kernel("tcp_msg_wait_data")
    private static int waitForData(TcpSock tp, SkPsock psock, long deadline) {
        WaitQueueHead wq = tp.wq();
        if (wq == null) {
            return -Errno.ENOTCONN;
        }
        ThreadWait wait = ThreadWait.of(tp.net.scheduler);
        try {
            wq.prepareToWait(wait);
            if (!psock.empty() || tcpHasNews(tp)) {
                return 0;
            }
            Wake wake = wait.sleep(deadline);
            return wake == Wake.INTERRUPTED ? InetConnectionSocks.sockIntrErrno(deadline) : 0;
        } finally {
            wq.finishWait(wait);
        }
    }

    /// The ready events: also what was redirected can be read.
    @Kernel("tcp_bpf_sock_is_readable")
    static int poll(TcpSock tp) {
        int mask = TcpPoll.poll(tp);
        return psock(tp).empty() ? mask : mask | PollEvents.POLLIN | PollEvents.POLLRDNORM;
    }
}
