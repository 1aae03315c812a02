package dev.linnet.net.core.skb;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.SoftIrq;

/// Packets that are sent from a user's memory ([UbufInfo]) and where that ends.
public final class SkbZerocopy {
    private SkbZerocopy() {}

    /// A device has copied the data, so a zero-copy send was none.
    @HotPath
    public static void dataCopied(SkBuff skb) {
        UbufInfo ubuf = skb.ubuf;
        if (ubuf != null) {
            ubuf.copied();
        }
    }

    /// Gives a received packet memory of its own in place of a user's that it was sent from
    /// (`skb_orphan_frags_rx`): the sender has it back without waiting for the reader.
    @Kernel("skb_orphan_frags_rx")
    @HotPath
    public static void orphanFragsRx(SkBuff skb) {
        if (skb.ubuf != null) {
            copyUbufs(skb, skb.ubuf);
        }
    }

    @Kernel("skb_copy_ubufs")
    private static void copyUbufs(SkBuff skb, UbufInfo ubuf) {
        int stripe = SoftIrq.current().stripe;
        int at = skb.headlen();
        int pages = 0;
        Page[] copies = new Page[skb.dataLen / PagePool.sizeOf(PagePool.FRAG) + 1];
        for (; at < skb.len; pages++) {
            Page page = skb.pool.alloc(stripe, PagePool.FRAG);
            page.mappable = true;
            int n = Math.min(page.data.length, skb.len - at);
            SkbOps.copyBits(skb, at, page.data, 0, n);
            copies[pages] = page;
            at += n;
        }
        replaceFrags(skb, copies, pages);
        skb.ubuf = null;
        ubuf.copied();
        ubuf.put();
    }

    private static void replaceFrags(SkBuff skb, Page[] pages, int count) {
        int bytes = skb.dataLen;
        int truesize = skb.truesize;
        for (int i = 0; i < skb.nrFrags; i++) {
            skb.fragPage[i].put();
            skb.fragPage[i] = Page.NONE;
        }
        skb.nrFrags = 0;
        skb.len -= bytes;
        skb.dataLen = 0;
        for (int i = 0; i < count; i++) {
            int n = Math.min(pages[i].data.length, bytes);
            skb.addFrag(pages[i], 0, n);
            bytes -= n;
        }
        skb.truesize = truesize;
    }
}
