package dev.linnet.net.unix;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import org.jspecify.annotations.Nullable;

/// The urgent byte of a stream: a packet of its own in the queue. Once it has been read with `MSG_OOB`, or
/// another came, its packet stays as a mark at which a read stops.
final class UnixOob {
    private UnixOob() {}

    /// Sends one urgent byte: 0, `-EPIPE`, `-EAGAIN` …
    ///
    /// @param scm its descriptors go along unless they have gone before
    @Kernel("queue_oob")
    static int send(UnixSock sk, UnixSock other, MsgHdr msg, ScmCookie scm, boolean nonblock) {
        int err = UnixSkb.awaitRoom(sk, nonblock);
        if (err < 0) {
            return err;
        }
        SkBuff skb = UnixSkb.make(sk, msg, 1, UnixSkb.streamCost(1));
        if (skb == null) {
            return -Errno.EFAULT;
        }
        err = UnixScm.attach(sk, other, skb, scm);
        if (err == 0) {
            err = UnixStreamSend.deliver(other, skb, true);
        } else {
            skb.consume();
        }
        return err;
    }

    /// Receives the urgent byte: 1, or `-EINVAL` if there is none or it is read with the others.
    @Kernel("unix_stream_recv_urg")
    static int recv(UnixSock sk, MsgHdr msg, int flags) {
        sk.readLock.lock();
        SkBuff mark = null;
        try {
            SkBuff urgent = sk.oobSkb;
            if (sk.urginline || urgent == null) {
                return -Errno.EINVAL;
            }
            if ((flags & Msg.MSG_PEEK) == 0) {
                mark = consume(sk, urgent);
            }
            // No room at all is no fault.
            if (msg.iter.count() > 0 && SkbOps.copyToIter(urgent, 0, msg.iter, 1) < 1) {
                return -Errno.EFAULT;
            }
            msg.flags |= Msg.MSG_OOB;
            return 1;
        } finally {
            if (mark != null) {
                mark.consume();
            }
            sk.readLock.unlock();
        }
    }

    /// Leaves the packet as a mark; of two marks in a row the older one is returned, out of the queue.
    private static @Nullable SkBuff consume(UnixSock sk, SkBuff urgent) {
        synchronized (sk.receiveQueue) {
            sk.oobSkb = null;
            UnixSkbParms.of(urgent).consumed = 1;
            sk.inq--;
            SkBuff before = urgent.prev;
            if (before == null || UnixSkbParms.unread(before) > 0) {
                return null;
            }
            sk.receiveQueue.unlink(before);
            return before;
        }
    }

    /// True if something in the queue has not been read; a mark at its head is nothing.
    static boolean unread(UnixSock sk) {
        synchronized (sk.receiveQueue) {
            SkBuff first = sk.receiveQueue.peek();
            if (first != null && UnixSkbParms.unread(first) == 0) {
                first = first.next;
            }
            return first != null;
        }
    }

    /// `SIOCATMARK`: the next byte is the urgent one, or comes right after its mark.
    static boolean atMark(UnixSock sk) {
        synchronized (sk.receiveQueue) {
            SkBuff first = sk.receiveQueue.peek();
            if (first == null) {
                return false;
            }
            SkBuff urgent = sk.oobSkb;
            return first == urgent
                    || UnixSkbParms.unread(first) == 0 && (urgent == null || first.next == urgent);
        }
    }
}
