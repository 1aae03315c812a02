package dev.linnet.net.core.skb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The tree against a sorted list, with sequence numbers that wrap, and its own balance.
class SkbRbTreeTest {
    private static final int SEGMENT = 100;

    private final SkBuffPool pool = new SkBuffPool();

    private SkBuff segment(int seq) {
        SkBuff skb = pool.allocSkb(0);
        skb.cb.seq = seq;
        skb.cb.endSeq = seq + SEGMENT;
        return skb;
    }

    @Test
    void findGivesTheSegmentThatHoldsANumberOrTheNextOne() {
        SkbRbTree tree = new SkbRbTree();
        SkBuff first = segment(-50);
        SkBuff second = segment(200);
        tree.insert(second);
        tree.insert(first);
        assertThat(tree.find(-51)).isSameAs(first);
        assertThat(tree.find(0)).isSameAs(first);
        assertThat(tree.find(49)).isSameAs(first);
        assertThat(tree.find(50)).isSameAs(second);
        assertThat(tree.find(299)).isSameAs(second);
        assertThat(tree.find(300)).isNull();
    }

    @Property(tries = 200)
    void behavesLikeASortedList(@ForAll long seed) {
        Random random = new Random(seed);
        int base = random.nextInt();
        SkbRbTree tree = new SkbRbTree();
        List<SkBuff> model = new ArrayList<>();
        for (int step = 0; step < 300; step++) {
            if (!model.isEmpty() && random.nextInt(5) < 2) {
                SkBuff victim = model.remove(random.nextInt(model.size()));
                tree.erase(victim);
            } else {
                add(tree, model, random, base);
            }
            assertThat(tree.size()).isEqualTo(model.size());
            assertThat(tree.isEmpty()).isEqualTo(model.isEmpty());
        }
        assertThat(forwards(tree)).containsExactlyElementsOf(model);
        assertThat(backwards(tree)).containsExactlyElementsOf(model.reversed());
        blackHeight(root(tree));
    }

    /// Adds a segment by its number, or right after another one, as a cut segment's rest.
    private void add(SkbRbTree tree, List<SkBuff> model, Random random, int base) {
        if (!model.isEmpty() && random.nextInt(4) == 0) {
            int at = random.nextInt(model.size());
            SkBuff skb = segment(model.get(at).cb.seq);
            tree.insertAfter(model.get(at), skb);
            model.add(at + 1, skb);
            return;
        }
        SkBuff skb = segment(base + SEGMENT * random.nextInt(2000));
        int place = 0;
        while (place < model.size() && model.get(place).cb.seq - skb.cb.seq <= 0) {
            place++;
        }
        tree.insert(skb);
        model.add(place, skb);
    }

    private static List<SkBuff> forwards(SkbRbTree tree) {
        List<SkBuff> list = new ArrayList<>();
        for (SkBuff skb = tree.first(); skb != null; skb = SkbRbTree.next(skb)) {
            list.add(skb);
        }
        return list;
    }

    private static List<SkBuff> backwards(SkbRbTree tree) {
        List<SkBuff> list = new ArrayList<>();
        for (SkBuff skb = tree.last(); skb != null; skb = SkbRbTree.prev(skb)) {
            list.add(skb);
        }
        return list;
    }

    private static @Nullable SkBuff root(SkbRbTree tree) {
        SkBuff skb = tree.first();
        while (skb != null && skb.rbParent != null) {
            skb = skb.rbParent;
        }
        assertThat(skb == null || !skb.rbRed).as("the root is black").isTrue();
        return skb;
    }

    /// Black nodes on every way down; fails where two ways differ or a red one has a red child.
    private static int blackHeight(@Nullable SkBuff skb) {
        if (skb == null) {
            return 1;
        }
        for (SkBuff child : new SkBuff[] {skb.rbLeft, skb.rbRight}) {
            if (child != null) {
                assertThat(child.rbParent).isSameAs(skb);
                assertThat(skb.rbRed && child.rbRed).as("two red in a row").isFalse();
            }
        }
        int left = blackHeight(skb.rbLeft);
        assertThat(blackHeight(skb.rbRight)).isEqualTo(left);
        return left + (skb.rbRed ? 0 : 1);
    }
}
