package dev.linnet.net.core.skb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.kernel.trace.DropReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SkBuffHeadTest {
    private final SkBuffPool pool = new SkBuffPool();
    private final SkBuffHead queue = new SkBuffHead();

    private static List<SkBuff> list(SkBuffHead queue) {
        List<SkBuff> list = new ArrayList<>();
        SkBuff before = null;
        for (SkBuff skb = queue.peek(); skb != null; skb = skb.next) {
            assertThat(skb.prev).isSameAs(before);
            assertThat(skb.list).isSameAs(queue);
            list.add(skb);
            before = skb;
        }
        assertThat(queue.peekTail()).isSameAs(before);
        assertThat(queue.qlen()).isEqualTo(list.size());
        assertThat(queue.isEmpty()).isEqualTo(list.isEmpty());
        return list;
    }

    @Test
    void keepsTheOrderInWhichPacketsAreLinked() {
        SkBuff a = pool.allocSkb(0);
        SkBuff b = pool.allocSkb(0);
        SkBuff c = pool.allocSkb(0);
        SkBuff d = pool.allocSkb(0);
        queue.queueTail(b);
        queue.queueHead(a);
        queue.queueAfter(b, d);
        queue.queueBefore(d, c);
        assertThat(list(queue)).containsExactly(a, b, c, d);
        queue.unlink(c);
        assertThat(list(queue)).containsExactly(a, b, d);
        assertThat(queue.dequeue()).isSameAs(a);
        queue.unlink(d);
        assertThat(list(queue)).containsExactly(b);
        assertThat(queue.dequeue()).isSameAs(b);
        assertThat(queue.dequeue()).isNull();
        assertThat(list(queue)).isEmpty();
    }

    @Test
    void aPacketIsInOneQueueAtMost() {
        SkBuff skb = pool.allocSkb(0);
        queue.queueTail(skb);
        assertThatThrownBy(() -> new SkBuffHead().queueTail(skb))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(skb::consume).isInstanceOf(AssertionError.class);
    }

    @Test
    void aPacketEndsOnce() {
        SkBuff skb = pool.allocSkb(0);
        skb.consume();
        assertThatThrownBy(skb::consume).isInstanceOf(AssertionError.class);
    }

    @Test
    void purgeEndsEveryPacketAndSaysWhy() {
        List<DropReason> heard = new ArrayList<>();
        pool.drops.listen((skb, reason) -> heard.add(reason));
        for (int i = 0; i < 3; i++) {
            queue.queueTail(SkBuff.alloc(pool, 0, 100));
        }
        queue.purge(DropReason.SOCKET_CLOSE);
        assertThat(list(queue)).isEmpty();
        assertThat(pool.drops.count(DropReason.SOCKET_CLOSE)).isEqualTo(3);
        assertThat(heard).hasSize(3).containsOnly(DropReason.SOCKET_CLOSE);
        assertThat(pool.outstanding()).isZero();
    }
}
