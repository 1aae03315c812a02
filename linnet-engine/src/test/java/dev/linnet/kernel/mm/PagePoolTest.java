package dev.linnet.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.kernel.sched.SoftIrq;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PagePoolTest {
    private final PagePool pool = new PagePool();
    private final int stripe = SoftIrq.current().stripe;

    @Test
    void aPageComesBackWhenItsLastReferenceGoes() {
        Page page = pool.alloc(stripe, PagePool.MTU);
        page.get();
        assertThat(page.exclusive()).isFalse();
        page.put();
        assertThat(pool.outstanding()).isEqualTo(1);
        assertThat(page.exclusive()).isTrue();
        page.put();
        assertThat(pool.outstanding()).isZero();
        assertThat(pool.alloc(stripe, PagePool.MTU)).isSameAs(page);
    }

    @Test
    void aPageIsFreedOnce() {
        Page page = pool.alloc(stripe, PagePool.HEAD);
        page.put();
        assertThatThrownBy(page::put).isInstanceOf(AssertionError.class);
        assertThatThrownBy(page::get).isInstanceOf(AssertionError.class);
    }

    @Test
    void theSmallestClassThatFits() {
        for (int c = PagePool.HEAD; c <= PagePool.JUMBO; c++) {
            assertThat(PagePool.classFor(PagePool.sizeOf(c))).isEqualTo(c);
        }
        assertThat(PagePool.classFor(PagePool.sizeOf(PagePool.HEAD) + 1)).isEqualTo(PagePool.MTU);
        assertThatThrownBy(() -> PagePool.classFor(PagePool.sizeOf(PagePool.JUMBO) + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void reservationsOfOneThreadAreAdjacent() {
        PageFrag first = new PageFrag();
        PageFrag second = new PageFrag();
        pool.reserve(stripe, 100, first);
        pool.reserve(stripe, 50, second);
        assertThat(second.page).isSameAs(first.page);
        assertThat(second.offset).isEqualTo(first.offset + 100);
        assertThat(second.length).isEqualTo(50);
        first.page.put();
        second.page.put();
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    void aLargeReservationGivesTheRestOfThePage() {
        PageFrag frag = new PageFrag();
        pool.reserve(stripe, 1 << 20, frag);
        assertThat(frag.length).isEqualTo(PagePool.sizeOf(PagePool.FRAG));
        frag.page.put();
        assertThat(pool.outstanding()).isZero();
    }

    /// Payload pages go round: however much is written, a few pages are enough when each write is
    /// freed soon.
    @Test
    void reservationsReuseTheirPages() {
        Set<Page> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        PageFrag frag = new PageFrag();
        for (int i = 0; i < 1000; i++) {
            pool.reserve(stripe, 20_000, frag);
            seen.add(frag.page);
            frag.page.put();
        }
        assertThat(seen).hasSizeLessThanOrEqualTo(3);
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    @Timeout(60)
    void pagesMayBeFreedByOtherThreads() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        Page[] handedOver = new Page[64];
        for (int t = 0; t < 4; t++) {
            int seed = t;
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        int mine = SoftIrq.current().stripe;
                                        for (int i = 0; i < 50_000; i++) {
                                            Page page = pool.alloc(mine, i & 3);
                                            Page old;
                                            synchronized (handedOver) {
                                                int slot = (i * 7 + seed) & 63;
                                                old = handedOver[slot];
                                                handedOver[slot] = page;
                                            }
                                            if (old != null) {
                                                old.put();
                                            }
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (Page page : handedOver) {
            page.put();
        }
        assertThat(pool.outstanding()).isZero();
    }
}
