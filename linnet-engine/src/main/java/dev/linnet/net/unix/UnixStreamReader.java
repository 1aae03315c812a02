package dev.linnet.net.unix;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.ProtoOps.PageSink;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.TcpState;
import dev.linnet.uapi.Ucred;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One read of a stream, by one thread. Bytes of several packets are put together, but not beyond
/// descriptors, an urgent byte, or, for who wants to know, another sender.
final class UnixStreamReader {
    private static final ThreadLocal<UnixStreamReader> SCRATCH =
            ThreadLocal.withInitial(UnixStreamReader::new);

    private @Nullable MsgHdr msg;
    private @Nullable PageSink sink;
    private ScmCookie scm = ScmCookie.NONE;
    private boolean peek;
    private long size;
    private long copied;

    /// Bytes of the packet in work that a peek with an offset passes over.
    private int skip;

    /// The queue's count when it was last looked at, and that an urgent byte ends the read.
    private int seen;

    private boolean stop;

    /// There is nothing behind the packet that was looked at.
    private boolean end;

    private boolean credsKnown;

    private UnixStreamReader() {}

    /// The calling thread's own reader, for a read to the buffers of `msg` or to `sink`.
    static UnixStreamReader scratch(
            @Nullable MsgHdr msg, @Nullable PageSink sink, ScmCookie scm, long size) {
        UnixStreamReader reader = SCRATCH.get();
        reader.msg = msg;
        reader.sink = sink;
        reader.scm = scm;
        reader.size = size;
        reader.copied = 0;
        reader.skip = 0;
        reader.stop = false;
        reader.credsKnown = false;
        return reader;
    }

    /// Bytes read, 0 at the end, `-EINVAL` without a connection, `-EAGAIN`, the sock's error,
    /// `-EFAULT`, `-ERESTARTSYS`/`-EINTR`.
    @Kernel("unix_stream_read_generic")
    @HotPath
    int read(UnixSock sk, int flags, long deadline) {
        if (sk.state != TcpState.TCP_ESTABLISHED) {
            return -Errno.EINVAL;
        }
        peek = (flags & Msg.MSG_PEEK) != 0;
        long target = (flags & Msg.MSG_WAITALL) != 0 ? size : Math.min(sk.rcvlowat, size);
        int err = 0;
        sk.readLock.lock();
        try {
            if (peek) {
                skip = Math.max(sk.peekOff, 0);
            }
            err = readAll(sk, Math.max(target, 1), deadline);
        } finally {
            sk.readLock.unlock();
            msg = null;
            sink = null;
        }
        return copied > 0 ? (int) copied : err;
    }

    @HotPath
    private int readAll(UnixSock sk, long target, long deadline) {
        SkBuff peeked = null;
        while (true) {
            SkBuff skb = next(sk, peeked);
            if (skb == null) {
                if (stop || end || copied >= target) {
                    return 0;
                }
                int err = await(sk, deadline);
                if (err <= 0) {
                    return err;
                }
                peeked = null;
                continue;
            }
            if (!sameSender(sk, skb)) {
                return 0;
            }
            int chunk = (int) Math.min(UnixSkbParms.unread(skb) - skip, size);
            int n = out(skb, UnixSkbParms.of(skb).consumed + skip, chunk);
            if (n < 0) {
                return n;
            }
            copied += n;
            size -= n;
            boolean more = peek ? passOver(sk, skb, n) : consume(sk, skb, n);
            if (!more || n < chunk || size == 0 && !peek) {
                return 0;
            }
            peeked = peek ? skb : null; // a look goes on to the next descriptors
        }
    }

    /// 1 to look again, 0 at the end of the stream, or `-errno`. The reader does not hold the lock
    /// while it sleeps.
    private int await(UnixSock sk, long deadline) {
        int err = sk.sockError();
        if (err != 0) {
            return err;
        }
        if ((sk.shutdown & Sock.RCV_SHUTDOWN) != 0) {
            return 0;
        }
        if (UnixWait.expired(sk, deadline)) {
            return -Errno.EAGAIN;
        }
        sk.readLock.unlock();
        try {
            err = UnixWait.forStream(sk, seen, deadline);
        } finally {
            sk.readLock.lock();
        }
        return err == 0 || err == -Errno.EAGAIN ? 1 : err;
    }

    // ---- finding -------------------------------------------------------------------------------

    /// The packet to go on with after `peeked` (or the first), or null.
    @HotPath
    private @Nullable SkBuff next(UnixSock sk, @Nullable SkBuff peeked) {
        SkBuff mark = null;
        SkBuff unwanted = null;
        SkBuff skb;
        synchronized (sk.receiveQueue) {
            seen = sk.queued;
            skb = peeked == null ? sk.receiveQueue.peek() : peeked.next;
            end = peeked != null && skb == null;
            if (skb != null && UnixSkbParms.unread(skb) == 0) {
                mark = skb;
                skb = passMark(sk, skb);
            }
            if (skb != null && skb == sk.oobSkb) {
                unwanted = skb;
                skb = passUrgent(sk, skb);
            }
            while (skb != null && skip >= UnixSkbParms.unread(skb)) {
                skip -= UnixSkbParms.unread(skb);
                skb = skb.next;
            }
        }
        if (mark != null && mark.list == null) {
            mark.consume();
        }
        if (unwanted != null && unwanted.list == null) {
            unwanted.drop(DropReason.UNIX_SKIP_OOB);
        }
        return skb;
    }

    /// An urgent byte that was read: ends a read that has something, unless another one is pending;
    /// else it goes.
    private @Nullable SkBuff passMark(UnixSock sk, SkBuff mark) {
        if (copied > 0 && (sk.oobSkb == null || mark == sk.oobSkb)) {
            stop = true;
            return null;
        }
        SkBuff after = mark.next;
        if (!peek) {
            sk.receiveQueue.unlink(mark);
        }
        stop = after == null && copied > 0;
        return after;
    }

    /// The urgent byte: ends a read that has something; else it is left out, unless it is to be read
    /// with the others.
    private @Nullable SkBuff passUrgent(UnixSock sk, SkBuff urgent) {
        if (copied > 0) {
            stop = true;
            return null;
        }
        if (peek) {
            return sk.urginline ? urgent : urgent.next;
        }
        sk.oobSkb = null;
        if (sk.urginline) {
            return urgent;
        }
        SkBuff after = urgent.next;
        sk.receiveQueue.unlink(urgent);
        return after;
    }

    // ---- using ---------------------------------------------------------------------------------

    /// Bytes of different senders are never put together for a socket that asks who sent them.
    @HotPath
    private boolean sameSender(UnixSock sk, SkBuff skb) {
        Ucred cred = UnixSkbParms.of(skb).cred;
        if (credsKnown) {
            return Objects.equals(cred, scm.cred);
        }
        if (UnixScm.wantsCreds(sk)) {
            scm.from(UnixSkbParms.of(skb));
            credsKnown = true;
        }
        MsgHdr to = msg;
        if (to != null && to.name == null && skb.sk instanceof UnixSock sender) {
            to.name = sender.addr;
        }
        return true;
    }

    @HotPath
    private int out(SkBuff skb, int from, int count) {
        MsgHdr to = msg;
        if (to != null) {
            return SkbOps.copyToIter(skb, from, to.iter, count) < count ? -Errno.EFAULT : count;
        }
        PageSink pipe = sink;
        return pipe == null ? 0 : UnixStreamRecv.push(skb, from, count, pipe);
    }

    /// Takes read bytes off the queue; false if the read ends here.
    @HotPath
    private boolean consume(UnixSock sk, SkBuff skb, int n) {
        UnixSkbParms parms = UnixSkbParms.of(skb);
        boolean rights = parms.fp != null;
        boolean empty;
        synchronized (sk.receiveQueue) {
            parms.consumed += n;
            sk.inq -= n;
            empty = parms.consumed >= skb.len;
            if (empty) {
                sk.receiveQueue.unlink(skb);
                if (sk.oobSkb == skb) {
                    sk.oobSkb = null;
                }
            }
        }
        int off = sk.peekOff;
        if (off > 0) {
            sk.peekOff = Math.max(off - n, 0);
        }
        if (rights) {
            scm.take(parms);
        }
        if (empty) {
            skb.consume();
        }
        return empty && !rights;
    }

    /// Goes on behind bytes that were only looked at; false if the read ends here.
    private boolean passOver(UnixSock sk, SkBuff skb, int n) {
        ScmFpList fp = UnixSkbParms.of(skb).fp;
        if (fp != null) {
            scm.peek(fp);
        }
        if (sk.peekOff >= 0) {
            sk.peekOff += n;
        }
        skip = 0;
        return fp == null;
    }
}
