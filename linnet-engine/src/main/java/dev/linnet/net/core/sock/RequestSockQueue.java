package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The two queues of a listener (`struct request_sock_queue`): how many requests wait for their ACK
/// (they stand in the established hash), and the established connections that wait for `accept`.
///
/// The accept queue has this object's monitor as its lock and is first in, first out.
@Kernel({"request_sock_queue", "reqsk_queue_alloc"})
public final class RequestSockQueue {
    /// Requests in the SYN queue, and those whose SYN-ACK was not yet sent again.
    private final AtomicInteger qlen = new AtomicInteger();

    private final AtomicInteger young = new AtomicInteger();

    private @Nullable RequestSock head;
    private @Nullable RequestSock tail;

    /// `TCP_DEFER_ACCEPT` as a number of SYN-ACK retransmissions (`rskq_defer_accept`).
    public volatile int deferAccept;

    /// SYN cookies were announced in the log once (`synflood_warned`).
    public volatile boolean synfloodWarned;

    /// When the SYN queue last overflowed, jiffies32, 0 if never (`syn_flood` stamp).
    public volatile int recentOverflow;

    /// Fast Open: most requests that may wait, present number, and the keys' context.
    public volatile int fastopenMaxQlen;

    public final AtomicInteger fastopenQlen = new AtomicInteger();
    public volatile @Nullable Object fastopenCtx;

    /// Fast Open: until when, jiffies, requests count that a reset ended; in order.
    private final ArrayDeque<Long> fastopenResets = new ArrayDeque<>();

    /// A request that a reset ended goes on counting until the given jiffy.
    public synchronized void holdReset(long untilJiffy) {
        fastopenResets.add(untilJiffy);
    }

    /// Lets go of the first such request if its time is over; false if there is none.
    public synchronized boolean releaseReset(long nowJiffy) {
        Long until = fastopenResets.peek();
        if (until == null || until > nowJiffy) {
            return false;
        }
        fastopenResets.remove();
        fastopenQlen.decrementAndGet();
        return true;
    }

    @Kernel("reqsk_queue_len")
    public int len() {
        return qlen.get();
    }

    @Kernel("reqsk_queue_len_young")
    public int lenYoung() {
        return young.get();
    }

    /// A request entered the SYN queue; returns the previous length.
    @Kernel("reqsk_queue_added")
    public int added() {
        young.incrementAndGet();
        return qlen.getAndIncrement();
    }

    /// A request left the SYN queue.
    @Kernel("reqsk_queue_removed")
    public void removed(RequestSock req) {
        if (req.numTimeout == 0) {
            young.decrementAndGet();
        }
        qlen.decrementAndGet();
    }

    /// A request is no longer young: its SYN-ACK was sent again.
    public void aged() {
        young.decrementAndGet();
    }

    /// True if no connection waits (`reqsk_queue_empty`).
    @Kernel("reqsk_queue_empty")
    public synchronized boolean empty() {
        return head == null;
    }

    /// Puts an established connection at the end of the accept queue (`inet_csk_reqsk_queue_add`);
    /// the caller has set `req.sk`.
    @Kernel({"inet_csk_reqsk_queue_add", "sk_acceptq_added"})
    public synchronized void add(RequestSock req) {
        req.dlNext = null;
        if (tail == null) {
            head = req;
        } else {
            tail.dlNext = req;
        }
        tail = req;
    }

    /// Takes the first established connection, or null (`reqsk_queue_remove`).
    @Kernel({"reqsk_queue_remove", "reqsk_queue_get_child"})
    public synchronized @Nullable RequestSock remove() {
        RequestSock req = head;
        if (req != null) {
            head = req.dlNext;
            if (head == null) {
                tail = null;
            }
            req.dlNext = null;
        }
        return req;
    }

    /// The connections that wait, for `ss` and the pictures.
    public synchronized List<RequestSock> snapshot() {
        List<RequestSock> list = new ArrayList<>();
        for (RequestSock req = head; req != null; req = req.dlNext) {
            list.add(req);
        }
        return list;
    }
}
