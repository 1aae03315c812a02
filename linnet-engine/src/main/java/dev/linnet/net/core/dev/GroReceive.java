package dev.linnet.net.core.dev;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffHead;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.wire.Tcp;
import org.jspecify.annotations.Nullable;

/// Merges received TCP segments of one connection into large ones, which cost the stack as much as a
/// single one (`net/core/gro.c`, `tcp_gro_receive`). What is merged could be cut up again into the
/// very same packets.
///
/// Belongs to one receiving thread of a driver (`struct napi_struct`), which calls [#flush] at the
/// end of each batch of packets.
public final class GroReceive {
    private static final int BUCKETS = 8;

    /// Connections that may be held per bucket.
    private static final int MAX_HELD = 8;

    /// Largest merged packet, headers included.
    private static final int MAX_SIZE = 65536;

    private static final int NEVER_MERGED = Tcp.URG | Tcp.RST | Tcp.SYN;
    private static final int ENDS_MERGING = NEVER_MERGED | Tcp.PSH | Tcp.FIN;

    private final SkBuffHead[] held = new SkBuffHead[BUCKETS];
    private final GroHeaders headers = new GroHeaders();

    public GroReceive() {
        for (int i = 0; i < BUCKETS; i++) {
            held[i] = new SkBuffHead();
        }
    }

    /// Receives a packet at its network header, with `dev` and `protocol` set: merges it, holds it back
    /// or hands it on. Takes ownership.
    @Kernel({"napi_gro_receive", "dev_gro_receive"})
    @HotPath
    public void receive(SkBuff skb) {
        NetDevice dev = skb.dev;
        if (dev == null || !dev.hasFeature(NetDevice.F_GRO) || !headers.parse(skb)) {
            pass(skb);
            return;
        }
        SkBuffHead bucket = held[headers.hash() & (BUCKETS - 1)];
        SkBuff same = sameFlow(bucket, skb);
        int flags = Tcp.flags(skb.buf, skb.transportHeader);
        int payload = headers.payload();
        if (same != null && canMerge(same, skb, payload, flags)) {
            boolean ends = payload < same.gsoSize || (flags & ENDS_MERGING) != 0;
            merge(same, skb, payload, flags);
            if (ends) {
                bucket.unlink(same);
                complete(same);
            }
            return;
        }
        if (same != null) {
            bucket.unlink(same);
            complete(same);
        }
        if (payload == 0 || (flags & (ENDS_MERGING | Tcp.CWR)) != 0 || skb.gsoSize != 0) {
            pass(skb);
            return;
        }
        hold(bucket, skb, payload);
    }

    private @Nullable SkBuff sameFlow(SkBuffHead bucket, SkBuff skb) {
        for (SkBuff p = bucket.peek(); p != null; p = p.next) {
            if (p.hash == headers.hash() && GroHeaders.sameFlow(p, skb)) {
                return p;
            }
        }
        return null;
    }

    /// True if the segment follows the held one without a gap and looks like it.
    @Kernel("tcp_gro_receive")
    @HotPath
    private boolean canMerge(SkBuff p, SkBuff skb, int payload, int flags) {
        int firstFlags = Tcp.flags(p.buf, p.transportHeader);
        boolean like =
                (flags & (NEVER_MERGED | Tcp.CWR)) == 0
                        && ((flags ^ firstFlags) & ~(Tcp.FIN | Tcp.PSH)) == 0
                        && GroHeaders.sameHeaders(p, skb);
        int next = Tcp.seq(p.buf, p.transportHeader) + p.len - GroHeaders.headerBytes(p);
        return like
                && skb.gsoSize == 0
                && payload > 0
                && payload <= p.gsoSize
                && next == Tcp.seq(skb.buf, skb.transportHeader)
                && p.len + payload < MAX_SIZE;
    }

    @Kernel("skb_gro_receive")
    @HotPath
    private static void merge(SkBuff p, SkBuff skb, int payload, int flags) {
        Tcp.flags(
                p.buf,
                p.transportHeader,
                Tcp.flags(p.buf, p.transportHeader) | flags & (Tcp.FIN | Tcp.PSH));
        SkbOps.trimHead(skb, skb.len - payload);
        SkbOps.coalesce(p, skb, Integer.MAX_VALUE);
        p.gsoSegs++;
        skb.consume();
    }

    @HotPath
    private void hold(SkBuffHead bucket, SkBuff skb, int payload) {
        if (bucket.qlen() >= MAX_HELD) {
            SkBuff oldest = bucket.dequeue();
            assert oldest != null;
            complete(oldest);
        }
        skb.hash = headers.hash();
        skb.gsoSize = payload;
        skb.gsoSegs = 1;
        bucket.queueTail(skb);
    }

    /// Hands on all that is held.
    @Kernel("napi_gro_flush")
    @HotPath
    public void flush() {
        for (int i = 0; i < BUCKETS; i++) {
            SkBuff skb;
            while ((skb = held[i].dequeue()) != null) {
                complete(skb);
            }
        }
    }

    @Kernel("napi_gro_complete")
    @HotPath
    private static void complete(SkBuff skb) {
        if (skb.gsoSegs > 1) {
            GroHeaders.finish(skb);
        } else {
            skb.gsoSize = 0;
            skb.gsoSegs = 0;
        }
        pass(skb);
    }

    @HotPath
    private static void pass(SkBuff skb) {
        SoftnetData.netifRx(skb);
    }
}
