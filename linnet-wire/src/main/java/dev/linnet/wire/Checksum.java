package dev.linnet.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The Internet checksum (RFC 1071): the complement of the ones' complement sum of 16-bit
/// big-endian words.
///
/// Two kinds of number appear, as in Linux:
/// - a **wsum** is an `int` holding 32 bits of a ones' complement sum not yet folded nor
///   complemented (Linux's `__wsum`). Wsums of adjoining ranges are combined with [#add] and
///   [#blockAdd]; start with 0.
/// - a **check** is the final 16-bit value as it stands in a header, 0..65535 (Linux's `__sum16`);
///   [#fold] makes it.
///
/// Ones' complement has two zeros. A sum of bytes is 0 only if every byte is 0, otherwise it is a
/// non-zero multiple of 65535; so a range that contains its own correct checksum always folds to 0.
///
/// Nothing allocates; a range outside its array throws [IndexOutOfBoundsException].
public final class Checksum {

    /// What UDP sends for a computed checksum of 0, because 0 means "no checksum" there (RFC 768).
    public static final int MANGLED_0 = 0xffff;

    // The simple loop over this view is what C2 turns into vector code: measured on JDK 25 it is
    // faster than unrolled loops over longs, and big-endian costs nothing over native order.
    private static final VarHandle U32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
                    .withInvokeExactBehavior();

    private static final long LOW_32 = 0xffff_ffffL;

    private Checksum() {}

    /// The sum of `len` bytes from `off`, added to `wsum`. An odd last byte counts as the high half
    /// of a word whose low half is 0, so only the last of several adjoining ranges may be of odd
    /// length; see [#blockAdd].
    public static int partial(byte[] b, int off, int len, int wsum) {
        long sum = wsum & LOW_32;
        int end = off + len;
        int wordsEnd = off + (len & ~3);
        for (int i = off; i < wordsEnd; i += 4) {
            sum += (int) U32.get(b, i) & LOW_32; // at most 2^29 words of 32 bits: no overflow
        }
        int i = wordsEnd;
        if ((len & 2) != 0) {
            sum += Bytes.u16(b, i);
            i += 2;
        }
        if (i < end) {
            sum += Bytes.u8(b, i) << 8;
        }
        return from64(sum);
    }

    /// The check of one range: [#fold] of its [#partial] sum. 0 for a range that contains its
    /// correct checksum.
    public static int of(byte[] b, int off, int len) {
        return fold(partial(b, off, len, 0));
    }

    /// Folds a wsum to 16 bits and complements it: what goes into the header.
    public static int fold(int wsum) {
        return ~fold16(wsum) & 0xffff;
    }

    /// Folds a wsum to 16 bits without complementing it: the seed that checksum offload expects in
    /// the checksum field (the device then adds the rest and complements).
    public static int fold16(int wsum) {
        int sum = (wsum & 0xffff) + (wsum >>> 16);
        return (sum & 0xffff) + (sum >>> 16);
    }

    /// The wsum that a folded, complemented check stands for; the inverse of [#fold].
    public static int unfold(int check) {
        return ~check & 0xffff;
    }

    /// The sum of two wsums with end-around carry.
    public static int add(int wsum, int addend) {
        int sum = wsum + addend;
        return Integer.compareUnsigned(sum, addend) < 0 ? sum + 1 : sum;
    }

    /// Takes a range's wsum out of a sum that contains it. Equal to the sum without it up to the
    /// two zeros.
    public static int sub(int wsum, int subtrahend) {
        return add(wsum, ~subtrahend);
    }

    /// Adds the wsum of a range that starts `offset` bytes into the block that `wsum` is for. At an
    /// odd offset its bytes stand in the other halves of the words, which is a rotation by 8 bits.
    public static int blockAdd(int wsum, int rangeWsum, int offset) {
        return add(wsum, shift(rangeWsum, offset));
    }

    /// Takes out a range that starts `offset` bytes into the block; the inverse of [#blockAdd] up
    /// to the two zeros.
    public static int blockSub(int wsum, int rangeWsum, int offset) {
        return sub(wsum, shift(rangeWsum, offset));
    }

    private static int shift(int wsum, int offset) {
        return (offset & 1) == 0 ? wsum : Integer.rotateRight(wsum, 8);
    }

    /// The wsum of TCP's and UDP's pseudo header over IPv4 (RFC 9293 section 3.1, RFC 768), added
    /// to `wsum`.
    ///
    /// @param saddr source address, raw bits
    /// @param daddr destination address, raw bits
    /// @param len bytes of transport header and data, 0..65535 for real packets; GSO packets pass
    ///     their whole length
    public static int pseudoV4(int saddr, int daddr, int len, int protocol, int wsum) {
        return from64((wsum & LOW_32) + (saddr & LOW_32) + (daddr & LOW_32) + len + protocol);
    }

    /// The wsum of the pseudo header over IPv6 (RFC 8200 section 8.1), added to `wsum`. Addresses
    /// come as two halves, `protocol` is the upper-layer protocol, not the first extension header.
    public static int pseudoV6(
            long saddrHi,
            long saddrLo,
            long daddrHi,
            long daddrLo,
            int len,
            int protocol,
            int wsum) {
        long sum = (wsum & LOW_32) + (len & LOW_32) + protocol;
        sum += halves(saddrHi) + halves(saddrLo);
        sum += halves(daddrHi) + halves(daddrLo);
        return from64(sum);
    }

    private static long halves(long v) {
        return (v >>> 32) + (v & LOW_32);
    }

    /// The check of a transport header and its data, `len` bytes from `off`, with the IPv4 pseudo
    /// header. To fill a checksum field set it to 0 first; to verify, leave it: 0 means correct.
    public static int transportV4(byte[] b, int off, int len, int saddr, int daddr, int protocol) {
        return fold(partial(b, off, len, pseudoV4(saddr, daddr, len, protocol, 0)));
    }

    /// As [#transportV4], with the IPv6 pseudo header.
    public static int transportV6(
            byte[] b,
            int off,
            int len,
            long saddrHi,
            long saddrLo,
            long daddrHi,
            long daddrLo,
            int protocol) {
        int seed = pseudoV6(saddrHi, saddrLo, daddrHi, daddrLo, len, protocol, 0);
        return fold(partial(b, off, len, seed));
    }

    /// The new check after a 16-bit word it covers changed (RFC 1624, equation 3: `HC' = ~(~HC + ~m
    /// + m')`).
    public static int replace2(int check, int from, int to) {
        return fold((~check & 0xffff) + (~from & 0xffff) + (to & 0xffff));
    }

    /// The new check after an aligned 32-bit field it covers changed.
    public static int replace4(int check, int from, int to) {
        return fold(add(add(unfold(check), ~from), to));
    }

    /// The new check after covered bytes changed whose wsums were `from` and are now `to`; for an
    /// IPv6 address, say.
    public static int replaceByDiff(int check, int from, int to) {
        return fold(add(sub(unfold(check), from), to));
    }

    private static int from64(long sum) {
        sum = (sum & LOW_32) + (sum >>> 32);
        return (int) ((sum & LOW_32) + (sum >>> 32));
    }
}
