package dev.linnet.wire;

import org.jspecify.annotations.Nullable;

/// Digits: what the address parsers and the printers share.
final class Text {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Text() {}

    /// Turns the reason why `text` could not be read into the exception that callers of a `parse`
    /// see.
    ///
    /// @throws IllegalArgumentException unless `reason` is null
    static void require(String what, CharSequence text, @Nullable String reason) {
        if (reason != null) {
            throw new IllegalArgumentException(
                    "not an " + what + ": \"" + text + "\" (" + reason + ")");
        }
    }

    /// The value of a hexadecimal digit in ASCII, or -1.
    static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /// Whether `c` is an ASCII decimal digit.
    static boolean isDecimal(char c) {
        return c >= '0' && c <= '9';
    }

    /// Appends the low byte of `value` as two digits.
    static void hex2(StringBuilder sb, int value) {
        sb.append(HEX[value >>> 4 & 0xf]).append(HEX[value & 0xf]);
    }

    /// Appends the low 16 bits of `value` as four digits.
    static void hex4(StringBuilder sb, int value) {
        hex2(sb, value >>> 8);
        hex2(sb, value);
    }

    /// Appends `len` bytes as pairs of digits.
    static void hex(StringBuilder sb, byte[] b, int off, int len) {
        for (int i = off; i < off + len; i++) {
            hex2(sb, b[i]);
        }
    }

    /// Appends what the printers say of a header that a `checkHeader` refused: `[|name]` if it is
    /// cut off, else `[name: reason]`.
    static StringBuilder malformed(StringBuilder sb, String name, int reason) {
        if (reason == Malformed.HEADER_TRUNCATED) {
            return sb.append("[|").append(name).append(']');
        }
        return sb.append('[').append(name).append(": ").append(Malformed.text(reason)).append(']');
    }
}
