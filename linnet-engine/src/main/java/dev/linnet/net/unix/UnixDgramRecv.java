package dev.linnet.net.unix;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.PutCmsg;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SocketType;
import org.jspecify.annotations.Nullable;

/// Receiving a datagram or a sequenced packet.
final class UnixDgramRecv {
    private UnixDgramRecv() {}

    /// Bytes received (with `MSG_TRUNC` of the whole datagram), 0 at the end of a connection;
    /// `-EOPNOTSUPP` for an urgent one, `-EAGAIN`, the sock's error, `-EFAULT`,
    /// `-ERESTARTSYS`/`-EINTR`.
    @Kernel({"unix_dgram_recvmsg", "__unix_dgram_recvmsg"})
    @HotPath
    static int recvmsg(UnixSock sk, MsgHdr msg, int flags) {
        if ((flags & Msg.MSG_OOB) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        msg.name = null;
        long deadline = sk.rcvDeadline((flags & Msg.MSG_DONTWAIT) != 0);
        boolean peek = (flags & Msg.MSG_PEEK) != 0;
        ScmCookie scm = ScmCookie.scratch();
        while (true) {
            int seen = sk.queued;
            int err;
            sk.readLock.lock();
            try {
                err = sk.sockError();
                SkBuff skb = err != 0 ? null : peek ? look(sk, scm) : take(sk);
                if (skb != null) {
                    return peek
                            ? peekAt(sk, skb, msg, scm, flags)
                            : receive(sk, skb, msg, scm, flags);
                }
            } finally {
                sk.readLock.unlock();
            }
            if (err == 0) {
                err = await(sk, seen, deadline);
            }
            if (err != 0) {
                return err == UnixWait.END ? 0 : err;
            }
        }
    }

    /// The end of a connection of sequenced packets is seen without waiting, too.
    private static int await(UnixSock sk, int seen, long deadline) {
        int err =
                UnixWait.expired(sk, deadline)
                        ? -Errno.EAGAIN
                        : UnixWait.forPacket(sk, seen, deadline);
        boolean end =
                err == -Errno.EAGAIN
                        && sk.type == SocketType.SOCK_SEQPACKET
                        && (sk.shutdown & Sock.RCV_SHUTDOWN) != 0;
        return end ? UnixWait.END : err;
    }

    @HotPath
    private static @Nullable SkBuff take(UnixSock sk) {
        synchronized (sk.receiveQueue) {
            return sk.receiveQueue.dequeue();
        }
    }

    /// A view of the packet that a peek is for: the first, or with an offset the one that it falls into.
    /// The offset in it is left in `scm.skip`, and what else the packet carries in `scm`.
    @Kernel("__skb_try_recv_from_queue")
    private static @Nullable SkBuff look(UnixSock sk, ScmCookie scm) {
        synchronized (sk.receiveQueue) {
            int skip = Math.max(sk.peekOff, 0);
            SkBuff skb = sk.receiveQueue.peek();
            boolean offset = sk.peekOff >= 0;
            while (offset && skb != null && skip >= skb.len && (skip > 0 || skb.peeked != 0)) {
                skip -= skb.len;
                skb = skb.next;
            }
            if (skb == null) {
                return null;
            }
            if (skb.len == 0) {
                skb.peeked = 1;
            }
            UnixSkbParms parms = UnixSkbParms.of(skb);
            scm.skip = skip;
            scm.from(parms);
            scm.sender = (UnixSock) skb.sk;
            SkBuff view = skb.clone(SoftIrq.current().stripe);
            if (parms.fp != null) {
                scm.peek(parms.fp);
            }
            return view;
        }
    }

    private static int peekAt(UnixSock sk, SkBuff view, MsgHdr msg, ScmCookie scm, int flags) {
        UnixSock sender = scm.sender;
        scm.sender = null;
        msg.name = sender == null ? null : sender.addr;
        int skip = scm.skip;
        int n = copy(view, skip, msg);
        int whole = view.len - skip;
        stamp(sk, view, msg);
        view.consume();
        if (n < 0) {
            scm.destroy();
            return n;
        }
        if (sk.peekOff >= 0) {
            sk.peekOff += n;
        }
        UnixScm.recv(sk, msg, scm, flags);
        return (flags & Msg.MSG_TRUNC) != 0 ? whole : n;
    }

    @HotPath
    private static int receive(UnixSock sk, SkBuff skb, MsgHdr msg, ScmCookie scm, int flags) {
        if (sk.peerWait.active()) {
            sk.peerWait.wakeUp(UnixSock.POLL_OUT);
        }
        UnixSock sender = (UnixSock) skb.sk;
        msg.name = sender == null ? null : sender.addr;
        int n = copy(skb, 0, msg);
        int whole = skb.len;
        if (n >= 0) {
            stamp(sk, skb, msg);
            UnixSkbParms parms = UnixSkbParms.of(skb);
            scm.from(parms);
            scm.take(parms);
            int off = sk.peekOff;
            if (off > 0) {
                sk.peekOff = Math.max(off - whole, 0);
            }
            UnixScm.recv(sk, msg, scm, flags);
        }
        skb.consume();
        return n >= 0 && (flags & Msg.MSG_TRUNC) != 0 ? whole : n;
    }

    /// Copies what there is room for: bytes, or `-EFAULT`.
    @HotPath
    private static int copy(SkBuff skb, int from, MsgHdr msg) {
        int whole = skb.len - from;
        int size = (int) Math.min(msg.iter.count(), whole);
        if (size < whole) {
            msg.flags |= Msg.MSG_TRUNC;
        }
        return SkbOps.copyToIter(skb, from, msg.iter, size) < size ? -Errno.EFAULT : size;
    }

    private static void stamp(UnixSock sk, SkBuff skb, MsgHdr msg) {
        if (sk.rcvtstamp) {
            PutCmsg.timestamps(msg, sk, skb.tstampNs != 0 ? skb.tstampNs : sk.net.clock.realNs());
        }
    }
}
