package dev.linnet.net.unix;

import dev.linnet.fs.IovIter;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.mm.PageSource;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import org.jspecify.annotations.Nullable;

/// Making packets, and what they cost: as much as Linux's allocations for the same length, so that the
/// same number of them fits into a send buffer.
final class UnixSkb {
    /// Largest packet of a stream: a page of linear data, and 32 KB in pages.
    static final int STREAM_MAX = 3776 + 32768;

    private static final int PAGE = 4096;

    /// Linear data that fits into one page, and into four.
    private static final int MAX_HEAD = 3776;

    private static final int MAX_ALLOC = 16064;
    private static final int MAX_FRAGS = 17;

    /// `struct skb_shared_info` stands behind linear data; `struct sk_buff` is apart.
    private static final int SHARED_INFO = 320;

    private static final ThreadLocal<PageFrag> FRAG = ThreadLocal.withInitial(PageFrag::new);

    private UnixSkb() {}

    // ---- cost ----------------------------------------------------------------------------------

    /// Linear memory comes in powers of two from 512 bytes on.
    private static int headCost(int bytes) {
        int need = (bytes + 63 & ~63) + SHARED_INFO;
        int size = Math.max(Integer.highestOneBit(need - 1) << 1, 512);
        return size + SkBuff.STRUCT_COST;
    }

    private static int pageAlign(int bytes) {
        return bytes + PAGE - 1 & -PAGE;
    }

    /// What a packet of a stream costs.
    static int streamCost(int size) {
        int data = Math.min(size, pageAlign(Math.max(0, size - MAX_HEAD)));
        return headCost(size - data) + pageAlign(data);
    }

    /// What a datagram costs.
    static int dgramCost(int size) {
        int data = pageAlign(Math.min(Math.max(0, size - MAX_ALLOC), MAX_FRAGS * PAGE));
        return headCost(size - data) + data;
    }

    // ---- making --------------------------------------------------------------------------------

    /// Waits for room in the send buffer: 0, the sock's error, `-EPIPE` after a shutdown, `-EAGAIN`,
    /// `-ERESTARTSYS` or `-EINTR`.
    @Kernel({"sock_alloc_send_pskb", "sock_wait_for_wmem"})
    @HotPath
    static int awaitRoom(UnixSock sk, boolean nonblock) {
        int err = sk.sockError();
        if (err != 0) {
            return err;
        }
        if ((sk.shutdown & Sock.SEND_SHUTDOWN) != 0) {
            return -Errno.EPIPE;
        }
        if (sk.wmemAlloc() < sk.sndbuf) {
            return 0;
        }
        return nonblock ? -Errno.EAGAIN : waitForRoom(sk, sk.sndDeadline(false));
    }

    private static int waitForRoom(UnixSock sk, long deadline) {
        WaitQueueHead queue = sk.wq();
        if (queue == null) {
            return -Errno.EPIPE;
        }
        ThreadWait wait = ThreadWait.of(sk.net.scheduler);
        try {
            while (true) {
                queue.prepareToWait(wait);
                int err = sk.sockError();
                if (err != 0) {
                    return err;
                }
                if ((sk.shutdown & Sock.SEND_SHUTDOWN) != 0) {
                    return -Errno.EPIPE;
                }
                if (sk.wmemAlloc() < sk.sndbuf) {
                    return 0;
                }
                Wake wake = wait.sleep(deadline);
                if (wake != Wake.WOKEN) {
                    return wake == Wake.INTERRUPTED ? UnixWait.intr(deadline) : -Errno.EAGAIN;
                }
            }
        } finally {
            queue.finishWait(wait);
        }
    }

    /// A packet with `size` bytes of the message, charged to the sender; null where the user's memory is
    /// bad.
    @HotPath
    static @Nullable SkBuff make(UnixSock sk, MsgHdr msg, int size, int cost) {
        int stripe = SoftIrq.current().stripe;
        SkBuff skb = SkBuff.allocFragmented(sk.net.pool, stripe);
        PageSource pages = msg.pages;
        boolean good =
                pages != null
                        ? splice(pages, skb, size)
                        : copy(sk.net, msg.iter, skb, size, stripe);
        if (!good) {
            skb.consume();
            return null;
        }
        skb.truesize = cost;
        sk.setOwnerW(skb);
        UnixSkbParms.of(skb);
        return skb;
    }

    @HotPath
    private static boolean copy(NetNamespace net, IovIter from, SkBuff skb, int size, int stripe) {
        PageFrag frag = FRAG.get();
        int left = size;
        while (left > 0) {
            net.pool.reserve(stripe, left, frag);
            int n = from.copyFromUser(frag.page.data, frag.offset, frag.length);
            skb.addFrag(frag.page, frag.offset, frag.length);
            left -= n;
            if (n < frag.length) {
                return false;
            }
        }
        return true;
    }

    private static boolean splice(PageSource pages, SkBuff skb, int size) {
        PageFrag frag = FRAG.get();
        int left = size;
        while (left > 0 && pages.next(left, frag)) {
            skb.addFrag(frag.page, frag.offset, frag.length);
            left -= frag.length;
        }
        return left == 0;
    }

    /// Bytes that the message has for a send.
    @HotPath
    static long length(MsgHdr msg) {
        PageSource pages = msg.pages;
        return pages != null ? pages.remaining() : msg.iter.count();
    }
}
