package dev.linnet.net.tcp;

import dev.linnet.fs.IovIter;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.UbufInfo;
import dev.linnet.uapi.Errno;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A range of `MSG_ZEROCOPY` sends that are completed together (`struct ubuf_info_msgzc`).
///
/// The JVM's memory cannot be lent to the network, so the data is copied like any other and the
/// completion says so (`SO_EE_CODE_ZEROCOPY_COPIED`), as Linux's does when a device cannot help.
/// Numbers, ranges and the moment of completion are Linux's.
@Kernel("ubuf_info_msgzc")
final class MsgZerocopy extends UbufInfo {
    /// A range takes no more sends beyond these many bytes or this many sends.
    private static final int BYTE_LIMIT = 1 << 19;

    private static final int MAX_SENDS = 65534;

    private final TcpSock tp;

    /// Number of the first send, and how many follow on it.
    private final int id;

    private int len = 1;
    private long byteLen;
    private final AtomicInteger refs = new AtomicInteger(1);

    private MsgZerocopy(TcpSock tp, int id, int bytes) {
        this.tp = tp;
        this.id = id;
        this.byteLen = bytes;
    }

    /// The range that a send of `bytes` belongs to, with a reference for the caller: that of the last
    /// unsent segment if the numbers go on there. Sock locked.
    @Kernel({"msg_zerocopy_realloc", "msg_zerocopy_alloc"})
    static MsgZerocopy realloc(TcpSock tp, int bytes) {
        SkBuff tail = tp.writeQueue.peekTail();
        if (tail != null
                && tail.ubuf instanceof MsgZerocopy last
                && last.len < MAX_SENDS
                && last.byteLen + bytes <= BYTE_LIMIT
                && last.id + last.len == tp.zckey) {
            last.len++;
            last.byteLen += bytes;
            tp.zckey++;
            last.get();
            return last;
        }
        return new MsgZerocopy(tp, tp.zckey++, bytes);
    }

    @Override
    public void get() {
        refs.incrementAndGet();
    }

    @Override
    @Kernel("msg_zerocopy_put")
    public void put(boolean zerocopy) {
        if (refs.decrementAndGet() == 0 && len > 0) {
            TcpErrqueue.zerocopyDone(tp, id, id + len - 1);
        }
    }

    /// The send took nothing: its number is free again.
    @Kernel("msg_zerocopy_put_abort")
    void abort() {
        tp.zckey--;
        len--;
        put(false);
    }

    /// Appends the rest of the user's present buffer, as a fragment of its own: how many bytes, 0 if
    /// the segment has no place for it or belongs to another range, or `-EFAULT`.
    @Kernel("skb_zerocopy_iter_stream")
    int append(TcpSock sk, SkBuff skb, IovIter iter, int room, int maxFrags) {
        UbufInfo other = skb.ubuf;
        if (skb.nrFrags >= maxFrags || (other != null && other != this)) {
            return 0;
        }
        PageFrag frag = new PageFrag();
        int want = Math.min(room, iter.segmentLeft());
        // One byte more keeps the next fragment from merging with this one.
        sk.net.pool.reserve(SoftIrq.current().stripe, want + 1, frag);
        int length = Math.min(want, frag.length);
        int n = iter.copyFromUser(frag.page.data, frag.offset, length);
        if (n == 0) {
            frag.page.put();
            return -Errno.EFAULT;
        }
        skb.addFrag(frag.page, frag.offset, n);
        TcpWriteQueue.wmemQueuedAdd(sk, n);
        attach(skb, other);
        return n;
    }

    private void attach(SkBuff skb, @Nullable UbufInfo present) {
        if (present == null) {
            get();
            skb.ubuf = this;
        }
    }
}
