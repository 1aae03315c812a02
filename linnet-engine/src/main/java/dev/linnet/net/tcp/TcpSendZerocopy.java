package dev.linnet.net.tcp;

import dev.linnet.fs.IovIter;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.UbufInfo;
import dev.linnet.net.core.sock.MsgZerocopy;
import dev.linnet.uapi.Errno;

/// `MSG_ZEROCOPY`: segments that are made of the user's memory.
final class TcpSendZerocopy {
    private TcpSendZerocopy() {}

    /// The range that a send of `bytes` belongs to; sock locked.
    static MsgZerocopy begin(TcpSock tp, int bytes) {
        SkBuff tail = tp.writeQueue.peekTail();
        return MsgZerocopy.realloc(tp, tail == null ? null : tail.ubuf, bytes);
    }

    /// Appends the rest of the user's present buffer, as a fragment of its own: how many bytes, 0 if
    /// the segment has no place for it or belongs to another range, or `-EFAULT`.
    @Kernel("skb_zerocopy_iter_stream")
    static int append(
            TcpSock tp, SkBuff skb, IovIter iter, int room, int maxFrags, MsgZerocopy range) {
        UbufInfo present = skb.ubuf;
        if (skb.nrFrags >= maxFrags || (present != null && present != range)) {
            return 0;
        }
        PageFrag frag = TcpSendmsg.frag(tp);
        if (!iter.userPage(tp.net.pool, room, IovIter.ANY_PLACE, frag)) {
            return -Errno.EFAULT;
        }
        int n = frag.length;
        if (!frag.page.isUsers()) {
            range.copied();
        }
        skb.addFrag(frag.page, frag.offset, n);
        TcpWriteQueue.wmemQueuedAdd(tp, n);
        if (present == null) {
            range.get();
            skb.ubuf = range;
        }
        return n;
    }
}
