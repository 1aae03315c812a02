package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import dev.linnet.net.core.skb.UbufInfo;
import dev.linnet.uapi.SockExtendedErr;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A range of `MSG_ZEROCOPY` sends that are completed together (`struct ubuf_info_msgzc`).
///
/// Of streams, heap buffers are hung into the packets themselves and belong to the network until the
/// completion; direct ones, and datagrams, are copied. As on Linux, nobody who receives a packet inside
/// of this machine keeps the user's memory: it is copied on the way in, and the completion says so
/// (`SO_EE_CODE_ZEROCOPY_COPIED`), as it does after a TUN device.
@Kernel("ubuf_info_msgzc")
public final class MsgZerocopy extends UbufInfo {
    /// A range takes no more sends beyond these many bytes or this many sends.
    private static final int BYTE_LIMIT = 1 << 19;

    private static final int MAX_SENDS = 65534;

    private final Sock sk;

    /// Number of the first send, and how many follow on it.
    private final int id;

    private int len = 1;
    private long byteLen;
    private final AtomicInteger refs = new AtomicInteger(1);
    private volatile boolean zerocopy = true;

    private MsgZerocopy(Sock sk, int id, int bytes) {
        this.sk = sk;
        this.id = id;
        this.byteLen = bytes;
    }

    /// The range that a send of `bytes` belongs to, with a reference for the caller: that of the last
    /// unsent packet if the numbers go on there.
    ///
    /// @param last of the last unsent packet
    @Kernel({"msg_zerocopy_realloc", "msg_zerocopy_alloc"})
    public static MsgZerocopy realloc(Sock sk, @Nullable UbufInfo last, int bytes) {
        synchronized (sk) {
            if (last instanceof MsgZerocopy range
                    && range.len < MAX_SENDS
                    && range.byteLen + bytes <= BYTE_LIMIT
                    && range.id + range.len == sk.zckey) {
                range.len++;
                range.byteLen += bytes;
                sk.zckey++;
                range.get();
                return range;
            }
            return new MsgZerocopy(sk, sk.zckey++, bytes);
        }
    }

    /// A send whose data was copied and is gone, so that it is complete.
    public static void completed(Sock sk) {
        MsgZerocopy range = realloc(sk, null, 0);
        range.copied();
        range.put();
    }

    @Override
    public void get() {
        refs.incrementAndGet();
    }

    @Override
    @Kernel("msg_zerocopy_put")
    public void put() {
        if (refs.decrementAndGet() == 0 && len > 0) {
            report();
        }
    }

    @Override
    public void copied() {
        zerocopy = false;
    }

    /// The send took nothing: its number is free again.
    @Kernel("msg_zerocopy_put_abort")
    public void abort() {
        synchronized (sk) {
            sk.zckey--;
            len--;
        }
        put();
    }

    // ---- the error queue

    /// The sends are done with their buffers. A range that follows on the last one in the queue, and
    /// went the same way, lengthens it. Any context.
    @Kernel("__msg_zerocopy_callback")
    private void report() {
        if (sk.dead) {
            return;
        }
        int code = zerocopy ? 0 : SockExtendedErr.SO_EE_CODE_ZEROCOPY_COPIED;
        int high = id + len - 1;
        if (extendsLast(sk.errorQueue, id, high, code)) {
            sk.errorReport();
            return;
        }
        SkBuff skb = SkBuff.allocFragmented(sk.net.pool, SoftIrq.current().stripe);
        skb.exterr = SockExterr.of(completion(id, high, code));
        SkBuffErrors.queue(sk, skb);
    }

    private static SockExtendedErr completion(int low, int high, int code) {
        return new SockExtendedErr(0, SockExtendedErr.SO_EE_ORIGIN_ZEROCOPY, 0, code, low, high);
    }

    @Kernel("skb_zerocopy_notify_extend")
    private static boolean extendsLast(@Nullable SkBuffHead queue, int low, int high, int code) {
        if (queue == null) {
            return false;
        }
        synchronized (queue) {
            SkBuff last = queue.peekTail();
            if (last == null) {
                return false;
            }
            SockExterr e = last.exterr;
            if (e == null
                    || e.ee().origin() != SockExtendedErr.SO_EE_ORIGIN_ZEROCOPY
                    || e.ee().code() != code
                    || e.ee().data() + 1 != low) {
                return false;
            }
            last.exterr = SockExterr.of(completion(e.ee().info(), high, code));
            return true;
        }
    }
}
