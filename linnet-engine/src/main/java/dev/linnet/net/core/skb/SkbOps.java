package dev.linnet.net.core.skb;

import dev.linnet.fs.IovIter;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.wire.Checksum;
import java.util.Arrays;

/// Operations that walk a packet's linear part and fragments (`net/core/skbuff.c`). The caller owns
/// the packet.
public final class SkbOps {
    private SkbOps() {}

    /// Copies `count` bytes from position `from` (counted from `data`) to an array
    /// (`skb_copy_bits`).
    @Kernel("skb_copy_bits")
    @HotPath
    public static void copyBits(SkBuff skb, int from, byte[] dst, int dstOff, int count) {
        int pos = from;
        int to = dstOff;
        int left = count;
        int inHead = Math.min(left, skb.headlen() - pos);
        if (inHead > 0) {
            System.arraycopy(skb.buf, skb.data + pos, dst, to, inHead);
            pos += inHead;
            to += inHead;
            left -= inHead;
        }
        int at = skb.headlen();
        for (int i = 0; left > 0 && i < skb.nrFrags; i++) {
            int end = at + skb.fragLen[i];
            if (pos < end) {
                int n = Math.min(left, end - pos);
                System.arraycopy(skb.fragPage[i].data, skb.fragOff[i] + (pos - at), dst, to, n);
                pos += n;
                to += n;
                left -= n;
            }
            at = end;
        }
        assert left == 0 : "copy beyond the end of the packet";
    }

    /// Copies `count` bytes from position `from` to the user's buffers; returns the number copied,
    /// less than `count` where the buffers are bad or end (`skb_copy_datagram_iter`).
    @Kernel("skb_copy_datagram_iter")
    @HotPath
    public static int copyToIter(SkBuff skb, int from, IovIter to, int count) {
        int pos = from;
        int left = count;
        int inHead = Math.min(left, skb.headlen() - pos);
        if (inHead > 0) {
            int done = to.copyToUser(skb.buf, skb.data + pos, inHead);
            left -= done;
            pos += done;
            if (done < inHead) {
                return count - left;
            }
        }
        int at = skb.headlen();
        for (int i = 0; left > 0 && i < skb.nrFrags; i++) {
            int end = at + skb.fragLen[i];
            if (pos < end) {
                int n = Math.min(left, end - pos);
                int done = to.copyToUser(skb.fragPage[i].data, skb.fragOff[i] + (pos - at), n);
                left -= done;
                pos += done;
                if (done < n) {
                    break;
                }
            }
            at = end;
        }
        return count - left;
    }

    /// The ones-complement sum, not folded to its complement, of `count` bytes from position `from`,
    /// continued from `sum` (`skb_checksum`).
    @Kernel("skb_checksum")
    @HotPath
    public static int checksum(SkBuff skb, int from, int count, int sum) {
        int pos = from;
        int left = count;
        int result = sum;
        int done = 0;
        int inHead = Math.min(left, skb.headlen() - pos);
        if (inHead > 0) {
            result = Checksum.partial(skb.buf, skb.data + pos, inHead, result);
            pos += inHead;
            left -= inHead;
            done = inHead;
        }
        int at = skb.headlen();
        for (int i = 0; left > 0 && i < skb.nrFrags; i++) {
            int end = at + skb.fragLen[i];
            if (pos < end) {
                int n = Math.min(left, end - pos);
                int part = Checksum.partial(skb.fragPage[i].data, skb.fragOff[i] + pos - at, n, 0);
                result = Checksum.blockAdd(result, part, done);
                pos += n;
                left -= n;
                done += n;
            }
            at = end;
        }
        return result;
    }

    /// Moves `bytes` from the fragments to the end of the linear part (`__pskb_pull_tail`).
    static boolean pullTail(SkBuff skb, int bytes) {
        int stripe = SoftIrq.current().stripe;
        Page head = skb.headPage();
        if (head == null || skb.tailroom() < bytes || !head.exclusive()) {
            int headlen = skb.headlen();
            int room = Math.max(skb.data, 128);
            if (room + headlen + bytes > PagePool.sizeOf(PagePool.JUMBO)) {
                return false;
            }
            Page page = skb.pool.alloc(stripe, PagePool.classFor(room + headlen + bytes));
            moveHead(skb, page, room);
        }
        copyBits(skb, skb.headlen(), skb.buf, skb.tail, bytes);
        int len = skb.len;
        eatFrags(skb, bytes);
        skb.tail += bytes;
        skb.len = len;
        return true;
    }

    /// Removes `bytes` from the front of the fragments; `len` and `dataLen` shrink.
    static void eatFrags(SkBuff skb, int bytes) {
        int left = bytes;
        int gone = 0;
        while (left > 0) {
            int n = Math.min(left, skb.fragLen[gone]);
            skb.fragOff[gone] += n;
            skb.fragLen[gone] -= n;
            left -= n;
            if (skb.fragLen[gone] == 0) {
                skb.fragPage[gone].put();
                gone++;
            }
        }
        removeFirstFrags(skb, gone);
        skb.len -= bytes;
        skb.dataLen -= bytes;
    }

    private static void removeFirstFrags(SkBuff skb, int count) {
        int rest = skb.nrFrags - count;
        if (count > 0) {
            System.arraycopy(skb.fragPage, count, skb.fragPage, 0, rest);
            System.arraycopy(skb.fragOff, count, skb.fragOff, 0, rest);
            System.arraycopy(skb.fragLen, count, skb.fragLen, 0, rest);
            Arrays.fill(skb.fragPage, rest, skb.nrFrags, Page.NONE);
            skb.nrFrags = rest;
        }
    }

    /// Takes `bytes` off the front, wherever they are; header offsets stay.
    @Kernel("__pskb_trim_head")
    public static void trimHead(SkBuff skb, int bytes) {
        int inHead = Math.min(bytes, skb.headlen());
        if (inHead > 0) {
            skb.pull(inHead);
        }
        if (bytes > inHead) {
            eatFrags(skb, bytes - inHead);
        }
    }

    static void trim(SkBuff skb, int newLen) {
        int cut = skb.len - newLen;
        while (cut > 0 && skb.nrFrags > 0) {
            int last = skb.nrFrags - 1;
            int n = Math.min(cut, skb.fragLen[last]);
            skb.fragLen[last] -= n;
            skb.dataLen -= n;
            skb.len -= n;
            cut -= n;
            if (skb.fragLen[last] == 0) {
                skb.fragPage[last].put();
                skb.fragPage[last] = Page.NONE;
                skb.nrFrags = last;
            }
        }
        skb.tail -= cut;
        skb.len -= cut;
    }

    /// Moves everything after the first `at` bytes to `rest`, a packet without a linear part whose
    /// data is empty (`skb_split`). Nothing is copied if the data is in fragments.
    @Kernel("skb_split")
    public static void split(SkBuff skb, SkBuff rest, int at) {
        int headlen = skb.headlen();
        if (at < headlen) {
            moveHeadTail(skb, rest, at, headlen);
        }
        int pos = headlen;
        int keep = 0;
        for (int i = 0; i < skb.nrFrags; i++) {
            int end = pos + skb.fragLen[i];
            if (pos >= at) {
                rest.addFrag(skb.fragPage[i], skb.fragOff[i], skb.fragLen[i]);
                skb.fragPage[i] = Page.NONE;
            } else if (end > at) {
                int n = at - pos;
                skb.fragPage[i].get();
                rest.addFrag(skb.fragPage[i], skb.fragOff[i] + n, skb.fragLen[i] - n);
                skb.fragLen[i] = n;
                keep = i + 1;
            } else {
                keep = i + 1;
            }
            pos = end;
        }
        if (skb.ubuf != null && rest.ubuf == null) {
            rest.ubuf = skb.ubuf;
            rest.ubuf.get();
        }
        int moved = skb.len - at;
        skb.nrFrags = keep;
        skb.len = at;
        skb.dataLen = at - Math.min(at, headlen);
        skb.truesize -= Math.min(moved, skb.truesize - SkBuff.OVERHEAD);
    }

    private static void moveHeadTail(SkBuff skb, SkBuff rest, int at, int headlen) {
        Page head = skb.headPage();
        assert head != null;
        head.get();
        rest.addFrag(head, skb.data + at, headlen - at);
        skb.tail = skb.data + at;
    }

    /// Appends all data of `from` to `to` and leaves `from` without data: what fits into free memory
    /// is copied and costs nothing, else the pages go over. False if these are shared or too many.
    @Kernel("skb_try_coalesce")
    @HotPath
    public static boolean tryCoalesce(SkBuff to, SkBuff from, int maxFrags) {
        if (copiesIntoTailroom(to, from)) {
            return true;
        }
        boolean locked = from.headlen() > 0 && from.headIsLocked();
        return !locked && coalesce(to, from, maxFrags);
    }

    /// Appends all data of `from` to `to` by reference and leaves `from` without data; false if that
    /// would need too many fragments.
    @HotPath
    public static boolean coalesce(SkBuff to, SkBuff from, int maxFrags) {
        int headlen = from.headlen();
        if (to.nrFrags + from.nrFrags + (headlen > 0 ? 1 : 0) > maxFrags) {
            return false;
        }
        int cost = dataCost(from, headlen > 0);
        int truesize = to.truesize + cost;
        if (headlen > 0) {
            Page head = from.headPage();
            assert head != null;
            head.get();
            to.addFrag(head, from.data, headlen);
            from.pull(headlen);
        }
        for (int i = 0; i < from.nrFrags; i++) {
            to.addFrag(from.fragPage[i], from.fragOff[i], from.fragLen[i]);
            from.fragPage[i] = Page.NONE;
        }
        from.nrFrags = 0;
        from.len = 0;
        from.dataLen = 0;
        to.truesize = truesize;
        giveUpTruesize(from, cost);
        return true;
    }

    @HotPath
    private static boolean copiesIntoTailroom(SkBuff to, SkBuff from) {
        int len = from.len;
        if (to.nrFrags != 0 || to.cloned() || len > to.tailroom()) {
            return false;
        }
        copyBits(from, 0, to.buf, to.put(len), len);
        trimHead(from, len);
        return true;
    }

    /// What the data of a packet costs: the pages that it holds, be they ever so empty. The page of
    /// the linear part counts if there is data in it.
    @HotPath
    private static int dataCost(SkBuff skb, boolean withHead) {
        int less = withHead ? SkBuff.STRUCT_COST : SkBuff.OVERHEAD + skb.headTruesize();
        return Math.max(skb.truesize - less, skb.len);
    }

    /// What has left a packet is no longer its cost, nor, if a sock already answers for it (a segment
    /// that lay out of order), that sock's.
    @HotPath
    private static void giveUpTruesize(SkBuff skb, int cost) {
        skb.truesize -= cost;
        if (skb.sk != null && skb.destructor == SkBuff.Destructor.RFREE) {
            skb.sk.addRmem(-cost);
        }
    }

    /// Another packet over the same fragments, with an own and empty linear part for headers: what a
    /// queued segment becomes each time it is sent.
    @HotPath
    public static SkBuff cloneForXmit(SkBuff skb, int stripe, int headroom) {
        assert skb.headPage() == null : "a queued segment has all of its data in fragments";
        SkBuff n = skb.pool.allocSkb(stripe);
        n.copyMetadata(skb);
        n.truesize = skb.truesize;
        n.shareFrags(skb);
        n.addHead(stripe, headroom);
        return n;
    }

    /// A packet of its own with a copy of another's metadata and of its first `bytes`, which are in the
    /// linear part: what the segments and fragments of a packet start as. No owner sock.
    ///
    /// @param headroom bytes to keep free in front
    /// @param tailroom bytes to keep free behind
    public static SkBuff copyHeaders(
            SkBuff skb, int stripe, int headroom, int bytes, int tailroom) {
        assert bytes <= skb.headlen();
        SkBuff n = skb.pool.allocSkb(stripe);
        n.copyMetadata(skb);
        n.len = bytes;
        n.dataLen = 0;
        n.setHead(skb.pool.alloc(stripe, PagePool.classFor(headroom + bytes + tailroom)));
        n.data = headroom;
        n.tail = headroom + bytes;
        System.arraycopy(skb.buf, skb.data, n.buf, headroom, bytes);
        int shift = headroom - skb.data;
        n.macHeader += shift;
        n.networkHeader += shift;
        n.transportHeader += shift;
        n.csumStart += shift;
        return n;
    }

    /// Appends `count` bytes from position `from` to another packet, by reference.
    @HotPath
    public static void shareRange(SkBuff skb, int from, int count, SkBuff to) {
        int pos = from;
        int left = count;
        int inHead = Math.min(left, skb.headlen() - pos);
        if (inHead > 0) {
            Page head = skb.headPage();
            assert head != null;
            head.get();
            to.addFrag(head, skb.data + pos, inHead);
            pos += inHead;
            left -= inHead;
        }
        int at = skb.headlen();
        for (int i = 0; left > 0 && i < skb.nrFrags; i++) {
            int end = at + skb.fragLen[i];
            if (pos < end) {
                int n = Math.min(left, end - pos);
                skb.fragPage[i].get();
                to.addFrag(skb.fragPage[i], skb.fragOff[i] + (pos - at), n);
                pos += n;
                left -= n;
            }
            at = end;
        }
        assert left == 0 : "range beyond the end of the packet";
        if (skb.ubuf != null && to.ubuf == null) {
            to.ubuf = skb.ubuf;
            to.ubuf.get();
        }
    }

    /// Most fragments of a packet that is put together out of others (`MAX_SKB_FRAGS`).
    public static final int MAX_FRAGS = 17;

    /// Moves the first `bytes` of `from` to the end of `to`, by reference; both have all of their data
    /// in fragments. Returns the number moved: all, or 0 where `to` would get too many fragments, or
    /// one of them belongs to a zero-copy send.
    @Kernel("skb_shift")
    @HotPath
    public static int shift(SkBuff to, SkBuff from, int bytes) {
        assert to.headlen() == 0 && from.headlen() == 0 && bytes <= from.len;
        if (bytes == 0 || to.ubuf != null || from.ubuf != null) {
            return 0;
        }
        int last = fragAt(from, bytes - 1);
        if (to.nrFrags + last + 1 > MAX_FRAGS) {
            return 0;
        }
        int left = bytes;
        for (int i = 0; i <= last; i++) {
            int n = Math.min(left, from.fragLen[i]);
            from.fragPage[i].get();
            to.addFrag(from.fragPage[i], from.fragOff[i], n);
            left -= n;
        }
        eatFrags(from, bytes);
        from.truesize -= bytes;
        return bytes;
    }

    /// Index of the fragment that holds byte `pos` of the fragments' bytes.
    private static int fragAt(SkBuff skb, int pos) {
        int i = 0;
        int end = skb.fragLen[0];
        while (pos >= end) {
            i++;
            end += skb.fragLen[i];
        }
        return i;
    }

    /// Gives the packet a linear part of its own if others share the present one.
    public static void unshareHead(SkBuff skb, int stripe) {
        Page head = skb.headPage();
        if (head != null && !head.exclusive()) {
            reallocHead(skb, stripe, skb.data);
        }
    }

    static void reallocHead(SkBuff skb, int stripe, int headroom) {
        int headlen = skb.headlen();
        int room = Math.max(headroom, skb.data);
        Page page = skb.pool.alloc(stripe, PagePool.classFor(room + headlen));
        moveHead(skb, page, room);
    }

    /// Moves the linear part to another page, with `room` bytes before it. The bytes before `data`
    /// come along: the headers of lower layers that were pulled off are still looked at.
    private static void moveHead(SkBuff skb, Page page, int room) {
        int headlen = skb.headlen();
        System.arraycopy(skb.buf, 0, page.data, room - skb.data, skb.data + headlen);
        skb.replaceHead(page, room, room + headlen);
    }

    static void growFrags(SkBuff skb, int count) {
        int size = Math.max(count, skb.fragPage.length * 2);
        skb.fragPage = Arrays.copyOf(skb.fragPage, size);
        skb.fragOff = Arrays.copyOf(skb.fragOff, size);
        skb.fragLen = Arrays.copyOf(skb.fragLen, size);
    }
}
