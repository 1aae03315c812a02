package dev.linnet.net.core.skb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.wire.Checksum;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Operations over packets whose bytes lie in a linear part and several fragments, against plain
/// arrays; and every page finds its way back.
class SkbOpsTest {
    private final SkBuffPool pool = new SkBuffPool();

    @AfterEach
    void nothingIsLeft() {
        assertThat(pool.outstanding()).isZero();
    }

    /// A packet over `bytes`: `inHead` of them linear, the rest in fragments of random sizes.
    private SkBuff packet(byte[] bytes, int inHead, Random random) {
        SkBuff skb;
        if (inHead < 0) {
            skb = SkBuff.allocFragmented(pool, 0);
        } else {
            skb = SkBuff.alloc(pool, 0, 64 + inHead);
            skb.reserve(64);
            System.arraycopy(bytes, 0, skb.buf, skb.put(inHead), inHead);
        }
        int pos = Math.max(inHead, 0);
        while (pos < bytes.length) {
            int n = Math.min(bytes.length - pos, 1 + random.nextInt(200));
            Page page = pool.alloc(0, PagePool.MTU);
            int off = random.nextInt(100);
            System.arraycopy(bytes, pos, page.data, off, n);
            skb.addFrag(page, off, n);
            pos += n;
        }
        return skb;
    }

    private static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] content(SkBuff skb) {
        byte[] bytes = new byte[skb.len];
        SkbOps.copyBits(skb, 0, bytes, 0, skb.len);
        return bytes;
    }

    private static int fragBytes(SkBuff skb) {
        int sum = 0;
        for (int i = 0; i < skb.nrFrags; i++) {
            assertThat(skb.fragLen[i]).isPositive();
            sum += skb.fragLen[i];
        }
        return sum;
    }

    private static void consistent(SkBuff skb) {
        assertThat(skb.dataLen).isEqualTo(fragBytes(skb));
        assertThat(skb.headlen()).isEqualTo(skb.tail - skb.data);
    }

    @Property(tries = 200)
    void copiesAnyRange(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = random(random, random.nextInt(1, 1000));
        SkBuff skb = packet(bytes, random.nextInt(-1, bytes.length), random);
        int from = random.nextInt(bytes.length);
        int count = random.nextInt(bytes.length - from + 1);
        byte[] out = new byte[count + 3];
        SkbOps.copyBits(skb, from, out, 3, count);
        assertThat(Arrays.copyOfRange(out, 3, count + 3))
                .isEqualTo(Arrays.copyOfRange(bytes, from, from + count));
        int sum = SkbOps.checksum(skb, from, count, 0);
        assertThat(Checksum.fold(sum)).isEqualTo(Checksum.of(bytes, from, count));
        skb.consume();
        nothingIsLeft();
    }

    @Property(tries = 200)
    void splitAndCoalesceKeepTheBytes(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = random(random, random.nextInt(2, 1500));
        SkBuff skb = packet(bytes, random.nextInt(-1, bytes.length), random);
        int at = random.nextInt(1, bytes.length);
        SkBuff rest = SkBuff.allocFragmented(pool, 0);
        SkbOps.split(skb, rest, at);
        consistent(skb);
        consistent(rest);
        assertThat(content(skb)).isEqualTo(Arrays.copyOfRange(bytes, 0, at));
        assertThat(content(rest)).isEqualTo(Arrays.copyOfRange(bytes, at, bytes.length));
        assertThat(SkbOps.coalesce(skb, rest, 100)).isTrue();
        assertThat(content(skb)).isEqualTo(bytes);
        assertThat(rest.len).isZero();
        rest.consume();
        skb.consume();
        nothingIsLeft();
    }

    @Property(tries = 200)
    void shiftMovesAPrefix(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] a = random(random, random.nextInt(1, 400));
        byte[] b = random(random, random.nextInt(1, 400));
        SkBuff to = packet(a, -1, random);
        SkBuff from = packet(b, -1, random);
        int truesize = to.truesize + from.truesize;
        int n = random.nextInt(1, b.length + 1);
        int moved = SkbOps.shift(to, from, n);
        if (moved != 0) {
            assertThat(moved).isEqualTo(n);
        }
        byte[] joined = Arrays.copyOf(a, a.length + moved);
        System.arraycopy(b, 0, joined, a.length, moved);
        assertThat(content(to)).isEqualTo(joined);
        assertThat(content(from)).isEqualTo(Arrays.copyOfRange(b, moved, b.length));
        consistent(to);
        consistent(from);
        assertThat(to.truesize + from.truesize).isEqualTo(truesize);
        to.consume();
        from.consume();
        nothingIsLeft();
    }

    @Test
    void shiftRefusesTooManyFragments() {
        Random random = new Random(5);
        SkBuff to = SkBuff.allocFragmented(pool, 0);
        for (int i = 0; i < SkbOps.MAX_FRAGS; i++) {
            to.addFrag(pool.alloc(0, PagePool.MTU), i, 10);
        }
        SkBuff from = packet(random(random, 50), -1, random);
        assertThat(SkbOps.shift(to, from, 50)).isZero();
        assertThat(from.len).isEqualTo(50);
        to.consume();
        from.consume();
    }

    @Property(tries = 200)
    void trimsBothEnds(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = random(random, random.nextInt(2, 1000));
        SkBuff skb = packet(bytes, random.nextInt(-1, bytes.length), random);
        int front = random.nextInt(bytes.length);
        SkbOps.trimHead(skb, front);
        consistent(skb);
        int keep = random.nextInt(bytes.length - front + 1);
        skb.trim(keep);
        consistent(skb);
        assertThat(content(skb)).isEqualTo(Arrays.copyOfRange(bytes, front, front + keep));
        skb.consume();
        nothingIsLeft();
    }

    @Property(tries = 200)
    void pullsBytesIntoTheLinearPart(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = random(random, random.nextInt(1, 1000));
        SkBuff skb = packet(bytes, random.nextInt(bytes.length), random);
        SkBuff clone = skb.clone(0);
        int want = random.nextInt(bytes.length + 1);
        assertThat(clone.mayPull(want)).isTrue();
        assertThat(clone.headlen()).isGreaterThanOrEqualTo(want);
        consistent(clone);
        assertThat(content(clone)).isEqualTo(bytes);
        assertThat(content(skb)).as("the other packet is untouched").isEqualTo(bytes);
        assertThat(clone.mayPull(bytes.length + 1)).isFalse();
        clone.consume();
        skb.consume();
        nothingIsLeft();
    }

    @Test
    void aCloneForTransmissionSharesThePayloadAndHasItsOwnHead() {
        byte[] bytes = random(new Random(1), 500);
        SkBuff skb = packet(bytes, -1, new Random(2));
        SkBuff out = SkbOps.cloneForXmit(skb, 0, 128);
        int at = out.push(20);
        Arrays.fill(out.buf, at, at + 20, (byte) 7);
        assertThat(out.len).isEqualTo(520);
        assertThat(Arrays.copyOfRange(content(out), 20, 520)).isEqualTo(bytes);
        assertThat(out.fragPage[0]).isSameAs(skb.fragPage[0]);
        assertThat(content(skb)).isEqualTo(bytes);
        skb.consume();
        assertThat(Arrays.copyOfRange(content(out), 20, 520)).isEqualTo(bytes);
        out.consume();
    }

    @Test
    void cowGivesASharedHeadABodyOfItsOwn() {
        byte[] bytes = random(new Random(1), 100);
        SkBuff skb = packet(bytes, 60, new Random(2));
        SkBuff clone = skb.clone(0);
        clone.cowHead(0, 100);
        assertThat(clone.buf).isNotSameAs(skb.buf);
        assertThat(clone.headroom()).isGreaterThanOrEqualTo(100);
        clone.buf[clone.data] ^= 1;
        assertThat(content(skb)).isEqualTo(bytes);
        clone.consume();
        byte[] buf = skb.buf;
        skb.cowHead(0, 10);
        assertThat(skb.buf).as("an own head with room stays").isSameAs(buf);
        skb.consume();
    }
}
