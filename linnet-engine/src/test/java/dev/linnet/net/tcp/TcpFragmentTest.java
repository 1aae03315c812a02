package dev.linnet.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbRbTree;
import dev.linnet.net.core.skb.TcpSkbCb;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Tcp;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Cutting and joining segments of the send queues, and what is counted of them.
class TcpFragmentTest {
    private static final int MSS = 1000;

    private final TestNet net = new TestNet();
    private final TcpSock tp = net.sock();

    @BeforeEach
    void aConnectionThatSends() {
        tp.sndbuf = 1 << 20;
        tp.writeSeq = 100;
        tp.sndUna = 100;
        tp.sndNxt = 100;
    }

    /// A segment of `len` bytes at the end of the write queue, as `sendmsg` leaves it.
    private SkBuff written(int len) {
        SkBuff skb = SkBuff.allocFragmented(net.pool, 0);
        TcpOutput.entail(tp, skb);
        int left = len;
        while (left > 0) {
            int n = Math.min(left, PagePool.sizeOf(PagePool.FRAG));
            Page page = net.pool.alloc(0, PagePool.FRAG);
            skb.addFrag(page, 0, n);
            TcpWriteQueue.wmemQueuedAdd(tp, n);
            left -= n;
        }
        tp.writeSeq = tp.writeSeq + len;
        skb.cb.endSeq += len;
        TcpTso.setSkbTsoSegs(skb, MSS);
        return skb;
    }

    /// The same, sent.
    private SkBuff sent(int len) {
        SkBuff skb = written(len);
        tp.writeQueue.unlink(skb);
        TcpRtxQueue.insert(tp, skb);
        TcpRtxQueue.tsortedAddTail(tp, skb);
        tp.sndNxt = tp.writeSeq;
        tp.packetsOut += skb.cb.gsoSegs;
        return skb;
    }

    private void wmemIsWhatTheQueuesHold() {
        int sum = 0;
        for (SkBuff skb = tp.writeQueue.peek(); skb != null; skb = skb.next) {
            sum += skb.truesize;
        }
        for (SkBuff skb = tp.rtxQueue.first(); skb != null; skb = SkbRbTree.next(skb)) {
            sum += skb.truesize;
        }
        assertThat(tp.wmemQueued).isEqualTo(sum);
    }

    private void everythingEnds() {
        TcpWriteQueue.purge(tp);
        assertThat(tp.wmemQueued).isZero();
        assertThat(net.pool.outstanding()).isZero();
    }

    @Property(tries = 300)
    void aCutSegmentIsTwoThatFollowEachOther(
            @ForAll @IntRange(min = 2, max = 60_000) int len,
            @ForAll @IntRange(max = 59_999) int cutAt) {
        aConnectionThatSends();
        int cut = 1 + cutAt % (len - 1);
        SkBuff skb = sent(len);
        skb.cb.tcpFlags |= Tcp.PSH;
        skb.cb.sacked = TcpSkbCb.LOST;
        tp.lostOut = skb.cb.gsoSegs;
        assertThat(TcpFragment.fragment(tp, true, skb, cut, MSS)).isZero();
        SkBuff rest = SkbRbTree.next(skb);
        assertThat(skb.len).isEqualTo(cut);
        assertThat(rest.len).isEqualTo(len - cut);
        assertThat(skb.cb.endSeq).isEqualTo(rest.cb.seq).isEqualTo(100 + cut);
        assertThat(rest.cb.endSeq).isEqualTo(100 + len);
        assertThat(skb.cb.tcpFlags).isEqualTo(Tcp.ACK);
        assertThat(rest.cb.tcpFlags).isEqualTo(Tcp.ACK | Tcp.PSH);
        assertThat(rest.cb.sacked).isEqualTo(TcpSkbCb.LOST);
        assertThat(skb.tsNext).isSameAs(rest);
        int segs = skb.cb.gsoSegs + rest.cb.gsoSegs;
        assertThat(tp.packetsOut).isEqualTo(segs);
        assertThat(tp.lostOut).isEqualTo(segs);
        wmemIsWhatTheQueuesHold();
        tp.lostOut = 0;
        everythingEnds();
    }

    @Test
    void theRecordsEndAndTheTimestampBelongToTheSecondHalf() {
        SkBuff skb = written(2000);
        skb.cb.eor = true;
        skb.txFlags = 1;
        skb.tskey = 100 + 1999;
        TcpFragment.tsoFragment(tp, skb, 1000, MSS);
        SkBuff rest = skb.next;
        assertThat(skb.cb.eor).isFalse();
        assertThat(rest.cb.eor).isTrue();
        assertThat(skb.txFlags).isZero();
        assertThat(rest.tskey).isEqualTo(100 + 1999);
        everythingEnds();
    }

    @Test
    void aTimestampOfTheFirstHalfStaysThere() {
        SkBuff skb = written(2000);
        skb.txFlags = 1;
        skb.tskey = 100 + 500;
        TcpFragment.tsoFragment(tp, skb, 1000, MSS);
        assertThat(skb.txFlags).isEqualTo(1);
        assertThat(skb.next.txFlags).isZero();
        everythingEnds();
    }

    @Test
    void cuttingStopsWhenItWastesTooMuchMemory() {
        SkBuff first = sent(3000);
        SkBuff middle = sent(3000);
        SkBuff last = sent(3000);
        int real = tp.wmemQueued;
        tp.wmemQueued = Integer.MAX_VALUE;
        assertThat(TcpFragment.fragment(tp, true, middle, 1000, MSS)).isEqualTo(-Errno.ENOMEM);
        tp.wmemQueued = real;
        assertThat(TcpFragment.fragment(tp, true, middle, 1000, MSS)).isZero();
        assertThat(TcpFragment.fragment(tp, true, first, 1000, MSS)).isZero();
        assertThat(TcpFragment.fragment(tp, true, last, 1000, MSS)).isZero();
        everythingEnds();
    }

    @Test
    void acknowledgedBytesGoFromTheFront() {
        SkBuff skb = sent(3500);
        TcpFragment.trimHead(tp, skb, 2200);
        assertThat(skb.len).isEqualTo(1300);
        assertThat(skb.cb.seq).isEqualTo(100 + 2200);
        assertThat(skb.cb.gsoSegs).isEqualTo(2);
        wmemIsWhatTheQueuesHold();
        everythingEnds();
    }

    @Test
    void anUnsentPacketGrowsByTheOneBehindIt() {
        SkBuff skb = written(500);
        SkBuff next = written(800);
        next.cb.tcpFlags |= Tcp.PSH;
        TcpTso.grow(tp, skb, 300);
        assertThat(skb.len).isEqualTo(800);
        assertThat(next.len).isEqualTo(500);
        assertThat(next.cb.seq).isEqualTo(skb.cb.endSeq).isEqualTo(900);
        assertThat(skb.cb.tcpFlags & Tcp.PSH).isZero();
        TcpTso.grow(tp, skb, 10_000);
        assertThat(skb.len).isEqualTo(1300);
        assertThat(skb.cb.tcpFlags & Tcp.PSH).isNotZero();
        assertThat(tp.writeQueue.qlen()).isEqualTo(1);
        wmemIsWhatTheQueuesHold();
        everythingEnds();
    }

    @Test
    void aPacketDoesNotGrowOverTheEndOfARecord() {
        SkBuff skb = written(500);
        written(800);
        skb.cb.eor = true;
        TcpTso.grow(tp, skb, 300);
        assertThat(skb.len).isEqualTo(500);
        everythingEnds();
    }
}
