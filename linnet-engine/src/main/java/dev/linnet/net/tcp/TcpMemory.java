package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.sock.ProtoMemory;

/// The share of a connection in TCP's memory (`tcp_mem`): what its queues hold, in whole pages, and
/// what it does when there is no more. Called with the sock's lock owned.
final class TcpMemory {
    /// `SOCK_MIN_SNDBUF`, bytes.
    private static final int SOCK_MIN_SNDBUF = 4608;

    private TcpMemory() {}

    @HotPath
    static ProtoMemory of(TcpSock tp) {
        return TcpNet.OF.of(tp.net).memory;
    }

    /// Follows the queues: takes pages for what came in, gives back those of what went.
    @Kernel({"sk_mem_charge", "sk_mem_reclaim"})
    @HotPath
    static void update(TcpSock tp) {
        int pages = ProtoMemory.pages(tp.rmemAlloc() + tp.wmemQueued);
        int more = pages - tp.memPages;
        if (more != 0) {
            tp.memPages = pages;
            of(tp).charge(more);
        }
    }

    /// Gives everything back; the sock ends.
    static void release(TcpSock tp) {
        of(tp).charge(-tp.memPages);
        tp.memPages = 0;
    }

    /// True while memory is short.
    @Kernel("tcp_under_memory_pressure")
    @HotPath
    static boolean underPressure(TcpSock tp) {
        return of(tp).underPressure();
    }

    /// True if buffers may be enlarged.
    @HotPath
    static boolean plenty(TcpSock tp) {
        ProtoMemory memory = of(tp);
        return !memory.underPressure() && memory.plenty();
    }

    /// True if a received packet of this size may be kept.
    @Kernel("sk_rmem_schedule")
    @HotPath
    static boolean mayReceive(TcpSock tp, int truesize) {
        int pages = missing(tp, truesize);
        if (pages <= 0) {
            return true;
        }
        ProtoMemory.Answer answer = of(tp).ask(pages);
        if (answer == ProtoMemory.Answer.SCARCE) {
            return tp.rmemAlloc() < tp.net.sysctl.get(TcpSysctls.RMEM, 0) || fair(tp, pages);
        }
        return answer == ProtoMemory.Answer.GRANTED;
    }

    /// True if so many bytes may be queued for sending. If not, the send buffer is made smaller; a
    /// sock that has filled that already may go on, as it will have to wait anyway.
    @Kernel({"sk_wmem_schedule", "tcp_wmem_schedule"})
    @HotPath
    static boolean maySend(TcpSock tp, int bytes) {
        int pages = missing(tp, bytes);
        if (pages <= 0) {
            return true;
        }
        ProtoMemory.Answer answer = of(tp).ask(pages);
        if (answer == ProtoMemory.Answer.GRANTED) {
            return true;
        }
        boolean little = tp.wmemQueued < tp.net.sysctl.get(TcpSysctls.WMEM, 0);
        if (little || (answer == ProtoMemory.Answer.SCARCE && fair(tp, pages))) {
            return true;
        }
        moderateSndbuf(tp);
        return tp.wmemQueued + bytes >= tp.sndbuf;
    }

    /// Pages that a sock needs to have `bytes` more.
    @HotPath
    private static int missing(TcpSock tp, int bytes) {
        return ProtoMemory.pages(tp.rmemAlloc() + tp.wmemQueued + bytes) - tp.memPages;
    }

    /// While memory is short everybody may have the same.
    private static boolean fair(TcpSock tp, int more) {
        ProtoMemory memory = of(tp);
        return !memory.underPressure()
                || memory.fairShare(
                        TcpNet.OF.of(tp.net).socketsAllocated.get(), tp.memPages + more);
    }

    @Kernel("sk_stream_moderate_sndbuf")
    private static void moderateSndbuf(TcpSock tp) {
        if (!tp.sndbufLocked) {
            tp.sndbuf = Math.max(Math.min(tp.sndbuf, tp.wmemQueued >> 1), SOCK_MIN_SNDBUF);
        }
    }

    /// True if an orphan must not keep what it has.
    @Kernel("tcp_out_of_memory")
    static boolean outOfMemory(TcpSock tp) {
        return tp.wmemQueued > SOCK_MIN_SNDBUF && of(tp).exhausted();
    }
}
