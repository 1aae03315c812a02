package dev.linnet.net.core.sock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.kernel.sched.VirtualScheduler;
import dev.linnet.kernel.sysctl.Machine;
import dev.linnet.kernel.sysctl.SysctlValues;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.NetRandom;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkBuffPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SockLockTest {
    private final VirtualScheduler scheduler = new VirtualScheduler(1);
    private final SkBuffPool pool = new SkBuffPool();
    private final NetNamespace net =
            new NetNamespace(
                    "test",
                    scheduler,
                    pool,
                    new NetRandom(1),
                    SysctlValues.initial(Machine.ofMemory(1L << 32)),
                    new AtomicLong(1));

    /// A sock that notes what its lock makes it do; never more than one thread at a time.
    private static final class TestSock extends Sock {
        private final AtomicInteger inside = new AtomicInteger();
        private final List<String> log = new ArrayList<>();
        private Runnable onReceive = () -> {};
        private long packets;
        private long bits;
        private long bitRuns;

        @SuppressWarnings("NullAway") // has no protocol
        TestSock(NetNamespace net) {
            super(net, 2, 1, 6, null);
        }

        @Override
        protected void backlogRcv(SkBuff skb) {
            assertThat(inside.incrementAndGet()).isEqualTo(1);
            assertThat(lock.ownedByMe()).isTrue();
            packets++;
            if (log.size() < 1000) {
                log.add("packet " + skb.mark + (lock.draining() ? "" : " not draining"));
            }
            skb.consume();
            inside.decrementAndGet();
            onReceive.run();
        }

        @Override
        protected void releaseCb(int which) {
            assertThat(lock.ownedByMe()).isTrue();
            bits |= which;
            bitRuns++;
            if (log.size() < 1000) {
                log.add("bits " + which);
            }
        }
    }

    private final TestSock sk = new TestSock(net);

    private SkBuff packet(int mark) {
        SkBuff skb = SkBuff.alloc(pool, 0, 100);
        skb.mark = mark;
        return skb;
    }

    @Test
    void whatComesWhileItIsOwnedIsDoneByTheOwnerInOrder() {
        sk.lock.lock();
        assertThat(sk.lock.tryLock()).isFalse();
        for (int i = 1; i <= 3; i++) {
            assertThat(sk.lock.addBacklog(packet(i), Integer.MAX_VALUE)).isTrue();
        }
        sk.lock.defer(2);
        sk.lock.defer(4);
        assertThat(sk.log).isEmpty();
        assertThat(sk.lock.backlogLen()).isPositive();
        sk.lock.unlock();
        assertThat(sk.log).containsExactly("packet 1", "packet 2", "packet 3", "bits 6");
        assertThat(sk.lock.backlogLen()).isZero();
        assertThat(sk.lock.owned()).isFalse();
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    void whatComesWhileTheBacklogIsProcessedIsDoneBeforeTheBits() {
        sk.onReceive =
                () -> {
                    sk.onReceive = () -> {};
                    sk.lock.addBacklog(packet(2), Integer.MAX_VALUE);
                };
        sk.lock.lock();
        sk.lock.addBacklog(packet(1), Integer.MAX_VALUE);
        sk.lock.defer(1);
        sk.lock.unlock();
        assertThat(sk.log).containsExactly("packet 1", "packet 2", "bits 1");
    }

    @Test
    void workForAnUnownedSockIsDoneAtOnce() {
        sk.lock.defer(8);
        assertThat(sk.log).containsExactly("bits 8");
        assertThat(sk.lock.owned()).isFalse();
    }

    @Test
    void flushProcessesTheBacklogAndKeepsTheLock() {
        sk.lock.lock();
        sk.lock.addBacklog(packet(1), Integer.MAX_VALUE);
        sk.lock.flushBacklog();
        assertThat(sk.log).containsExactly("packet 1");
        assertThat(sk.lock.ownedByMe()).isTrue();
        sk.lock.unlock();
        assertThat(sk.log).hasSize(1);
    }

    @Test
    void aFullBacklogRefusesPackets() {
        sk.lock.lock();
        assertThat(sk.lock.addBacklog(packet(1), 100)).isTrue();
        SkBuff refused = packet(2);
        assertThat(sk.lock.addBacklog(refused, 100)).isFalse();
        refused.consume();
        sk.lock.unlock();
        assertThat(sk.log).containsExactly("packet 1");
    }

    @Test
    void lockingTwiceIsAnError() {
        sk.lock.lock();
        assertThatThrownBy(sk.lock::lock).isInstanceOf(AssertionError.class);
        sk.lock.unlock();
    }

    @Test
    void aFailureInTheBacklogDoesNotKeepTheLock() {
        sk.onReceive =
                () -> {
                    throw new IllegalArgumentException("broken");
                };
        sk.lock.lock();
        sk.lock.addBacklog(packet(1), Integer.MAX_VALUE);
        assertThatThrownBy(sk.lock::unlock).hasMessage("broken");
        assertThat(sk.lock.owned()).isFalse();
    }

    /// Users that lock and packets and timers that do not wait, on many threads: every packet and
    /// every note is dealt with, by one thread at a time, and none waits for somebody to come by.
    @Test
    void nothingIsForgotten() throws InterruptedException {
        int each = 20_000;
        long[] guarded = new long[1];
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            threads.add(
                    Thread.ofPlatform()
                            .unstarted(
                                    () -> {
                                        for (int i = 0; i < each; i++) {
                                            sk.lock.lock();
                                            guarded[0]++;
                                            sk.lock.unlock();
                                        }
                                    }));
            threads.add(
                    Thread.ofPlatform()
                            .unstarted(
                                    () -> {
                                        for (int i = 0; i < each; i++) {
                                            softirq(packet(i));
                                            sk.lock.defer(1 << (i & 7));
                                        }
                                    }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(guarded[0]).isEqualTo(2L * each);
        assertThat(sk.packets).isEqualTo(2L * each);
        assertThat(sk.bits).isEqualTo(0xFF);
        assertThat(sk.bitRuns).isPositive();
        assertThat(sk.lock.owned()).isFalse();
        assertThat(pool.outstanding()).isZero();
    }

    /// What a protocol does with a packet: process it if the sock is free, else leave it.
    private void softirq(SkBuff skb) {
        if (sk.lock.tryLock()) {
            sk.backlogRcv(skb);
            sk.lock.unlock();
            return;
        }
        assertThat(sk.lock.addBacklog(skb, Integer.MAX_VALUE)).isTrue();
        if (sk.lock.tryLock()) {
            sk.lock.unlock();
        }
    }
}
