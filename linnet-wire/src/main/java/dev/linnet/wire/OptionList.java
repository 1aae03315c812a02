package dev.linnet.wire;

/// The list format that the options of IPv4 and of TCP share (RFC 791 section 3.1, RFC 9293 section
/// 3.1): each option starts with a kind; kind 0 ends the list, kind 1 is a single byte of padding,
/// every other kind is followed by a length byte that counts itself, the kind and the data.
///
/// A list is walked with a cursor, an offset into the array:
///
/// ```java
/// int p = OptionList.first(b, start, end);
/// for (; p >= 0; p = OptionList.next(b, p, end)) {
///     switch (OptionList.kind(b, p)) { … }
/// }
/// ```
///
/// The walk yields paddings too. It stops with a negative cursor: [#END] where the list ends
/// properly, any other value where an option's length is below 2 or runs past `end`; then
/// [#brokenAt] tells where. Linux's TCP takes both for the end, its IPv4 answers the second with an
/// ICMP parameter problem. Everything before the stop has been yielded, and the bytes of every
/// option that is yielded lie before `end`.
public final class OptionList {

    /// Kind of the option that ends the list.
    public static final int EOL = 0;

    /// Kind of the one-byte padding.
    public static final int NOP = 1;

    /// The cursor behind the last option.
    public static final int END = Integer.MIN_VALUE;

    private OptionList() {}

    /// The first option of the list in `[start, end)`.
    public static int first(byte[] b, int start, int end) {
        if (start >= end) {
            return END;
        }
        int kind = kind(b, start);
        if (kind == EOL) {
            return END;
        }
        if (kind == NOP) {
            return start;
        }
        if (end - start < 2) {
            return ~start;
        }
        int bytes = Bytes.u8(b, start + 1);
        return bytes < 2 || bytes > end - start ? ~start : start;
    }

    /// The option after the one at `p`, which this walk has yielded.
    public static int next(byte[] b, int p, int end) {
        return first(b, p + bytes(b, p), end);
    }

    /// Which option it is, 0..255.
    public static int kind(byte[] b, int p) {
        return Bytes.u8(b, p);
    }

    /// Bytes of the whole option: 1 for a padding, else its length byte.
    public static int bytes(byte[] b, int p) {
        return kind(b, p) == NOP ? 1 : Bytes.u8(b, p + 1);
    }

    /// Where the list breaks if a walk stopped at `cursor` before its end, otherwise -1.
    public static int brokenAt(int cursor) {
        return cursor >= 0 || cursor == END ? -1 : ~cursor;
    }
}
