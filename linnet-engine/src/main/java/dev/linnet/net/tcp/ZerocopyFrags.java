package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.net.core.skb.SkBuff;

/// Walks over the fragments of a received segment as Linux has them: memory that can be mapped is a
/// fragment per page of 4 KB, also where they lie behind one another; other memory is one as it is.
final class ZerocopyFrags {
    private static final int PAGE_SIZE = 4096;

    private final SkBuff skb;
    private int index;

    /// Bytes of fragment [#index] before the one that the walk is at, and where in that it is.
    private int start;

    private int inside;

    ZerocopyFrags(SkBuff skb) {
        this.skb = skb;
    }

    /// Goes to a position of the segment from its beginning; false if that is in the linear part or behind the end.
    @Kernel("skb_advance_to_frag")
    boolean advanceTo(int offset) {
        int left = offset - skb.headlen();
        if (offset >= skb.len || left < 0) {
            return false;
        }
        while (left > 0) {
            int size = size();
            if (size > left) {
                inside = left;
                return true;
            }
            left -= size;
            next();
        }
        return true;
    }

    /// How far the walk is inside of a fragment.
    int inside() {
        return inside;
    }

    boolean last() {
        return index == skb.nrFrags - 1 && start + size() == skb.fragLen[index];
    }

    /// Goes to the next fragment: the bytes on the way.
    int finishFrag() {
        int left = size() - inside;
        inside = 0;
        next();
        return left;
    }

    Page page() {
        return skb.fragPage[index];
    }

    int offset() {
        return skb.fragOff[index] + start;
    }

    private int size() {
        int left = skb.fragLen[index] - start;
        return page().mappable ? Math.min(left, PAGE_SIZE - offset() % PAGE_SIZE) : left;
    }

    void next() {
        start += size();
        if (start == skb.fragLen[index]) {
            index++;
            start = 0;
        }
    }

    @Kernel("can_map_frag")
    private boolean mappable() {
        return page().mappable && offset() % PAGE_SIZE == 0 && size() == PAGE_SIZE;
    }

    /// Bytes from here to a page that can be mapped, `remaining` or more if there is none.
    @Kernel("find_next_mappable_frag")
    int toMappable(int remaining) {
        int bytes = 0;
        while (bytes < remaining && !mappable()) {
            bytes += size();
            next();
        }
        return bytes;
    }
}
