package dev.linnet.wire;

import org.jspecify.annotations.Nullable;

/// One reading of the text of an IPv6 address, as strict as `inet_pton`.
///
/// Functions that can fail return null, or in a few words why the text is not an address.
final class In6Parser {

    private static final int GROUPS = 8;
    private static final int NONE = -1;

    private final CharSequence text;
    private final int[] groups = new int[GROUPS];
    private int count;
    private int groupsBeforeGap = NONE;
    private int pos;

    private In6Parser(CharSequence text) {
        this.text = text;
    }

    /// Reads `text` into `halves[0]` (high) and `halves[1]` (low).
    static @Nullable String parse(CharSequence text, long[] halves) {
        In6Parser parser = new In6Parser(text);
        String reason = parser.readAll();
        if (reason == null) {
            parser.store(halves);
        }
        return reason;
    }

    private @Nullable String readAll() {
        if (text.length() >= 2 && text.charAt(0) == ':' && text.charAt(1) == ':') {
            groupsBeforeGap = 0;
            pos = 2;
        }
        while (pos < text.length()) {
            String reason = readGroup();
            if (reason == null) {
                reason = readSeparator();
            }
            if (reason != null) {
                return reason;
            }
        }
        if (groupsBeforeGap == NONE) {
            return count == GROUPS ? null : "fewer than eight groups and no \"::\"";
        }
        return count < GROUPS ? null : "\"::\" beside eight groups";
    }

    /// Reads one group, or an IPv4 address, which is two and must be the last.
    private @Nullable String readGroup() {
        int start = pos;
        int value = 0;
        while (pos < text.length() && Text.hexDigit(text.charAt(pos)) >= 0) {
            value = value << 4 | Text.hexDigit(text.charAt(pos++));
        }
        if (pos == start) {
            return "unexpected '" + text.charAt(pos) + "'";
        }
        if (pos < text.length() && text.charAt(pos) == '.') {
            return readV4(start);
        }
        if (pos - start > 4) {
            return "group of more than four digits";
        }
        return add(value);
    }

    private @Nullable String readV4(int start) {
        int[] v4 = new int[1];
        String reason = In4Addr.read(text, start, v4);
        pos = text.length();
        if (reason == null) {
            reason = add(v4[0] >>> 16);
        }
        return reason == null ? add(v4[0] & 0xffff) : reason;
    }

    private @Nullable String add(int group) {
        if (count == GROUPS) {
            return "more than eight groups";
        }
        groups[count++] = group;
        return null;
    }

    private @Nullable String readSeparator() {
        if (pos == text.length()) {
            return null;
        }
        if (text.charAt(pos) != ':') {
            return "unexpected '" + text.charAt(pos) + "'";
        }
        pos++;
        if (pos == text.length()) {
            return "single ':' at the end";
        }
        if (text.charAt(pos) == ':') {
            if (groupsBeforeGap != NONE) {
                return "more than one \"::\"";
            }
            groupsBeforeGap = count;
            pos++;
        }
        return null;
    }

    private void store(long[] halves) {
        int head = groupsBeforeGap == NONE ? count : groupsBeforeGap;
        for (int i = 0; i < count; i++) {
            int place = i < head ? i : i + GROUPS - count;
            halves[place >>> 2] |= (long) groups[i] << (48 - 16 * (place & 3));
        }
    }
}
