package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
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
        synchronized (queue) {
            return queue.dequeue();
        }
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
