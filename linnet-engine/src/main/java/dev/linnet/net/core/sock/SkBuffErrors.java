package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import dev.linnet.uapi.SockExtendedErr;
import org.jspecify.annotations.Nullable;

/// The error queue of a socket (`sk_error_queue`): ICMP errors, zero-copy completions and timestamps
/// for `MSG_ERRQUEUE`. Made when first used; its monitor guards it.
public final class SkBuffErrors {
    private SkBuffErrors() {}

    /// Queues a message and tells the user (`sock_queue_err_skb`); takes ownership. False, and
    /// dropped, when the receive buffer is full.
    @Kernel("sock_queue_err_skb")
    public static boolean queue(Sock sk, SkBuff skb) {
        if (sk.rmemAlloc() + skb.truesize >= Math.max(sk.rcvbuf, 2304)) {
            skb.drop(DropReason.SOCKET_RCVBUFF);
            return false;
        }
        skb.dst = null;
        sk.setOwnerR(skb);
        SkBuffHead queue = make(sk);
        synchronized (queue) {
            queue.queueTail(skb);
        }
        if (!sk.dead) {
            sk.errorReport();
        }
        return true;
    }

    private static SkBuffHead make(Sock sk) {
        SkBuffHead queue = sk.errorQueue;
        if (queue == null) {
            synchronized (sk.receiveQueue) {
                queue = sk.errorQueue;
                if (queue == null) {
                    queue = new SkBuffHead();
                    sk.errorQueue = queue;
                }
            }
        }
        return queue;
    }

    /// Takes the first message, or null (`sock_dequeue_err_skb`).
    @Kernel("sock_dequeue_err_skb")
    public static @Nullable SkBuff dequeue(Sock sk) {
        SkBuffHead queue = sk.errorQueue;
        if (queue == null) {
            return null;
        }
        SkBuff skb;
        SkBuff next;
        synchronized (queue) {
            skb = queue.dequeue();
            next = queue.peek();
            int err = next == null ? 0 : icmpErrno(next);
            if (err != 0) {
                sk.err = err;
            } else if (skb != null && icmpErrno(skb) != 0) {
                sk.err = 0; // the user knows it now
            }
        }
        if (next != null) {
            sk.errorReport();
        }
        return skb;
    }

    /// The errno of an ICMP error, 0 for other messages.
    @Kernel("is_icmp_err_skb")
    private static int icmpErrno(SkBuff skb) {
        SockExterr e = skb.exterr;
        if (e == null) {
            return 0;
        }
        int origin = e.ee().origin();
        boolean icmp =
                origin == SockExtendedErr.SO_EE_ORIGIN_ICMP
                        || origin == SockExtendedErr.SO_EE_ORIGIN_ICMP6;
        return icmp ? e.ee().errno() : 0;
    }

    /// True if messages wait.
    public static boolean pending(Sock sk) {
        SkBuffHead queue = sk.errorQueue;
        return queue != null && !queue.isEmpty();
    }

    static void purge(Sock sk) {
        SkBuffHead queue = sk.errorQueue;
        if (queue != null) {
            synchronized (queue) {
                queue.purge(DropReason.SOCKET_CLOSE);
            }
        }
    }
}
