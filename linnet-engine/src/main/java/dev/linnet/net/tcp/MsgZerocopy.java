package dev.linnet.net.tcp;

import dev.linnet.fs.IovIter;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.UbufInfo;
import dev.linnet.uapi.Errno;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A range of `MSG_ZEROCOPY` sends that are completed together (`struct ubuf_info_msgzc`).
///
/// Heap buffers are hung into the packets themselves and belong to the network until the completion;
/// direct ones are copied. As on Linux, nobody who receives a packet inside of this machine keeps the
/// user's memory: it is copied on the way in, and the completion says so
/// (`SO_EE_CODE_ZEROCOPY_COPIED`), as it does after a TUN device.
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
    private volatile boolean zerocopy = true;

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
    public void put() {
        if (refs.decrementAndGet() == 0 && len > 0) {
            TcpErrqueue.zerocopyDone(tp, id, id + len - 1, !zerocopy);
        }
    }

    @Override
    public void copied() {
        zerocopy = false;
    }

    /// The send took nothing: its number is free again.
    @Kernel("msg_zerocopy_put_abort")
    void abort() {
        tp.zckey--;
        len--;
        put();
    }

    /// Appends the rest of the user's present buffer, as a fragment of its own: how many bytes, 0 if
    /// the segment has no place for it or belongs to another range, or `-EFAULT`.
    @Kernel("skb_zerocopy_iter_stream")
    int append(TcpSock sk, SkBuff skb, IovIter iter, int room, int maxFrags) {
        UbufInfo other = skb.ubuf;
        if (skb.nrFrags >= maxFrags || (other != null && other != this)) {
            return 0;
        }
        PageFrag frag = TcpSendmsg.frag(sk);
        if (!iter.userPage(sk.net.pool, room, IovIter.ANY_PLACE, frag)) {
            return -Errno.EFAULT;
        }
        int n = frag.length;
        if (!frag.page.isUsers()) {
            copied();
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
