package dev.linnet.net.core;

import dev.linnet.kernel.HotPath;
import dev.linnet.wire.In6Addr;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Address prefixes with a value each, looked up by longest match: a path-compressed binary tree
/// (Linux's `fib_trie`, `fib6`). Keys are 128 bits, IPv4 prefixes stand under `::ffff:0:0/96`.
///
/// The tree is immutable; a change builds new nodes down to the prefix and then moves the root, so
/// look-ups take no lock and see the state before or after it. Changes are made one at a time.
public final class PrefixTrie<V> {
    private record Node<V>(
            long hi,
            long lo,
            int plen,
            @Nullable V value,
            @Nullable Node<V> zero,
            @Nullable Node<V> one) {
        Node<V> withValue(@Nullable V v) {
            return new Node<>(hi, lo, plen, v, zero, one);
        }

        Node<V> withChild(boolean bit, @Nullable Node<V> child) {
            return bit
                    ? new Node<>(hi, lo, plen, value, zero, child)
                    : new Node<>(hi, lo, plen, value, child, one);
        }
    }

    private volatile @Nullable Node<V> root;

    /// The value of the longest prefix that covers the address and that `accepts`, or null.
    @HotPath
    public @Nullable V lookup(long hi, long lo, Predicate<V> accepts) {
        V best = null;
        Node<V> n = root;
        while (n != null && In6Addr.prefixEqual(n.hi, n.lo, hi, lo, n.plen)) {
            V v = n.value;
            if (v != null && accepts.test(v)) {
                best = v;
            }
            n = n.plen == 128 ? null : bit(hi, lo, n.plen) ? n.one : n.zero;
        }
        return best;
    }

    /// The value of exactly this prefix, or null.
    public @Nullable V get(long hi, long lo, int plen) {
        Node<V> n = root;
        while (n != null && n.plen <= plen && In6Addr.prefixEqual(n.hi, n.lo, hi, lo, n.plen)) {
            if (n.plen == plen) {
                return n.value;
            }
            n = bit(hi, lo, n.plen) ? n.one : n.zero;
        }
        return null;
    }

    /// Changes the value of a prefix: `change` gets the present one or null and gives the new one, or
    /// null to remove the prefix.
    public synchronized void update(long hi, long lo, int plen, UnaryOperator<@Nullable V> change) {
        long keyHi = hi & In6Addr.maskHi(plen);
        long keyLo = lo & In6Addr.maskLo(plen);
        root = update(root, keyHi, keyLo, plen, change);
    }

    private static <V> @Nullable Node<V> update(
            @Nullable Node<V> n, long hi, long lo, int plen, UnaryOperator<@Nullable V> change) {
        if (n == null) {
            V v = change.apply(null);
            return v == null ? null : new Node<>(hi, lo, plen, v, null, null);
        }
        int common = Math.min(commonBits(n.hi, n.lo, hi, lo), Math.min(n.plen, plen));
        if (common < n.plen) {
            return fork(n, hi, lo, plen, common, change);
        }
        if (n.plen == plen) {
            return prune(n.withValue(change.apply(n.value)));
        }
        boolean bit = bit(hi, lo, n.plen);
        Node<V> child = update(bit ? n.one : n.zero, hi, lo, plen, change);
        return prune(n.withChild(bit, child));
    }

    /// The new prefix parts from the path to `n` at `common` bits.
    private static <V> Node<V> fork(
            Node<V> n, long hi, long lo, int plen, int common, UnaryOperator<@Nullable V> change) {
        V v = change.apply(null);
        if (v == null) {
            return n;
        }
        if (common == plen) {
            Node<V> parent = new Node<>(hi, lo, plen, v, null, null);
            return parent.withChild(bit(n.hi, n.lo, plen), n);
        }
        long mhi = hi & In6Addr.maskHi(common);
        long mlo = lo & In6Addr.maskLo(common);
        Node<V> leaf = new Node<>(hi, lo, plen, v, null, null);
        return new Node<V>(mhi, mlo, common, null, null, null)
                .withChild(bit(hi, lo, common), leaf)
                .withChild(bit(n.hi, n.lo, common), n);
    }

    /// A node without a value is needed only where two children part.
    private static <V> @Nullable Node<V> prune(Node<V> n) {
        if (n.value != null || (n.zero != null && n.one != null)) {
            return n;
        }
        return n.zero != null ? n.zero : n.one;
    }

    /// Shows every prefix, shorter ones before those that they cover.
    public void forEach(BiConsumer<Prefix, V> action) {
        walk(root, action);
    }

    private static <V> void walk(@Nullable Node<V> n, BiConsumer<Prefix, V> action) {
        if (n == null) {
            return;
        }
        if (n.value != null) {
            action.accept(new Prefix(n.hi, n.lo, n.plen), n.value);
        }
        walk(n.zero, action);
        walk(n.one, action);
    }

    /// An address prefix of `plen` bits of 128.
    public record Prefix(long hi, long lo, int plen) {}

    private static boolean bit(long hi, long lo, int index) {
        return index < 64 ? (hi << index) < 0 : (lo << (index - 64)) < 0;
    }

    private static int commonBits(long aHi, long aLo, long bHi, long bLo) {
        long x = aHi ^ bHi;
        return x != 0 ? Long.numberOfLeadingZeros(x) : 64 + Long.numberOfLeadingZeros(aLo ^ bLo);
    }
}
