package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.Kernel;

/// Reads the numbers of a text that was written to a knob, with the kernel's idea of a number: decimal,
/// hexadecimal after `0x`, octal after `0`, at most 20 characters, ended by a blank.
final class ProcNumbers {
    /// The largest number of characters, the sign included, that is still a number.
    private static final int MAX_CHARS = 20;

    private final String text;
    private int at;
    private boolean negative;
    private long magnitude;
    private char delimiter;

    ProcNumbers(String text) {
        this.text = text;
    }

    boolean negative() {
        return negative;
    }

    /// The absolute value, to be read as unsigned.
    long magnitude() {
        return magnitude;
    }

    /// The character that ended the last number, unchanged if the text ended there.
    char delimiter() {
        return delimiter;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    @Kernel("proc_skip_spaces")
    void skipSpaces() {
        while (!atEnd() && (text.charAt(at) == ' ' || isControlSpace(text.charAt(at)))) {
            at++;
        }
    }

    private static boolean isControlSpace(char c) {
        return c >= '\t' && c <= '\r';
    }

    void skipAll(char c) {
        while (!atEnd() && text.charAt(at) == c) {
            at++;
        }
    }

    /// Skips the character that ended a number.
    void skipDelimiter() {
        if (!atEnd()) {
            at++;
        }
    }

    /// Reads the next number, which the text or one of `delimiters` must end. False if there is
    /// none.
    @Kernel("proc_get_long")
    boolean next(String delimiters) {
        int start = at;
        negative = text.startsWith("-", at) && at + 1 < text.length();
        int p = negative ? at + 1 : at;
        if (p >= text.length() || digit(p, 10) < 0) {
            return false;
        }
        int radix = 10;
        if (text.charAt(p) == '0') {
            boolean hex = p + 2 < text.length() && (text.charAt(p + 1) | 0x20) == 'x';
            radix = hex && digit(p + 2, 16) >= 0 ? 16 : 8;
            p += radix == 16 ? 2 : 0;
        }
        magnitude = 0;
        for (int d = digit(p, radix); d >= 0; d = ++p < text.length() ? digit(p, radix) : -1) {
            long max = Long.divideUnsigned(-1L - d, radix);
            if (Long.compareUnsigned(magnitude, max) > 0 || p - start >= MAX_CHARS) {
                return false;
            }
            magnitude = magnitude * radix + d;
        }
        at = p;
        if (atEnd()) {
            return true;
        }
        delimiter = text.charAt(p);
        return delimiters.indexOf(delimiter) >= 0;
    }

    private int digit(int p, int radix) {
        char c = text.charAt(p);
        return c < 0x80 ? Character.digit(c, radix) : -1;
    }
}
