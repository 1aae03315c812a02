package dev.linnet.net.core.skb;

import dev.linnet.kernel.HotPath;
import dev.linnet.wire.Seq;
import org.jspecify.annotations.Nullable;

/// Segments ordered by their first sequence number in a red-black tree through the packets
/// themselves: the retransmit queue and the out-of-order queue. Guarded by the sock's lock.
@SuppressWarnings("NullAway") // that a link is there follows from the colours and the order
public final class SkbRbTree {
    private @Nullable SkBuff root;
    private int size;

    public boolean isEmpty() {
        return root == null;
    }

    public int size() {
        return size;
    }

    /// The lowest segment, or null.
    @HotPath
    public @Nullable SkBuff first() {
        SkBuff n = root;
        if (n == null) {
            return null;
        }
        while (n.rbLeft != null) {
            n = n.rbLeft;
        }
        return n;
    }

    /// The highest segment, or null.
    @HotPath
    public @Nullable SkBuff last() {
        SkBuff n = root;
        if (n == null) {
            return null;
        }
        while (n.rbRight != null) {
            n = n.rbRight;
        }
        return n;
    }

    /// The segment after this one, or null.
    @HotPath
    public static @Nullable SkBuff next(SkBuff skb) {
        SkBuff n = skb.rbRight;
        if (n != null) {
            while (n.rbLeft != null) {
                n = n.rbLeft;
            }
            return n;
        }
        SkBuff child = skb;
        SkBuff parent = skb.rbParent;
        while (parent != null && parent.rbRight == child) {
            child = parent;
            parent = parent.rbParent;
        }
        return parent;
    }

    /// The segment before this one, or null.
    @HotPath
    public static @Nullable SkBuff prev(SkBuff skb) {
        SkBuff n = skb.rbLeft;
        if (n != null) {
            while (n.rbRight != null) {
                n = n.rbRight;
            }
            return n;
        }
        SkBuff child = skb;
        SkBuff parent = skb.rbParent;
        while (parent != null && parent.rbLeft == child) {
            child = parent;
            parent = parent.rbParent;
        }
        return parent;
    }

    /// Where a walk down the tree begins; it goes on with [#left] and [#right].
    public @Nullable SkBuff root() {
        return root;
    }

    public static @Nullable SkBuff left(SkBuff skb) {
        return skb.rbLeft;
    }

    public static @Nullable SkBuff right(SkBuff skb) {
        return skb.rbRight;
    }

    /// The segment that contains `seq`, or else the first one after it, or null.
    @HotPath
    public @Nullable SkBuff find(int seq) {
        SkBuff n = root;
        SkBuff after = null;
        while (n != null) {
            if (Seq.before(seq, n.cb.seq)) {
                after = n;
                n = n.rbLeft;
            } else if (!Seq.before(seq, n.cb.endSeq)) {
                n = n.rbRight;
            } else {
                return n;
            }
        }
        return after;
    }

    /// Adds a segment in the place of its sequence number, after those that start equally.
    @HotPath
    public void insert(SkBuff skb) {
        SkBuff parent = null;
        SkBuff n = root;
        boolean left = false;
        while (n != null) {
            parent = n;
            left = Seq.before(skb.cb.seq, n.cb.seq);
            n = left ? n.rbLeft : n.rbRight;
        }
        attach(skb, parent, left);
    }

    /// Adds a segment right after one that is in the tree.
    @HotPath
    public void insertAfter(SkBuff at, SkBuff skb) {
        SkBuff right = at.rbRight;
        if (right == null) {
            attach(skb, at, false);
            return;
        }
        while (right.rbLeft != null) {
            right = right.rbLeft;
        }
        attach(skb, right, true);
    }

    /// Adds a segment below `parent`, where a walk down the tree ended; null in an empty tree
    /// (`rb_link_node`, `rb_insert_color`).
    @HotPath
    public void attach(SkBuff skb, @Nullable SkBuff parent, boolean left) {
        skb.rbParent = parent;
        skb.rbLeft = null;
        skb.rbRight = null;
        skb.rbRed = true;
        if (parent == null) {
            root = skb;
        } else if (left) {
            parent.rbLeft = skb;
        } else {
            parent.rbRight = skb;
        }
        size++;
        fixInsert(skb);
    }

    @SuppressWarnings("NullAway") // where a node must be, the tree's invariants put one
    private void fixInsert(SkBuff skb) {
        SkBuff n = skb;
        SkBuff parent;
        while ((parent = n.rbParent) != null && parent.rbRed) {
            SkBuff grand = parent.rbParent;
            assert grand != null;
            boolean parentLeft = parent == grand.rbLeft;
            SkBuff uncle = parentLeft ? grand.rbRight : grand.rbLeft;
            if (red(uncle)) {
                parent.rbRed = false;
                uncle.rbRed = false;
                grand.rbRed = true;
                n = grand;
                continue;
            }
            if (n == (parentLeft ? parent.rbRight : parent.rbLeft)) {
                rotate(parent, parentLeft);
                parent = n;
            }
            parent.rbRed = false;
            grand.rbRed = true;
            rotate(grand, !parentLeft);
            break;
        }
        root.rbRed = false;
    }

    /// Puts a segment in the place of another one (`rb_replace_node`).
    public void replace(SkBuff old, SkBuff by) {
        by.rbParent = old.rbParent;
        by.rbLeft = old.rbLeft;
        by.rbRight = old.rbRight;
        by.rbRed = old.rbRed;
        replaceChild(old.rbParent, old, by);
        if (by.rbLeft != null) {
            by.rbLeft.rbParent = by;
        }
        if (by.rbRight != null) {
            by.rbRight.rbParent = by;
        }
        old.rbLeft = null;
        old.rbRight = null;
        old.rbParent = null;
    }

    /// Takes a segment of this tree out.
    @HotPath
    public void erase(SkBuff skb) {
        if (skb.rbLeft != null && skb.rbRight != null) {
            exchangeWithSuccessor(skb);
        }
        SkBuff child = skb.rbLeft != null ? skb.rbLeft : skb.rbRight;
        SkBuff parent = skb.rbParent;
        replaceChild(parent, skb, child);
        if (child != null) {
            child.rbParent = parent;
        }
        if (!skb.rbRed) {
            fixErase(child, parent);
        }
        skb.rbLeft = null;
        skb.rbRight = null;
        skb.rbParent = null;
        size--;
    }

    /// Swaps the places (and colours) of a segment with two children and the one after it.
    @SuppressWarnings("NullAway") // it has two children, so there is a successor
    private void exchangeWithSuccessor(SkBuff skb) {
        SkBuff s = skb.rbRight;
        while (s.rbLeft != null) {
            s = s.rbLeft;
        }
        SkBuff sRight = s.rbRight;
        SkBuff sParent = s.rbParent;
        boolean sRed = s.rbRed;
        replaceChild(skb.rbParent, skb, s);
        s.rbParent = skb.rbParent;
        s.rbLeft = skb.rbLeft;
        s.rbLeft.rbParent = s;
        s.rbRed = skb.rbRed;
        if (sParent == skb) {
            s.rbRight = skb;
            skb.rbParent = s;
        } else {
            s.rbRight = skb.rbRight;
            s.rbRight.rbParent = s;
            sParent.rbLeft = skb;
            skb.rbParent = sParent;
        }
        skb.rbLeft = null;
        skb.rbRight = sRight;
        if (sRight != null) {
            sRight.rbParent = skb;
        }
        skb.rbRed = sRed;
    }

    @SuppressWarnings("NullAway") // where a node must be, the tree's invariants put one
    private void fixErase(@Nullable SkBuff child, @Nullable SkBuff childParent) {
        SkBuff n = child;
        SkBuff parent = childParent;
        while (parent != null && !red(n)) {
            boolean left = parent.rbLeft == n;
            SkBuff sibling = left ? parent.rbRight : parent.rbLeft;
            if (red(sibling)) {
                sibling.rbRed = false;
                parent.rbRed = true;
                rotate(parent, left);
                sibling = left ? parent.rbRight : parent.rbLeft;
            }
            SkBuff near = left ? sibling.rbLeft : sibling.rbRight;
            SkBuff far = left ? sibling.rbRight : sibling.rbLeft;
            if (!red(near) && !red(far)) {
                sibling.rbRed = true;
                n = parent;
                parent = n.rbParent;
                continue;
            }
            if (!red(far)) {
                near.rbRed = false;
                sibling.rbRed = true;
                rotate(sibling, !left);
                sibling = near;
                far = left ? sibling.rbRight : sibling.rbLeft;
            }
            sibling.rbRed = parent.rbRed;
            parent.rbRed = false;
            far.rbRed = false;
            rotate(parent, left);
            n = root;
            break;
        }
        if (n != null) {
            n.rbRed = false;
        }
    }

    private static boolean red(@Nullable SkBuff n) {
        return n != null && n.rbRed;
    }

    /// Rotates a node to the left (its right child takes its place) or to the right.
    @SuppressWarnings("NullAway") // where a node must be, the tree's invariants put one
    private void rotate(SkBuff n, boolean left) {
        SkBuff up = left ? n.rbRight : n.rbLeft;
        SkBuff middle = left ? up.rbLeft : up.rbRight;
        replaceChild(n.rbParent, n, up);
        up.rbParent = n.rbParent;
        n.rbParent = up;
        if (left) {
            up.rbLeft = n;
            n.rbRight = middle;
        } else {
            up.rbRight = n;
            n.rbLeft = middle;
        }
        if (middle != null) {
            middle.rbParent = n;
        }
    }

    private void replaceChild(@Nullable SkBuff parent, SkBuff old, @Nullable SkBuff by) {
        if (parent == null) {
            root = by;
        } else if (parent.rbLeft == old) {
            parent.rbLeft = by;
        } else {
            parent.rbRight = by;
        }
    }
}
