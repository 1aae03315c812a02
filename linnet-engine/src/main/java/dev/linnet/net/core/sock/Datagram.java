package dev.linnet.net.core.sock;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.kernel.sched.WaitQueueHead;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// The receive queue of sockets that keep messages apart (`net/core/datagram.c`). The queue's
/// monitor guards it; packets come in soft-interrupt context without the sock's lock.
public final class Datagram {
    private Datagram() {}

    /// Queues a received packet for the user if the socket's filter lets it in, or drops it
    /// (`sock_queue_rcv_skb`). Takes ownership; false if it was dropped.
    @Kernel("sock_queue_rcv_skb_reason")
    @HotPath
    public static boolean filterAndQueueRcv(Sock sk, SkBuff skb) {
        if (!SkFilter.passes(sk, skb, 1)) {
            skb.drop(DropReason.SOCKET_FILTER);
            return false;
        }
        return queueRcv(sk, skb);
    }

    /// Queues a received packet for the user, or drops it when the buffer is full. Takes ownership;
    /// false if it was dropped.
    @Kernel("__sock_queue_rcv_skb")
    @HotPath
    public static boolean queueRcv(Sock sk, SkBuff skb) {
        if (sk.rmemAlloc() + skb.truesize > sk.rcvbuf && sk.rmemAlloc() != 0) {
            sk.countDrop();
            skb.drop(DropReason.SOCKET_RCVBUFF);
            return false;
        }
        skb.dst = null;
        sk.setOwnerR(skb);
        synchronized (sk.receiveQueue) {
            sk.receiveQueue.queueTail(skb);
        }
        if (!sk.dead) {
            sk.dataReady();
        }
        return true;
    }

    /// Takes the first packet, or with `peek` another view of it, waiting for one; the caller ends it
    /// with `consume`. Null with the reason in `msg.err`: `-EAGAIN`, the sock's error, `-EINTR`, or 0
    /// for a socket shut down for reading (`skb_recv_datagram`).
    @Kernel({"__skb_recv_datagram", "__skb_wait_for_more_packets"})
    @HotPath
    public static @Nullable SkBuff recv(Sock sk, boolean nonblock, boolean peek, MsgHdr msg) {
        return recv(sk, nonblock, peek, msg, 0);
    }

    /// As [#recv(Sock, boolean, boolean, MsgHdr)]; with `SO_PEEK_OFF` a peek is for the packet that the
    /// offset falls into, and `msg.peekFrom` says where.
    ///
    /// @param headers bytes before the payload
    @HotPath
    public static @Nullable SkBuff recv(
            Sock sk, boolean nonblock, boolean peek, MsgHdr msg, int headers) {
        int error = sk.sockError();
        if (error != 0) {
            msg.err = error;
            return null;
        }
        SkBuff skb = peek ? look(sk, msg, headers) : take(sk);
        if (skb != null) {
            return skb;
        }
        if (nonblock) {
            msg.err = -Errno.EAGAIN; // also after a shutdown
            return null;
        }
        return waitFor(sk, peek, msg, headers);
    }

    private static @Nullable SkBuff waitFor(Sock sk, boolean peek, MsgHdr msg, int headers) {
        WaitQueueHead queue = sk.wq();
        if (queue == null) {
            msg.err = 0;
            return null;
        }
        long deadline = sk.rcvDeadline(false);
        ThreadWait wait = ThreadWait.of(sk.net.scheduler, PollEvents.POLLIN | PollEvents.POLLERR);
        try {
            while (true) {
                queue.prepareToWaitExclusive(wait);
                msg.err = sk.sockError();
                SkBuff skb = null;
                if (msg.err == 0) {
                    skb = peek ? look(sk, msg, headers) : take(sk);
                }
                if (skb != null || msg.err != 0) {
                    return skb;
                }
                if ((sk.shutdown & Sock.RCV_SHUTDOWN) != 0) {
                    return null;
                }
                Wake wake = wait.sleep(deadline);
                if (wake != Wake.WOKEN) {
                    msg.err = wake == Wake.INTERRUPTED ? -Errno.EINTR : -Errno.EAGAIN;
                    return null;
                }
            }
        } finally {
            queue.finishWait(wait);
        }
    }

    @HotPath
    private static @Nullable SkBuff take(Sock sk) {
        synchronized (sk.receiveQueue) {
            return sk.receiveQueue.dequeue();
        }
    }

    /// Another view of the packet that a peek is for. An empty one is seen once.
    @Kernel("__skb_try_recv_from_queue")
    private static @Nullable SkBuff look(Sock sk, MsgHdr msg, int headers) {
        synchronized (sk.receiveQueue) {
            int skip = Math.max(0, sk.peekOff);
            SkBuff skb = sk.receiveQueue.peek();
            while (skb != null && skip >= skb.len - headers) {
                int length = skb.len - headers;
                boolean fresh = length == 0 && skip == 0 && skb.peeked == 0;
                if (sk.peekOff < 0 || fresh) {
                    break;
                }
                skip -= length;
                skb = skb.next;
            }
            if (skb == null) {
                return null;
            }
            skb.peeked = 1;
            msg.peekFrom = skip;
            return skb.clone(SoftIrq.current().stripe);
        }
    }

    /// Length of the first packet's payload, 0 when there is none (`SIOCINQ`).
    ///
    /// @param headers bytes before the payload
    public static int firstLength(Sock sk, int headers) {
        synchronized (sk.receiveQueue) {
            SkBuff first = sk.receiveQueue.peek();
            return first == null ? 0 : first.len - headers;
        }
    }

    /// Drops all that was received.
    public static void purge(Sock sk) {
        synchronized (sk.receiveQueue) {
            sk.receiveQueue.purge(DropReason.SOCKET_CLOSE);
        }
        SkBuffErrors.purge(sk);
    }

    /// Ready events (`datagram_poll`).
    @Kernel("datagram_poll")
    public static int poll(Sock sk) {
        int mask = 0;
        if (sk.err != 0 || SkBuffErrors.pending(sk)) {
            mask |= PollEvents.POLLERR;
            mask |= sk.selectErrQueue ? PollEvents.POLLPRI : 0;
        }
        if ((sk.shutdown & Sock.RCV_SHUTDOWN) != 0) {
            mask |= PollEvents.POLLRDHUP | PollEvents.POLLIN | PollEvents.POLLRDNORM;
        }
        if (sk.shutdown == Sock.SHUTDOWN_MASK) {
            mask |= PollEvents.POLLHUP;
        }
        if (!sk.receiveQueue.isEmpty()) {
            mask |= PollEvents.POLLIN | PollEvents.POLLRDNORM;
        }
        if (sk.state != TcpState.TCP_SYN_SENT && 2 * sk.wmemAlloc() <= sk.sndbuf) {
            mask |= PollEvents.POLLOUT | PollEvents.POLLWRNORM | PollEvents.POLLWRBAND;
        }
        return mask;
    }
}
